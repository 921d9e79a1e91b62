import ArgumentParser
import Catalog
import Release

struct ReleaseRetire: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire", abstract: "Remove the former generation of a published release. This cannot be taken back.",
        discussion: """
            It goes when the setting releases.keepFormerDays allows it and the PPDB was verified to have all of it. Crosswalks, alerts and the
            PPDB's copy stay. May be interrupted anywhere; run it again as it was.
            Example: skyledger release retire dr2
            """)

    @Argument(help: "The release.") var name: String
    @Flag(help: "Do not wait for releases.keepFormerDays.") var now = false
    @Flag(help: "Remove it although the PPDB was not verified to have all of it.") var unverified = false
    @Option(help: "table or json.") var format: SummaryFormat = .table
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        var options = Retirement.Options()
        (options.now, options.unverified) = (now, unverified)
        let interruption = Interruption("stopping after this partition; run the same command again to finish")
        let bar = ProgressBar("tables")
        defer { bar.end() }
        let outcome = try Retirement(instance.open()).run(name, options: options) { done, total in
            bar.update(done: done, total: total)
            return !interruption.isRequested
        }
        bar.end()
        if format == .json {
            try PpdbOutput.json(outcome)
        } else {
            print(
                outcome.isStopped
                    ? "release \(name) is closed, parts of generation \(outcome.generation) are left: run the command again"
                    : "generation \(outcome.generation) is gone; \(outcome.witnesses) visit-detectors of it stay as the ledger's witness")
        }
        if outcome.isStopped { throw ExitCode(130) }
    }
}
