import ArgumentParser
import Catalog
import Columns
import Ingest

struct ForcedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forced", abstract: "Forced photometry after the fact: which objects to measure where, and storing what was measured.",
        discussion: """
            skyledger forced targets --visit 100000 --format parquet -o targets.parquet
            skyledger forced load measured.parquet --refresh
            """,
        subcommands: [ForcedTargetsCommand.self, ForcedLoadCommand.self])
}

struct ForcedTargetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "targets", abstract: "The objects to be measured on stored visits, where they have no DiaForcedSource yet.",
        discussion: """
            Of a visit: what the configuration's rules ask for. With --precovery: new objects on the visits of the days before their first
            source.
            Example: skyledger forced targets --visit 100000 --detector 3
            """)

    @Option(help: "A stored visit.") var visit: Int64?
    @Option(help: "One of its detectors (default: all that are stored).") var detector: Int32?
    @Flag(help: "New objects on earlier visits.") var precovery = false
    @Option(parsing: .unconditional, help: "Objects made at this time or later, MJD TAI (default: in the last day of processing).")
    var since: Double?
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        guard (visit != nil) != precovery else {
            throw ValidationError("name a visit with --visit, or ask for --precovery, one of the two")
        }
        if detector != nil, visit == nil { throw ValidationError("--detector needs --visit") }
        if since != nil, !precovery { throw ValidationError("--since needs --precovery") }
    }

    func run() throws {
        let instance = try instance.open()
        let connection = try instance.connect(as: .reader)
        let targets = try ForcedTargets(
            connection: connection, generation: instance.currentGeneration(on: connection),
            pixelization: instance.pixelization(on: connection))
        let rows = try visit.map { try targets.targets(visit: $0, detector: detector) } ?? targets.precovery(since: since)
        try RowOutput.write(rows, output.request)
    }
}

struct ForcedLoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Store DiaForcedSources that were measured after their visits were loaded.",
        discussion: """
            The file has the columns of DiaForcedSource; positions, band and time may be missing, which stands for the object's and the
            visit's. All rows are checked before the first is stored; what is stored already is recognised and skipped, so an interrupted
            load is repeated as it was.
            Example: skyledger forced load measured.parquet --refresh
            """)

    @Argument(help: "A Parquet, FITS or CSV file of DiaForcedSources.") var file: String
    @Flag(help: "Give objects whose summaries change new versions with the new means.") var refresh = false
    @OptionGroup var summary: SummaryOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        let connection = try instance.connect(as: .ingest)
        let generation = try instance.currentGeneration(on: connection)
        let rows = try ForcedFile.read(file, generation: generation, absent: ForcedFile.filledByLoad(generation))
        let load = ForcedLoad(
            connection: connection, generation: generation, pixelization: try instance.pixelization(on: connection),
            configuration: try ConfigurationRecord.current(on: connection).configuration)
        let bar = ProgressBar("visit-detectors")
        let interruption = Interruption("stopping after this visit-detector; run the same command again to finish")
        let outcome = try load.run(rows, source: file, refresh: refresh) { progress in
            bar.update(done: progress.visitDetectorsDone, total: progress.visitDetectorsTotal)
            return !interruption.isRequested
        }
        bar.end()
        try summary.print(outcome) { outcome in
            """
            \(outcome.diaForcedSources) DiaForcedSources stored in \(outcome.visitDetectors) visit-detectors (\(outcome.alreadyStored) were stored already)
            \(outcome.diaObjectsUpdated) new versions of DiaObjects
            """
        }
        if interruption.isRequested { throw ExitCode(130) }
    }
}
