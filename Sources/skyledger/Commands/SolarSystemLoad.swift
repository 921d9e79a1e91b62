import ArgumentParser
import Catalog
import Ingest

struct SolarSystemLoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Load or refresh the catalog of orbits from files.",
        discussion: """
            Files are MPCORB.DAT, the Minor Planet Center's JSON, CometEls.txt, or Parquet and CSV with the columns of mpc_orbits,
            numbered_identifications or current_identifications; several are one catalog. All are checked before anything is changed, and
            readers see the old catalog or the new one. Objects keep their ssObjectId.
            Example: skyledger solarsystem load MPCORB.DAT CometEls.txt --complete
            """)

    @Argument(help: "Files of orbits.") var files: [String]
    @Flag(help: "The files are all that is known: other orbits leave the catalog.") var complete = false
    @Option(help: "Into the generation of this release rather than the current one; each has its own orbits.") var release: String?
    @OptionGroup var summary: SummaryOptions
    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        if files.isEmpty { throw ValidationError("name at least one file") }
    }

    func run() throws {
        let bar = ProgressBar("files")
        defer { bar.end() }
        let outcome = try OrbitLoad(instance: instance.open(), release: release).run(files, isComplete: complete) {
            bar.update(done: $0, total: $1)
        }
        bar.end()
        try summary.print(outcome) { outcome in
            """
            catalog \(outcome.catalog): \(outcome.orbits) orbits
            \(outcome.new) new, \(outcome.changed) changed, \(outcome.removed) removed, \(outcome.joined) objects joined to others
            """
        }
    }
}
