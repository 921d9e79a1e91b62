/// What must hold between the dates of a release, and between releases.
struct PlanCheck {
    let release: PlannedRelease
    let reader: PlanReader

    init(_ release: PlannedRelease, _ reader: PlanReader) {
        self.release = release
        self.reader = reader
    }

    func run() throws {
        for step in release.steps { try order(step) }
        try inputs()
    }

    /// No step begins before what it comes after is complete; the catch-up alone runs while others do, until the replacement.
    private func order(_ step: PlannedStep) throws {
        for earlier in step.predecessors.map({ release[$0] }) where step.start < earlier.end {
            let isOwn = step.after.contains(earlier.step)
            throw reader.refusal(
                step.line,
                "\(step.step.rawValue) of \(release.name) begins on \(step.start), before \(earlier.step.rawValue) is complete on "
                    + "\(earlier.end) (line \(earlier.line)): \(isOwn ? "it says that it comes after it" : "it needs it")")
        }
    }

    /// The visits up to the replacement are inputs, without gap, of steps that last until these visits are there.
    private func inputs() throws {
        let (reprocessing, catchUp) = (release[.level1Reprocessing], release[.catchUp])
        let (cutoff, replacement) = (release[.inputCutoff].start, release[.replacement].start)
        guard let first = reprocessing.inputs, let second = catchUp.inputs else { return }
        for (step, inputs) in [(reprocessing, first), (catchUp, second)] {
            if let from = inputs.from, inputs.through < from {
                throw reader.refusal(
                    inputs.line, "the inputs of \(step.step.rawValue) of \(release.name) end on \(inputs.through), before \(from)")
            }
            if inputs.through > step.end {
                throw reader.refusal(
                    inputs.line,
                    "\(step.step.rawValue) of \(release.name) ends on \(step.end): it cannot take visits through \(inputs.through)")
            }
        }
        if first.through < cutoff {
            throw reader.refusal(
                first.line, "the inputs of level1Reprocessing of \(release.name) reach \(first.through), not the cutoff on \(cutoff)")
        }
        if let from = second.from, from > first.through {
            throw reader.refusal(
                second.line,
                "visits of \(release.name) from \(first.through) to \(from) are in the inputs of no step: let catchUp begin with them")
        }
        let reached = max(first.through, second.through)
        if reached < replacement {
            throw reader.refusal(
                second.line,
                "the inputs of \(release.name) reach \(reached), \(replacement - reached) days before its replacement on \(replacement) (line "
                    + "\(release[.replacement].line)): let catchUp last until then")
        }
    }

    /// Only one release runs at a time, and the old generation of one is gone before the next makes a third.
    static func overlaps(_ releases: [PlannedRelease], _ reader: PlanReader) throws {
        for (earlier, later) in zip(releases, releases.dropFirst()) {
            let (replacement, cutoff) = (earlier[.replacement], later[.inputCutoff])
            if later.start < replacement.end {
                throw reader.refusal(
                    cutoff.line,
                    "\(later.name) begins on \(later.start), before the replacement of \(earlier.name) on \(replacement.end) (line "
                        + "\(replacement.line)): two releases must not overlap")
            }
            let (retirement, reprocessing) = (earlier[.retirement], later[.level1Reprocessing])
            if reprocessing.start < retirement.end {
                throw reader.refusal(
                    reprocessing.line,
                    "level1Reprocessing of \(later.name) begins on \(reprocessing.start), before the retirement in \(earlier.name) on "
                        + "\(retirement.end) (line \(retirement.line)): two releases must not overlap, there would be three generations")
            }
        }
    }
}
