import Foundation
import Postgres

/// What is wrong with an instance or its machine.
public struct Doctor: Sendable {
    public struct Finding: Sendable, Equatable {
        /// The sentence that must hold.
        public var check: String
        /// What contradicts it; empty where it holds.
        public var faults: [String]
    }

    let instance: Instance

    public init(_ instance: Instance) { self.instance = instance }

    /// Checks of the machine and then, if the database answers, of what is stored.
    public func run(progress: (String) -> Void = { _ in }) throws -> [Finding] {
        var findings = [machine()]
        let connection: Connection
        do {
            try instance.cluster?.start()
            connection = try instance.connect(as: .reader)
        } catch {
            return findings + [Finding(check: "The database answers.", faults: ["\(error)"])]
        }
        findings.append(Finding(check: "The database answers.", faults: []))
        findings.append(
            Finding(
                check: "The bookkeeping and the frozen settings are this program's.",
                faults: sentence { try Migrations.check(on: connection, directory: instance.directory) }))
        return try findings + Self.checks(of: instance.currentGeneration(on: connection), on: connection, progress: progress)
    }

    /// What must hold of the rows of a generation, current or not.
    ///
    /// - Parameter progress: told each check before it is made.
    /// - Throws: `PostgresError`; what `progress` throws, to stop.
    public static func checks(of generation: Generation, on connection: Connection, progress: (String) throws -> Void = { _ in }) throws
        -> [Finding]
    {
        try SQLFile.names(in: "doctor").compactMap { name in
            let text = try SQLFile.load("doctor/\(name)", generation.names)
            let check = text.split(separator: "\n").first.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "- ")) } ?? name
            try progress(check)
            // Documents without a column that a check needs cannot break its rule.
            do {
                let table = try connection.transaction { try connection.query(text) }
                return Finding(check: check, faults: (0..<table.rowCount).map { table["what"]?.strings?[$0] ?? "" })
            } catch let error as PostgresError where error.sqlState == "42703" {
                return nil
            }
        }
    }

    private func machine() -> Finding {
        var faults: [String] = []
        if let values = try? URL(fileURLWithPath: instance.directory).resourceValues(forKeys: [.volumeAvailableCapacityKey]),
            let free = values.volumeAvailableCapacity, free < 2 << 30
        {
            faults.append("only \(free >> 20) MiB are free on the disk of \(instance.directory): free some before the next load")
        }
        if instance.cluster != nil { faults += sentence { _ = try ServerPrograms.find() } }
        return Finding(check: "The machine has PostgreSQL and at least 2 GiB of disk to spare.", faults: faults)
    }

    private func sentence(_ body: () throws -> Void) -> [String] {
        do {
            try body()
            return []
        } catch { return ["\(error)"] }
    }
}
