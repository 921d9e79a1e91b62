import Alerts
import ArgumentParser
import Catalog
import Foundation

struct AlertsPublish: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Publish issued alerts to Kafka, in the order of the ledger.",
        discussion: """
            Each alert is sent at least once; what may have been sent twice, after a publisher that was killed, is said. The ledger keeps
            how far each channel is: run the same command again after any failure. Settings come from a YAML file, and options go before it.
            Example: skyledger alerts publish --brokers broker1:9092 --registry http://registry:8081 --follow
            """)

    @Flag(help: "Wait for new alerts, until interrupted.") var follow = false
    @Flag(help: "Send nothing; print how far each channel is.") var status = false
    @Option(help: "Name under which the ledger keeps how far publication is (default: kafka).") var channel: String?
    @Option(help: "Publish up to this batch.") var until: Int64?
    @Option(help: "A YAML file of settings.") var settings: String?
    @Option(help: "Brokers to ask first, host:port, separated by commas.") var brokers: String?
    @Option(help: "The topic; {schema} stands for the packets' version, {id} for its number.") var topic: String?
    @Option(help: "The schema registry, http://host:port.") var registry: String?
    @Option(help: "table or json.") var format: OutputFormat = .table
    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        guard format == .table || format == .json else { throw ValidationError("the summary is printed as table or json") }
        if follow, status { throw ValidationError("--status sends nothing: leave out --follow") }
        if follow, until != nil { throw ValidationError("--follow has no end: leave out --until") }
    }

    func run() throws {
        var chosen = try settings.map(PublicationSettings.init(file:)) ?? PublicationSettings()
        if let brokers { chosen.bootstrapServers = brokers }
        if let topic { chosen.topic = topic }
        if let registry { chosen.registryURL = registry }
        try chosen.check()
        let instance = try instance.open()
        if status { return try printStatus(instance, chosen) }
        let publisher = try Publisher(connection: instance.connect(as: .ingest), settings: chosen, channel: channel ?? "kafka")
        let interruption = Interruption("stopping once the alerts on their way are acknowledged; run the same command again to go on")
        let bar = ProgressBar("alerts")
        defer { bar.end() }
        var remarked = Date()
        var alertsRemarked = 0
        var last = PublicationSummary?.none
        // What was sent before a failure is told as well: some of it may be repeated.
        defer { if let last { remark(Self.lines(last)) } }
        let summary = try publisher.run(
            until: until ?? .max, isFollowing: follow, isInterrupted: { interruption.isRequested },
            progress: { progress in
                last = progress.summary.alerts > 0 ? progress.summary : nil
                bar.update(done: progress.summary.alerts, total: max(progress.waitingAtStart, progress.summary.alerts))
                guard follow, Date().timeIntervalSince(remarked) > 60, progress.summary.alerts > alertsRemarked else { return }
                (remarked, alertsRemarked) = (Date(), progress.summary.alerts)
                bar.end()
                remark(Self.lines(progress.summary))
            })
        last = nil
        bar.end()
        if format == .json { try Self.printJSON(summary) } else { print(Self.lines(summary)) }
    }

    private func printStatus(_ instance: Instance, _ chosen: PublicationSettings) throws {
        let all = try PublicationStatus.read(instance.connect(as: .reader), kinds: chosen.kinds, channel: channel)
        if format == .json { return try Self.printJSON(all) }
        for one in all where channel == nil || one.channel == channel {
            print(
                "channel \(one.channel): complete to batch \(one.lastBatch.map(String.init) ?? "none"), "
                    + "\(one.waitingBatches) batches with \(one.waitingAlerts) alerts wait"
            )
            if let tried = one.triedBatch, let attempts = one.attempts {
                print("batch \(tried) was tried \(attempts) times: \(one.lastFailure ?? "no failure is noted")")
            }
        }
    }

    private static func lines(_ summary: PublicationSummary) -> String {
        func time(_ seconds: Double) -> String {
            seconds < 1 ? String(format: "%.0f ms", seconds * 1000) : String(format: "%.1f s", seconds)
        }
        var lines = [
            "channel \(summary.channel): \(summary.alerts) alerts of \(summary.batches) batches published in \(time(summary.seconds))"
        ]
        if summary.alerts > 0 {
            lines.append(
                "from the ledger to the acknowledgement: median \(time(summary.latencyP50Seconds)), "
                    + "p90 \(time(summary.latencyP90Seconds)), p99 \(time(summary.latencyP99Seconds)), "
                    + "most \(time(summary.latencyMaxSeconds))"
            )
        }
        for again in summary.repeats {
            lines.append(
                "possibly repeated: \(again.alerts) alerts of batch \(again.batch) (visit \(again.visit) detector \(again.detector)) "
                    + "from place \(again.firstPlace) on, \(again.firstAlertId) to \(again.lastAlertId)"
            )
        }
        return lines.joined(separator: "\n")
    }

    private static func printJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
