import Columns

/// Where releases stand against their plan on a day: what was, and what is to be expected from it.
public struct PlanStanding: Sendable, Equatable {
    public struct Row: Sendable, Equatable {
        public var release: String
        /// What the release replaces, in words; nil for everything.
        public var piece: String?
        public var planned: PlannedStep
        public var state: StepStates.Kind
        /// What was, or what is projected from it.
        public var start: PlanDate
        public var end: PlanDate
        public var isStartMeasured: Bool
        public var isEndMeasured: Bool
        /// Days by which the end is later than planned; negative where it is earlier.
        public var lateDays: Int { end - planned.end }
        /// Waiting, with everything that it comes after done.
        public var isReady: Bool
    }

    public let today: PlanDate
    /// By release, then step, in the order of the plan.
    public let rows: [Row]

    /// A step that runs takes as long as planned, from its start, and at least until today; one that failed begins anew today; one that
    /// waits begins when planned, when all that it comes after is complete, or today, whichever is latest. Moments are as steps of no
    /// length. The catch-up lasts until the replacement.
    public init(_ plan: ReleasePlan, states: StepStates, today: PlanDate) {
        self.today = today
        rows = plan.releases.flatMap { Self.rows($0, states, today) }
    }

    private static func rows(_ release: PlannedRelease, _ states: StepStates, _ today: PlanDate) -> [Row] {
        var found: [PlanStep: Row] = [:]
        func row(_ step: PlanStep) -> Row {
            if let row = found[step] { return row }
            let planned = release[step]
            let earlier = planned.predecessors.map(row)
            let state = states[release.name, step]
            var out = Row(
                release: release.name, piece: release.piece?.label, planned: planned, state: state.kind, start: planned.start,
                end: planned.end, isStartMeasured: false,
                isEndMeasured: false, isReady: state.kind == .waiting && earlier.allSatisfy { $0.state == .done })
            switch state.kind {
            case .done:
                out.end = state.finished ?? planned.end
                out.start = state.started ?? out.end
                (out.isStartMeasured, out.isEndMeasured) = (true, true)
            case .running:
                out.start = state.started ?? today
                out.end = max(today, out.start + planned.days)
                out.isStartMeasured = true
            case .failed:
                out.start = state.started ?? today
                out.end = today + planned.days
                out.isStartMeasured = true
            case .waiting:
                out.start = ([planned.start, today] + earlier.map(\.end)).max()!
                // The catch-up is done when its last visit is, whose day its late start does not move.
                out.end = step == .catchUp ? max(planned.end, out.start) : out.start + planned.days
            }
            found[step] = out
            return out
        }
        for step in release.steps { _ = row(step.step) }
        if var catchUp = found[.catchUp], !catchUp.isEndMeasured, let replacement = found[.replacement] {
            catchUp.end = max(catchUp.end, replacement.start)
            found[.catchUp] = catchUp
        }
        return release.steps.map { found[$0.step]! }
    }

    public subscript(release: String, step: PlanStep) -> Row? { rows.first { $0.release == release && $0.planned.step == step } }

    /// A row a step: planned dates and days, the state, dates that were or are projected, and days late.
    public var table: Table {
        func text(_ name: String, _ value: (Row) -> String) -> Column { Column(name, .string(.init(rows.map(value)))) }
        return Table([
            text("release", \.release), text("step") { $0.planned.step.rawValue }, text("plannedStart") { $0.planned.start.description },
            text("plannedEnd") { $0.planned.end.description }, Column("days", .int32(rows.map { Int32($0.planned.days) })),
            text("state") { $0.isReady ? "ready" : $0.state.rawValue }, text("start") { $0.start.description },
            text("end") { $0.end.description },
            text("basis") { $0.isEndMeasured ? "measured" : $0.isStartMeasured ? "start measured, end projected" : "projected" },
            Column("lateDays", .int32(rows.map { Int32($0.lateDays) })),
            text("after") { $0.planned.predecessors.map(\.rawValue).joined(separator: " ") },
        ])
    }
}
