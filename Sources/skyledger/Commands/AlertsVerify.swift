import Alerts
import ArgumentParser
import Catalog
import Columns
import Foundation
import Postgres

struct AlertsVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Whether every alert is as it was issued; names those that are not.",
        discussion: """
            Each packet is held against its SHA-256, its leaf and its batch's root, each batch against the one before, the end of the chain
            against a receipt, and all batches against the visit table. Keep receipts where nobody who can change the database can change them:
            only with one is it found that the end of the chain was cut off or all of it was written anew. A receipt is saved where no fault was
            found. Exit code 1 where something is wrong.
            Example: skyledger alerts verify --receipt last.receipt --save-receipt last.receipt --format json
            """)

    @Option(help: "Check from here on: the number of a batch, or with a decimal point a time of issue, MJD TAI.") var since: String?
    @Option(help: "Read so many packets, drawn at random, rather than all; batches and the chain are all checked.") var sample: Int?
    @Option(help: "A receipt of an earlier run.") var receipt: String?
    @Option(help: "Write the receipt of the chain's end to this file.") var saveReceipt: String?
    @Option(help: "table or json.") var format: OutputFormat = .table
    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        guard format == .table || format == .json else { throw ValidationError("the report is printed as table or json") }
        if let sample, sample < 0 { throw ValidationError("--sample is 0 or more") }
    }

    func run() throws {
        var options = LedgerVerification.Options(sample: sample)
        options.receipt = try receipt.map(Self.read)
        let ledger = try LedgerAccess(instance)
        options.since = try start(ledger.connection)
        options.witness = try .allGenerations(on: ledger.connection)
        var report = try verify(options, ledger.instance)
        // Nobody should keep what was not looked at as a receipt.
        if !report.isComplete { report.newest = nil }
        try print(report, root: ledger.reader.root(of: report.newest?.number))
        guard report.isComplete else { throw ExitCode(130) }
        guard report.isSound else {
            if saveReceipt != nil { remark("no receipt was saved, for the ledger has faults") }
            throw ExitCode(1)
        }
        guard let saveReceipt else { return }
        guard let newest = report.newest else { return remark("no receipt was saved, for no batch was checked") }
        try RowOutput.text("\(newest)\n", OutputRequest(format: .table, path: saveReceipt))
    }

    private func verify(_ options: LedgerVerification.Options, _ instance: Instance) throws -> LedgerVerification.Report {
        var options = options
        let interruption = Interruption("stopping; nothing that was not read is vouched for")
        let isRequested = interruption.question
        let bar = SharedProgress("alerts")
        options.progress = { done, total in
            bar.update(done: done, total: total)
            return !isRequested()
        }
        defer { bar.end() }
        return try withExtendedLifetime(interruption) {
            try LedgerVerification { try instance.connect(as: .reader) }.run(options)
        }
    }

    private func start(_ connection: Connection) throws -> Int64 {
        guard let since else { return 1 }
        if let number = Int64(since) {
            guard number > 0 else { throw RequestError("--since: batches are numbered from 1") }
            return number
        }
        guard let time = Double(since), time.isFinite else {
            throw RequestError("--since: '\(since)' is neither a batch's number nor an MJD")
        }
        let first = try connection.int64("SELECT min(\"number\") FROM ledger.\"Batch\" WHERE \"issuedMjdTai\" >= $1", [.double(time)])
        guard let first else { throw RequestError("--since: no batch was issued at MJD \(since) or later") }
        return first
    }

    private static func read(_ path: String) throws -> LedgerReceipt {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw RequestError("the receipt \(path) cannot be read: it is not there or is no text")
        }
        return try LedgerReceipt(parsing: text)
    }

    private func print(_ report: LedgerVerification.Report, root: [UInt8]?) throws {
        let root = root.map(LedgerReceipt.hexadecimal)
        if format == .json {
            return Swift.print(try AlertReports.json(VerificationJSON(report, root: root)))
        }
        var text = """
            alerts    \(report.alerts) read
            batches   \(report.batches)
            root      \(root ?? "-")
            receipt   \(report.newest.map { "\($0)" } ?? "-")
            faults    \(report.faultCount)

            """
        if !report.isComplete { text += "stopped before all packets were read\n" }
        if !report.faults.isEmpty {
            let faults = report.faults
            text +=
                "\n"
                + TextTable.render(
                    Table([
                        Column("fault", .string(ByteStrings(faults.map(\.kind.rawValue)))),
                        Column("found", .string(ByteStrings(faults.map(\.message)))),
                    ]))
        }
        for weakness in report.weaknesses { text += "weakness: \(weakness)\n" }
        Swift.print(text, terminator: "")
    }
}

/// The report as programs read it.
private struct VerificationJSON: Encodable {
    var alerts, batches, faultCount: Int
    /// Number, root and link of the newest batch that was checked.
    var number: Int64?
    var root, link, receipt: String?
    var isComplete, isSound: Bool
    var faults: [LedgerFault]
    var weaknesses: [String]

    init(_ report: LedgerVerification.Report, root: String?) {
        (alerts, batches, faultCount) = (report.alerts, report.batches, report.faultCount)
        (number, link, receipt) = (report.newest?.number, report.newest?.link, report.newest.map { "\($0)" })
        (isComplete, isSound) = (report.isComplete, report.isSound)
        (faults, weaknesses) = (report.faults, report.weaknesses)
        self.root = root
    }
}
