import Alerts
import ArgumentParser
import Foundation

struct AlertsDictionary: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dictionary", abstract: "Train a dictionary that compresses packets better, and add it to the ledger.",
        discussion: """
            Packets are drawn at random; a quarter as many others measure what the dictionary gains. It is added where it gains, and serves
            packets that are issued after that; those that are stored stay as they are.
            Example: skyledger alerts dictionary --train 2000
            """)

    @Option(help: "Packets to train with, at most.") var train: Int
    @Option(help: "table or json.") var format: OutputFormat = .table
    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        guard (1...DictionaryTraining.countMax).contains(train) else {
            throw ValidationError("--train is from 1 to \(DictionaryTraining.countMax)")
        }
        guard format == .table || format == .json else { throw ValidationError("the summary is printed as table or json") }
    }

    func run() throws {
        let ledger = try LedgerAccess(instance)
        let bar = ProgressBar("packets")
        defer { bar.end() }
        let interruption = Interruption("stopping; no dictionary is added")
        let outcome = try DictionaryTraining(ledger.connection).run(count: train) { done, total in
            bar.update(done: done, total: total)
            return !interruption.isRequested
        }
        bar.end()
        guard let outcome else { throw ExitCode(130) }
        if outcome.isGain { try LedgerRegistry(ledger.instance.connect(as: .ingest)).add(outcome.dictionary) }
        if format == .json { return print(try AlertReports.json(Summary(outcome))) }
        let digits = { (value: Double) in String(format: "%.3f", value) }
        print(
            """
            dictionary \(outcome.dictionary.id): \(outcome.dictionary.bytes.count) bytes, trained with \(outcome.trainedCount) packets
            \(outcome.measuredCount) others, \(outcome.packetSizeBytes) bytes: ratio \(digits(outcome.ratioBefore)) before, \(digits(outcome.ratioAfter)) after
            \(outcome.isGain ? "added; it serves packets from now on" : "not added, for it gains nothing")
            """)
    }

    private struct Summary: Encodable {
        var dictionaryId: Int32
        var sizeBytes, trainedCount, measuredCount, packetSizeBytes: Int
        var ratioBefore, ratioAfter: Double
        var isAdded: Bool

        init(_ outcome: DictionaryTraining.Outcome) {
            (dictionaryId, sizeBytes) = (outcome.dictionary.id, outcome.dictionary.bytes.count)
            (trainedCount, measuredCount, packetSizeBytes) = (outcome.trainedCount, outcome.measuredCount, outcome.packetSizeBytes)
            (ratioBefore, ratioAfter, isAdded) = (outcome.ratioBefore, outcome.ratioAfter, outcome.isGain)
        }
    }
}
