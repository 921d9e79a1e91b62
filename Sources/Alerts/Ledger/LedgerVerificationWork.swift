import Foundation
import Postgres

/// Some batches whose packets one thread checks.
struct LedgerVerificationUnit: Sendable {
    var batches: [LedgerBatch] = []
    /// For a sample: places to read, by batchId. Nil for all.
    var places: [Int64: Set<Int32>]?
    var alertCount = 0
}

/// What the threads of a verification share: it reads the headers in the order of the chain, hands out batches, and gathers what was found.
///
/// - Note: `@unchecked Sendable` because everything that changes, the connection with it, is used only inside the lock.
final class LedgerVerificationWork: @unchecked Sendable {
    /// Alerts of a unit, about.
    static let unitCount = 2000
    static let headersAtOnce: Int64 = 500

    let dictionaries: [PacketDictionary]
    private let options: LedgerVerification.Options
    private let lock = NSLock()
    private let connection: Connection
    private var chain: ChainCheck
    private var last: Int64
    private let end: Int64
    private var startMjdTai: Double?
    private var units: [LedgerVerificationUnit] = []
    private var faults: [LedgerFault] = []
    private var report = LedgerVerification.Report()
    private var isStopped = false
    /// Of a sample: alerts not drawn from yet, and still to draw.
    private var undrawn = 0
    private var wanted = 0
    /// Packets to read, and those that were.
    private let total: Int
    private var read = 0
    private var generator = SystemRandomNumberGenerator()

    init(_ connection: Connection, _ options: LedgerVerification.Options) throws {
        self.connection = connection
        self.options = options
        end = try connection.int64("SELECT max(\"number\") FROM ledger.\"Batch\"") ?? 0
        last = max(options.since, 1) - 1
        chain = ChainCheck(after: last == 0 ? nil : try Self.batch(last, on: connection))
        let references = try LedgerReferences(connection)
        dictionaries = references.dictionaries
        faults = references.faults
        let issued = try connection.int64(
            "SELECT coalesce(sum(\"count\"), 0)::bigint FROM ledger.\"Batch\" WHERE \"number\" > $1 AND \"number\" <= $2",
            [.int64(last), .int64(end)])
        undrawn = Int(issued ?? 0)
        wanted = min(max(options.sample ?? undrawn, 0), undrawn)
        total = wanted
    }

    static func batch(_ number: Int64, on connection: Connection) throws -> LedgerBatch? {
        LedgerBatch.rows(
            try connection.query("SELECT \(LedgerBatch.selection) FROM ledger.\"Batch\" WHERE \"number\" = $1", [.int64(number)])
        ).first
    }

    /// The next batches to check; nil when there are no more.
    func next() throws -> LedgerVerificationUnit? {
        lock.lock()
        defer { lock.unlock() }
        if isStopped { return nil }
        if units.isEmpty { try readHeaders() }
        return units.popLast()
    }

    /// Thrown where the run was ended before all was read.
    struct Ended: Error {}

    /// Some packets were read.
    /// - Throws: `Ended`
    func advance(_ count: Int) throws {
        lock.lock()
        defer { lock.unlock() }
        read += count
        if !isStopped, let progress = options.progress, !progress(min(read, total), total) {
            isStopped = true
            report.isComplete = false
        }
        if isStopped { throw Ended() }
    }

    func record(_ checked: Int, _ found: [LedgerFault]) {
        lock.lock()
        defer { lock.unlock() }
        report.alerts += checked
        keep(found)
    }

    func stop() {
        lock.lock()
        defer { lock.unlock() }
        isStopped = true
    }

    /// A ledger that is wrong everywhere must not fill the memory.
    private func keep(_ found: [LedgerFault]) {
        let room = max(0, 10 * options.faultsMax - faults.count)
        faults += found.prefix(room)
        report.faultCount += found.count - min(found.count, room)
    }

    private func readHeaders() throws {
        guard last < end else { return }
        let rows = try connection.query(
            "SELECT \(LedgerBatch.selection) FROM ledger.\"Batch\" WHERE \"number\" > $1 AND \"number\" <= $2 ORDER BY \"number\" LIMIT $3",
            [.int64(last), .int64(end), .int64(Self.headersAtOnce)], name: "ledger_headers")
        let batches = LedgerBatch.rows(rows)
        var unit = LedgerVerificationUnit(places: options.sample == nil ? nil : [:])
        for batch in batches {
            if startMjdTai == nil { startMjdTai = batch.issuedMjdTai }
            keep(chain.add(batch))
            report.batches += 1
            if options.sample != nil { unit.places?[batch.batchId] = draw(from: batch) }
            unit.batches.append(batch)
            unit.alertCount += Int(batch.count)
            if unit.alertCount >= Self.unitCount {
                units.append(unit)
                unit = LedgerVerificationUnit(places: options.sample == nil ? nil : [:])
            }
        }
        if !unit.batches.isEmpty { units.append(unit) }
        units.reverse()
        last = batches.last?.number ?? end
    }

    /// Selection sampling (Knuth, The Art of Computer Programming, 3.4.2, algorithm S): all samples are equally likely.
    private func draw(from batch: LedgerBatch) -> Set<Int32> {
        var places: Set<Int32> = []
        for place in 0..<max(batch.count, 0) where undrawn > 0 {
            if Int.random(in: 0..<undrawn, using: &generator) < wanted {
                places.insert(place)
                wanted -= 1
            }
            undrawn -= 1
        }
        return places
    }

    /// What only the whole shows, and the report.
    func finish() throws -> LedgerVerification.Report {
        lock.lock()
        defer { lock.unlock() }
        let whole = LedgerWholeCheck(connection, faultsMax: options.faultsMax)
        keep(try whole.strays(from: options.since > 1 ? startMjdTai : nil))
        if let receipt = options.receipt {
            let newest = try chain.newest ?? Self.batch(end, on: connection)
            keep(ChainCheck.faults(of: receipt, batch: try Self.batch(receipt.number, on: connection), newest: newest))
        }
        if let witness = options.witness { keep(try whole.contradictions(of: witness)) }
        report.newest = chain.newest.map(LedgerReceipt.init)
        report.weaknesses = try whole.weaknesses()
        let named = faults.sorted { ($0.batch ?? 0, $0.alertId ?? 0, $0.message) < ($1.batch ?? 0, $1.alertId ?? 0, $1.message) }
        report.add(named, most: options.faultsMax)
        return report
    }
}
