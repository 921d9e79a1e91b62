import Alerts
import ArgumentParser
import Catalog
import Schema

struct ReleaseBegin: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "begin", abstract: "Make the next generation; from here on visits of the nights wait for it.",
        discussion: """
            Visits up to the cutoff are the release's input; later ones of the nights are queued for it. All is checked before anything is made.
            Begun again as it was, a release stays as it is.
            With --region or --since it replaces a piece: the visit-detectors whose centre lies in the region, after that time, up to the cutoff. All
            else is taken over as it is, with its numbers; every row says which generation made it.
            Example: skyledger release begin DR1 --cutoff 61400 --schema apdb-v11.yaml --configuration rules.yaml
            Example: skyledger release begin cosmos-2 --cutoff 61400 --region "circle 150.1 2.2 1.5"
            """)

    @Argument(help: "The release's name.") var name: String
    @Option(help: "Visits up to this time, MJD TAI, are the release's input.") var cutoff: Double
    @Option(
        help: "Replace only what lies in a region: \"circle ra dec r\", \"polygon ra dec, ra dec, ...\" or \"box ra dec ra dec\", degrees.")
    var region: String?
    @Option(help: "Replace only visits after this time, MJD TAI, and up to the cutoff; later ones stay as they are.") var since: Double?
    @Option(help: "A Felis YAML file, this or a newer version (default: the schema of the current generation).") var schema: String?
    @Option(help: "The rules that the generation is made under, a YAML file (default: those of the instance).") var configuration: String?
    @Option(help: "A column (DiaSource.snr) or table that the new schema may lose; may be given several times.") var allowLoss: [String] =
        []
    @Flag(help: "Do not ask whether the disk has room for another generation.") var skipDiskCheck = false
    @OptionGroup var summary: SummaryOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        var beginning = ReleaseBeginning(instance: instance, name: name, cutoffMjdTai: cutoff)
        beginning.schemaPath = schema
        beginning.configuration = try configuration.map(ConfigCommand.read)
        beginning.allowedLosses = allowLoss
        beginning.checksDisk = !skipDiskCheck
        if region != nil || since != nil { beginning.piece = try ReleasePiece(regionText: region, sinceMjdTai: since) }
        try refuseWithoutAlerts(instance)
        let interruption = Interruption("stopping; nothing of the copy is kept")
        let bar = ProgressBar("blocks")
        let outcome = try beginning.run(progress: { remark($0) }) { progress in
            Self.show(progress, on: bar)
            return !interruption.isRequested
        }
        bar.end()
        for note in outcome.notes { remark(note) }
        guard outcome.isComplete else {
            remark("release \(name) waits for its copy: repeat this, or give it up with `skyledger release abandon \(name)`")
            throw ExitCode(130)
        }
        let release = outcome.release
        try summary.print(
            ReleaseSummary(release, isNew: outcome.isNew, queued: outcome.queued)
        ) { _ in
            """
            release \(release.name) \(outcome.isNew ? "has begun" : "was begun already"): generation \(release.generation) beside \(release.fromGeneration)
            \(outcome.queued) visit-detectors wait for it; its input are the visits up to MJD \(release.cutoffMjdTai)\(release.piece.map { " of \($0.label)" } ?? "")
            """
        }
    }

    private static func show(_ progress: PieceProgress, on bar: ProgressBar) {
        switch progress {
        case .deciding: remark("reading what the piece reaches into")
        case .copying(let table, let blocks, let total): bar.update(done: Int(blocks), total: Int(total), note: table)
        case .renewing(let objects, let total): bar.update(done: objects, total: total, note: "new versions of objects at the edge")
        }
    }

    /// The nights' alerts must go on after the release: its document must fill their schema.
    private func refuseWithoutAlerts(_ instance: Instance) throws {
        guard let schema, let alerts = try? AlertSchemas(instance.connect(as: .reader)).inForce(installed: nil) else { return }
        let document = try FelisReader.read(path: schema)
        do { _ = try PacketMapping(document, to: alerts) } catch {
            throw RequestError("the schema document \(schema) cannot fill the alerts that are issued: \(error)")
        }
    }
}

/// What a command did to a release.
struct ReleaseSummary: Encodable {
    var release: String
    var state: String
    var generation: Int
    var fromGeneration: Int
    var cutoffMjdTai: Double
    var region: String?
    var sinceMjdTai: Double?
    var isNew: Bool
    var queued: Int

    init(_ record: ReleaseRecord, isNew: Bool, queued: Int) {
        (release, state, generation, fromGeneration) = (record.name, record.state.rawValue, record.generation, record.fromGeneration)
        (cutoffMjdTai, self.isNew, self.queued) = (record.cutoffMjdTai, isNew, queued)
        (region, sinceMjdTai) = (record.piece?.regionText, record.piece?.sinceMjdTai)
    }
}
