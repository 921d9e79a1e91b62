import Foundation
import Postgres
import Synchronization

/// Finds what in the ledger is not as it was issued, and names it: each packet is read and held against its SHA-256, its leaf and its
/// batch's root, each batch against the one before, the end against a receipt and the visit table.
///
///     let report = try LedgerVerification { try instance.connect(as: .reader) }.run(.init(receipt: receipt))
///
/// The memory needed is that of some hundred packets a thread. Alerts may be issued while it runs; what came after its start is not
/// checked.
public struct LedgerVerification: Sendable {
    public struct Options: Sendable {
        /// Number of the first batch to check; what lies before is taken as it is.
        public var since: Int64 = 1
        /// How many packets to check, drawn at random; nil for all. Headers, manifests, roots and links are all checked.
        public var sample: Int?
        /// The end of the chain at an earlier time.
        public var receipt: LedgerReceipt?
        /// What else knows which alerts were issued.
        public var witness: LedgerWitness?
        public var threads = 2
        /// Faults that are named; further ones are only counted.
        public var faultsMax = 1000
        /// Told the packets that were read and those to read; false ends the run early. Called by the threads, one at a time.
        public var progress: (@Sendable (_ done: Int, _ total: Int) -> Bool)?

        public init(since: Int64 = 1, sample: Int? = nil, receipt: LedgerReceipt? = nil, witness: LedgerWitness? = nil) {
            self.since = since
            self.sample = sample
            self.receipt = receipt
            self.witness = witness
        }
    }

    /// What was checked and found.
    public struct Report: Sendable, Codable, Equatable {
        /// Packets that were read, of batches that were read whole.
        public var alerts = 0
        public var batches = 0
        /// The newest batch that was checked: what an operator may keep as a receipt. Nil in an empty ledger.
        public var newest: LedgerReceipt?
        /// In the order of the chain.
        public var faults: [LedgerFault] = []
        /// All faults, also those that are not named.
        public var faultCount = 0
        /// What would let somebody change the ledger: a trigger that is off, a member of its role. No fault of any alert.
        public var weaknesses: [String] = []
        /// False where `progress` ended the run: what was not read may be wrong.
        public var isComplete = true

        public var isSound: Bool { faultCount == 0 && isComplete }

        mutating func add(_ found: [LedgerFault], most: Int) {
            faultCount += found.count
            faults += found.prefix(max(0, most - faults.count))
        }
    }

    let connect: @Sendable () throws -> Connection

    /// - Parameter connect: opens a connection as the role `reader`.
    public init(_ connect: @escaping @Sendable () throws -> Connection) { self.connect = connect }

    /// - Throws: `PostgresError`; what is wrong with the ledger is in the report.
    public func run(_ options: Options = Options()) throws -> Report {
        let work = try LedgerVerificationWork(connect(), options)
        let failure = Mutex<(any Error)?>(nil)
        DispatchQueue.concurrentPerform(iterations: max(1, options.threads)) { _ in
            do {
                let reader = try LedgerPacketCheck(connect(), dictionaries: work.dictionaries)
                while let unit = try work.next() {
                    let (checked, faults) = try reader.check(unit, progress: work.advance)
                    work.record(checked, faults)
                }
            } catch is LedgerVerificationWork.Ended {
                // The report says so.
            } catch {
                failure.withLock { $0 = $0 ?? error }
                work.stop()
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
        return try work.finish()
    }
}
