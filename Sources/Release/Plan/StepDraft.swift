import Yams

/// A step as the document says it, before dates that follow from others are known.
struct StepDraft {
    var step: PlanStep
    var line: Int
    var start: PlanDate?
    var end: PlanDate?
    var days: Int?
    var after: [PlanStep] = []
    var inputs: (from: PlanDate?, through: PlanDate?, line: Int)?

    init(_ node: Node, _ step: PlanStep, line: Int, release: String, _ reader: PlanReader) throws {
        self.step = step
        self.line = line
        let what = "\(step.rawValue) of \(release)"
        let keys = step.isMoment ? ["date", "after"] : ["start", "end", "days", "after"] + (step.hasInputs ? ["inputs"] : [])
        let given = try reader.mapping(node, keys: keys, of: what)
        if let date = given["date"] {
            start = try reader.date(date, "date of \(what)")
            end = start
        } else if step.isMoment {
            throw reader.refusal(line, "\(what) has no date")
        }
        if let node = given["start"] { start = try reader.date(node, "start of \(what)") }
        if let node = given["end"] { end = try reader.date(node, "end of \(what)") }
        if let node = given["days"] { days = try reader.days(node, "days of \(what)") }
        if let node = given["after"] { after = try Self.steps(node, what, reader) }
        if let node = given["inputs"] {
            let span = try reader.mapping(node, keys: ["from", "through"], of: "inputs of \(what)")
            inputs = (
                try span["from"].map { try reader.date($0, "from in the inputs of \(what)") },
                try span["through"].map { try reader.date($0, "through in the inputs of \(what)") }, reader.line(node) ?? line
            )
        }
    }

    private static func steps(_ node: Node, _ what: String, _ reader: PlanReader) throws -> [PlanStep] {
        guard let entries = node.sequence else { throw reader.refusal(node, "after of \(what) must be a list of steps") }
        return try entries.map { entry in
            guard let step = entry.scalar.flatMap({ PlanStep(rawValue: $0.string) }) else {
                throw reader.refusal(
                    entry,
                    "\(what) comes after \(entry.scalar?.string ?? "something"), which is no step: known are "
                        + PlanStep.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return step
        }
    }

    /// Dates of all steps, with those that follow from others.
    static func resolve(_ drafts: [PlanStep: StepDraft], release: String, _ reader: PlanReader) throws -> [PlanStep: PlannedStep] {
        var out: [PlanStep: PlannedStep] = [:]
        for step in try order(drafts, release: release, reader) {
            let draft = drafts[step]!
            let (start, end) = try draft.dates(draft.after.map { out[$0]!.end }.max(), release: release, reader)
            var planned = PlannedStep(
                step: step, start: start, end: end, after: draft.after, needs: step.needs(among: Set(drafts.keys)), inputs: nil,
                line: draft.line)
            if step.hasInputs {
                let cutoff = drafts[.inputCutoff]!.start!
                planned.inputs = PlannedInputs(
                    from: draft.inputs?.from ?? (step == .catchUp ? cutoff : nil),
                    through: draft.inputs?.through ?? (step == .catchUp ? end : cutoff), line: draft.inputs?.line ?? draft.line)
            }
            out[step] = planned
        }
        return out
    }

    private func dates(_ ready: PlanDate?, release: String, _ reader: PlanReader) throws -> (PlanDate, PlanDate) {
        let what = "\(step.rawValue) of \(release)"
        switch (start, end, days) {
        case (let start?, let end?, let days):
            if end < start { throw reader.refusal(line, "\(what) ends on \(end), before it starts on \(start)") }
            if let days, end - start != days {
                throw reader.refusal(
                    line, "\(what) has \(days) days, and \(end - start) from \(start) to \(end): leave one of the three out")
            }
            return (start, end)
        case (let start?, nil, let days?): return (start, start + days)
        case (nil, let end?, let days?): return (end + -days, end)
        case (nil, let end?, nil):
            guard let ready else { break }
            if end < ready { throw reader.refusal(line, "\(what) ends on \(end), before what it comes after is complete on \(ready)") }
            return (ready, end)
        case (nil, nil, let days?):
            guard let ready else { break }
            return (ready, ready + days)
        default: break
        }
        throw reader.refusal(line, "\(what) has no dates: give two of start, end and days, or days and what it comes after")
    }

    /// Steps so that each stands behind what it comes after.
    private static func order(_ drafts: [PlanStep: StepDraft], release: String, _ reader: PlanReader) throws -> [PlanStep] {
        var out: [PlanStep] = []
        var path: [PlanStep] = []
        func visit(_ step: PlanStep) throws {
            if out.contains(step) { return }
            if let first = path.firstIndex(of: step) {
                let names = (path[first...] + [step]).map(\.rawValue).joined(separator: " after ")
                throw reader.refusal(drafts[step]!.line, "the steps of \(release) depend on each other in a circle: \(names)")
            }
            path.append(step)
            for earlier in drafts[step]!.after {
                guard drafts[earlier] != nil else {
                    throw reader.refusal(
                        drafts[step]!.line,
                        "\(step.rawValue) of \(release) comes after \(earlier.rawValue), a step that the release has not")
                }
                try visit(earlier)
            }
            path.removeLast()
            out.append(step)
        }
        for step in PlanStep.allCases where drafts[step] != nil { try visit(step) }
        return out
    }
}
