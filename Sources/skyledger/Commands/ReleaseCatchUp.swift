import ArgumentParser
import Catalog
import Foundation
import Ingest

struct ReleaseCatchUp: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catch-up", abstract: "Bring a release's generation the nights and updates that wait for it, and report the lag.",
        discussion: """
            In the order of time, under the release's rules, with the generation's orbits carried to each night. Updates that were made in the
            current generation are repeated in the release's, each after the visit-detectors that were there before it. After a rollback the other
            generation gets what it missed in the same way. It can be
            interrupted and repeated.
            Example: skyledger release catch-up DR1
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
        var catchUp = CatchUp(instance: try instance.open())
        catchUp.clock = visitClock ? .visit : .now
        catchUp.allowsMissing = allowMissing
        catchUp.preparesNights = !noPrepare
        let bar = ProgressBar("visit-detectors")
        let interruption = Interruption("stopping after this visit-detector or update; run the same command again to finish")
        let night = NightBar(bar, interruption)
        let progress = { (done: Int, all: Int) in
            bar.update(done: done, total: all)
            return !interruption.isRequested
        }
        let outcome = try catchUp.run(name, progress: progress, preparing: night.update)
        bar.end()
        if outcome.withoutEphemerides > 0 {
            remark(NightBar.withoutEphemerides(outcome.withoutEphemerides, outcome.withoutEphemeridesReason))
        }
        try summary.print(outcome) { outcome in
            """
            \(outcome.visitDetectors) visit-detectors caught up\(outcome.late > 0 ? ", \(outcome.late) of them late" : ""): \(outcome.diaSources) DiaSources in \(String(format: "%.1f", outcome.seconds)) seconds
            \(outcome.updates) updates repeated, \(outcome.updatesSkipped) skipped\(outcome.updatesWaiting > 0 ? "; \(outcome.updatesWaiting) wait: see `skyledger release status \(name) --updates`" : "")
            lag: \(outcome.lag) visit-detectors\(outcome.lagOfFormer > 0 ? "; \(outcome.lagOfFormer) wait for the generation that the release began from" : "")
            """
        }
        if interruption.isRequested { throw ExitCode(130) }
    }
}
