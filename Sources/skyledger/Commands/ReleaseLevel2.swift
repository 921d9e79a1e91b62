import ArgumentParser
import Foundation
import Release

struct ReleaseAttachLevel2: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach-level2",
        abstract: "Attach a release's Level-2 catalog, read-only, and match it with the release's generation.",
        discussion: """
            Parquet files with columns of their own: identifiers (diaSourceId, sourceId or id; diaObjectId, objectId or id), ra and dec in
            degrees; with visit and detector, sources are matched within visit-detectors. The tables are Source, Object, SourceMatch and
            ObjectMatch of the schema l2_NAME.
            Example: skyledger release attach-level2 DR2 --sources dr2/dia-*.parquet --objects dr2/object-*.parquet
            """)

    @Argument(help: "The release.") var name: String
    @Option(parsing: .upToNextOption, help: "Parquet files with sources.") var sources: [String] = []
    @Option(parsing: .upToNextOption, help: "Parquet files with objects.") var objects: [String] = []
    @OptionGroup var summary: SummaryOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let catalog = try Level2Catalog(instance: instance.open(), release: name)
        let interruption = Interruption("stopping; run the same command again to go on")
        let bar = ProgressBar("rows")
        let outcome = try catalog.attach(sources: sources, objects: objects) { stage, done, total in
            bar.update(done: done, total: max(done, total), note: stage)
            return !interruption.isRequested
        }
        bar.end()
        guard let outcome else { throw ExitCode(130) }
        try summary.print(outcome) { outcome in
            let found = outcome.summary
            return """
                \(outcome.schemaName): \(outcome.nSources) sources and \(outcome.nObjects) objects\(outcome.isNew ? "" : ", attached before"), matched with generation \(outcome.generation)
                sources         \(found.matchedSources) matched, \(found.vanishedSources) without a partner
                objects         \(found.oldObjects.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key == "vanished" ? "without a partner" : $0.key)" }.joined(separator: ", "))
                """
        }
    }
}

struct ReleaseDetachLevel2: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detach-level2", abstract: "Take a release's Level-2 catalog away again; Level-1 data stay as they are.")

    @Argument(help: "The release.") var name: String
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let catalog = try Level2Catalog(instance: instance.open(), release: name)
        print(try catalog.detach() ? "took away \(catalog.schemaName)" : "release \(name) has no Level-2 catalog: nothing was done")
    }
}
