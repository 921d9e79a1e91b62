import ArgumentParser
import Catalog
import Ingest

struct ReleaseJoin: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "From here on store visits of the nights in both generations, in one transaction.",
        discussion: """
            What came in since the last catch-up is caught up first.
            Example: skyledger release join DR1
            """)

    @Argument(help: "The release's name.") var name: String
    @Flag(help: "Stamp object versions with the time of the visit rather than the clock's: for replays that must repeat exactly.")
    var visitClock = false
    @Flag(help: "Even though visits up to the cutoff are missing in the release: they cannot be loaded later.") var allowMissing = false
    @Flag(help: "Look for known objects with the orbits' states as they are, rather than carry them to nights that nobody prepared.")
    var noPrepare = false
    @OptionGroup var summary: SummaryOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        var catchUp = CatchUp(instance: instance)
        catchUp.clock = visitClock ? .visit : .now
        catchUp.allowsMissing = allowMissing
        catchUp.preparesNights = !noPrepare
        let bar = ProgressBar("visit-detectors")
        let interruption = Interruption("stopping after this visit-detector; the release is not joined, run the same command again")
        let progress = { (done: Int, all: Int) in
            bar.update(done: done, total: all)
            return !interruption.isRequested
        }
        let outcome = try ReleaseJoining(instance: instance).run(name) {
            _ = try catchUp.run(name, progress: progress, preparing: NightBar(bar, interruption).update)
            bar.end()
            return !interruption.isRequested
        }
        guard let outcome else { throw ExitCode(130) }
        let release = outcome.release
        try summary.print(ReleaseSummary(release, isNew: outcome.isNew, queued: 0)) { _ in
            "release \(release.name) \(outcome.isNew ? "is joined" : "was joined already"): visits are stored in generations \(release.fromGeneration) and \(release.generation)"
        }
    }
}
