import ArgumentParser
import Foundation
import Ppdb
import Release

struct ReleaseCrosswalkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crosswalk", abstract: "Match the sources and objects of a release's two generations, and store what each has become.",
        discussion: """
            Sources are matched one to one within a visit-detector by position, objects by the sources that they share, then by position.
            Nights and readers go on. Each run is a version of its own; where nothing was stored since the newest, that one stands. --prune makes
            none, but removes versions that a newer one has taken the place of, here and in PPDBs.
            Examples: skyledger release crosswalk DR2
                      skyledger release crosswalk DR2 --prune
            """)

    @Argument(help: "The release.") var name: String
    @Option(help: "The widest pair of sources, arcseconds.") var sourceRadiusArcsec = CrosswalkRules().sourceRadiusArcsec
    @Option(help: "The widest pair of objects without shared sources, arcseconds.") var objectRadiusArcsec = CrosswalkRules()
        .objectRadiusArcsec
    @Option(help: "A link with less than this part of the sources of both its objects is minor.") var minorFraction = CrosswalkRules()
        .minorFraction
    @Flag(help: "Remove versions that a newer one has taken the place of, and that neither a report nor a trace needs.") var prune = false
    @OptionGroup var summary: SummaryOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        if prune { return try removeOld() }
        var rules = CrosswalkRules()
        (rules.sourceRadiusArcsec, rules.objectRadiusArcsec, rules.minorFraction) = (sourceRadiusArcsec, objectRadiusArcsec, minorFraction)
        let making = CrosswalkMaking(instance: try instance.open(), release: name, rules: rules)
        let interruption = Interruption("stopping; nothing of the crosswalk is kept")
        let (sources, objects) = (ProgressBar("sources"), ProgressBar("objects"))
        let outcome = try making.run { progress in
            switch progress.stage {
            case .sources: sources.update(done: progress.done, total: progress.total)
            case .objects: objects.update(done: progress.done, total: progress.total)
            case .indexes: objects.end()
            }
            return !interruption.isRequested
        }
        objects.end()
        guard let outcome else { throw ExitCode(130) }
        try summary.print(outcome) { Self.sentences($0) }
    }

    private func removeOld() throws {
        let instance = try instance.open()
        let interruption = Interruption("stopping after this version; run the same command again to finish")
        let bar = ProgressBar("versions")
        let outcome = try CrosswalkPruning(instance: instance, release: name).run {
            bar.update(done: $0, total: $1)
            return !interruption.isRequested
        }
        bar.end()
        let pruned = Pruned(instance: outcome, ppdb: CrosswalkRemoval.run(instance))
        try summary.print(pruned) { $0.sentences }
        if interruption.isRequested { throw ExitCode(130) }
    }

    private struct Pruned: Encodable {
        var instance: CrosswalkPruning.Outcome
        var ppdb: [CrosswalkRemoval]

        var sentences: String {
            let removed = instance.removed.map {
                "crosswalk \($0.crosswalk) of release \(instance.release) is removed (\($0.sizeBytes) bytes)"
            }
            let kept = instance.kept.map { kept in
                let why =
                    switch kept.reason {
                    case .newest: "it is the newest"
                    case .report: "report \(kept.report?.prefix(8) ?? "") was made from it"
                    case .trace: "it alone remembers numbers of a generation that is gone"
                    }
                return "crosswalk \(kept.crosswalk) of release \(instance.release) stays: \(why)"
            }
            let none = removed.isEmpty && kept.isEmpty ? ["release \(instance.release) has no crosswalk"] : []
            return (removed + kept + none + ppdb.map(\.sentence)).joined(separator: "\n")
        }
    }

    private static func sentences(_ outcome: CrosswalkMaking.Outcome) -> String {
        let (record, found) = (outcome.crosswalk, outcome.crosswalk.summary)
        func counts(_ objects: [String: Int]) -> String {
            objects.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        }
        let head =
            outcome.isNew
            ? "crosswalk \(record.crosswalk) of release \(record.release), generation \(record.fromGeneration) to \(record.toGeneration), in \(String(format: "%.1f", found.seconds)) s"
            : "crosswalk \(record.crosswalk) of release \(record.release) stands: nothing was stored since it was made"
        return """
            \(head)
            visit-detectors \(found.visitDetectors) in both, \(found.onlyOldVisitDetectors) only in the old generation, \(found.onlyNewVisitDetectors) only in the new
            sources         \(found.matchedSources) matched, \(found.vanishedSources) vanished, \(found.newSources) new
            old objects     \(counts(found.oldObjects))
            new objects     \(counts(found.newObjects))
            """
    }
}
