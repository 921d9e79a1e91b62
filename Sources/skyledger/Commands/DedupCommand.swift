import ArgumentParser
import Catalog
import Columns
import Foundation

struct DedupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dedup", abstract: "Find DiaObjects that are one object twice, and merge them.",
        discussion: """
            Two objects within the radius are taken for one unless visit-detectors saw both. The one with more sources survives. Each merge is a
            transaction of its own; what an interrupted run has left, the next one finds. Example: skyledger dedup --dry-run
            """)

    @Option(parsing: .unconditional, help: "Largest angle between two that are one (default: the association's radius).") var radiusArcsec:
        Double?
    @Option(parsing: .unconditional, help: "Only objects that changed after this time, MJD TAI.") var since: Double?
    @Flag(help: "Print what would be merged, and change nothing.") var dryRun = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        let connection = try instance.connect(as: .ingest)
        let generation = try instance.currentGeneration(on: connection)
        let pixelization = try instance.pixelization(on: connection)
        let rules = try ConfigurationRecord.current(on: connection).configuration
        let search = Deduplication(radiusArcsec: radiusArcsec ?? rules.association.match.radiusArcsec, since: since)
        let bar = ProgressBar("objects")
        let interruption = Interruption("stopping; run the same command again to finish")
        let findings = try search.find(
            on: connection, generation: generation, pixelization: pixelization, driftArcsec: rules.association.driftArcsec
        ) { done, total in
            bar.update(done: done, total: total)
            return !interruption.isRequested
        }
        bar.end()
        if interruption.isRequested { throw ExitCode(130) }
        let survivor = Dictionary(uniqueKeysWithValues: findings.merges.flatMap { merge in merge.merged.map { ($0, merge.survivor) } })
        if !dryRun {
            let updates = Updates(connection: connection, generation: generation, pixelization: pixelization, configuration: rules)
            for (done, merge) in findings.merges.enumerated() {
                _ = try updates.merge(merge.merged, into: merge.survivor, cause: "dedup within \(search.radiusArcsec) arcsec")
                bar.update(done: done + 1, total: findings.merges.count)
                if interruption.isRequested { throw ExitCode(130) }
            }
            bar.end()
        }
        let pairs = findings.pairs
        func decision(_ pair: Deduplication.Pair) -> String {
            if !pair.isOne { return "two: seen together" }
            if survivor[pair.second] == pair.first || survivor[pair.first] == pair.second { return dryRun ? "would merge" : "merged" }
            return "left: one of them merges with another"
        }
        try RowOutput.write(
            Table([
                Column("diaObjectId", .int64(pairs.map(\.first))), Column("otherDiaObjectId", .int64(pairs.map(\.second))),
                Column("separationArcsec", .double(pairs.map(\.separationArcsec)), unit: "arcsec"),
                Column("sharedVisitDetectors", .int64(pairs.map { Int64($0.shared) })),
                Column("decision", .string(.init(pairs.map(decision)))),
            ]), output.request)
    }
}
