/// What a person or the program knows of the steps of running releases, from a YAML document.
///
///     DR2:
///       inputCutoff: {state: done, finished: 2027-01-15}
///       templateGeneration: {state: running, started: 2027-01-22}
///
/// Steps that it does not name are waiting.
public struct StepStates: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        case waiting, running, done, failed
    }

    public struct State: Sendable, Equatable {
        public var kind: Kind
        public var started: PlanDate?
        public var finished: PlanDate?

        public init(_ kind: Kind, started: PlanDate? = nil, finished: PlanDate? = nil) {
            self.kind = kind
            self.started = started
            self.finished = finished
        }
    }

    private var states: [String: [PlanStep: State]] = [:]

    /// Nothing has begun.
    public init() {}

    public subscript(release: String, step: PlanStep) -> State {
        get { states[release]?[step] ?? State(.waiting) }
        set { states[release, default: [:]][step] = newValue }
    }

    /// - Throws: `ReleaseError.plan` naming the line: releases and steps that the plan does not have, unknown keys, states without the
    ///   dates
    ///   that they need or with dates after `today`, steps that began before what they need was done.
    public init(yaml: String, name: String, plan: ReleasePlan, today: PlanDate) throws {
        let reader = PlanReader(document: name)
        let root = try reader.root(yaml)
        let releases = try reader.mapping(root, keys: plan.releases.map(\.name), of: "the plan")
        for release in plan.releases {
            guard let node = releases[release.name] else { continue }
            let steps = try reader.mapping(node, keys: release.steps.map(\.step.rawValue), of: release.name)
            for step in PlanStep.allCases {
                guard let entry = steps[step.rawValue] else { continue }
                let what = "\(step.rawValue) of \(release.name)"
                let keys = try reader.mapping(entry, keys: ["state", "started", "finished"], of: what)
                guard let kind = keys["state"]?.scalar.flatMap({ Kind(rawValue: $0.string) }) else {
                    throw reader.refusal(
                        keys["state"] ?? entry, "the state of \(what) must be \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                let state = State(
                    kind, started: try keys["started"].map { try reader.date($0, "started of \(what)") },
                    finished: try keys["finished"].map { try reader.date($0, "finished of \(what)") })
                if let reason = Self.contradiction(state, step, today) { throw reader.refusal(entry, "\(what) \(reason)") }
                self[release.name, step] = state
            }
            for step in release.steps where self[release.name, step.step].kind != .waiting {
                if let open = step.predecessors.first(where: { self[release.name, $0].kind != .done }) {
                    throw reader.refusal(
                        steps[step.step.rawValue]!,
                        "\(step.step.rawValue) of \(release.name) is \(self[release.name, step.step].kind.rawValue), but "
                            + "\(open.rawValue), which it comes after, is \(self[release.name, open].kind.rawValue)")
                }
            }
        }
    }

    private static func contradiction(_ state: State, _ step: PlanStep, _ today: PlanDate) -> String? {
        if let late = [state.started, state.finished].compactMap({ $0 }).first(where: { $0 > today }) {
            return "has the date \(late), which is after today, \(today)"
        }
        switch state.kind {
        case .waiting: return state.started == nil && state.finished == nil ? nil : "is waiting, but has a date"
        case .running, .failed:
            if state.started == nil { return "is \(state.kind.rawValue), but does not say when it started" }
            return state.finished == nil ? nil : "is \(state.kind.rawValue), but has a date on which it finished"
        case .done:
            guard let finished = state.finished else { return "is done, but does not say when it finished" }
            if let started = state.started, finished < started { return "finished on \(finished), before it started on \(started)" }
            return state.started != nil || step.isMoment ? nil : "is done, but does not say when it started"
        }
    }
}
