import ArgumentParser
import Catalog
import Columns
import Foundation
import Ingest

struct PreloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preload", abstract: "Read what announced visits will need, so that it is in memory when they come.",
        discussion: """
            The file is a visits.parquet, or a CSV with the columns visit, detector, ra, dec and radius in degrees, or region with its text.
            Nothing is changed; the command can be interrupted and repeated.
            Example: skyledger preload --visits tonight/visits.parquet
            """)

    @Option(help: "Announced pointings, Parquet or CSV.") var visits: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let pointings = try AnnouncedPointings.read(visits)
        let bar = ProgressBar("pointings")
        let interruption = Interruption("stopping after this pointing; run the same command again to read the rest")
        let outcomes = try Preload(instance: instance.open()).run(pointings) { done, total in
            bar.update(done: done, total: total)
            return !interruption.isRequested
        }
        bar.end()
        try RowOutput.write(Preload.Outcome.table(outcomes), output.request)
        let unread = outcomes.count { !$0.ready }
        if unread > 0 {
            remark("\(unread) of \(outcomes.count) pointings were not read")
            throw ExitCode(130)
        }
    }
}
