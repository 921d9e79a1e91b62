import Foundation
import Postgres
import Schema

/// Makes time partitions before they are needed, each once.
struct PartitionKeeper {
    private let generation: Generation
    private var known: Set<String> = []

    init(_ generation: Generation) { self.generation = generation }

    /// Sees to it that rows of these times have a partition. Runs outside the store's transaction, so that its locks are held for an instant.
    mutating func ensure(on connection: Connection, sourceMjdTai: Double) throws {
        for (table, parent, key) in generation.layout.timePartitioned where table != "DiaObject" {
            try ensure(TimePartition(mjdTai: sourceMjdTai), of: table, parent: parent, key: key, on: connection)
        }
    }

    /// Runs a body that stores rows of a time. Where retention has dropped the month since it was made, it is made again: a late visit is stored
    /// like any other, and goes with the next retention.
    mutating func withSourcePartitions<Result>(
        on connection: Connection, sourceMjdTai: Double, _ body: (inout PartitionKeeper) throws -> Result
    )
        throws -> Result
    {
        try ensure(on: connection, sourceMjdTai: sourceMjdTai)
        do {
            return try body(&self)
        } catch let error as PostgresError where error.isPartitionMissing {
            known = []
            try ensure(on: connection, sourceMjdTai: sourceMjdTai)
            return try body(&self)
        }
    }

    /// Runs a body that ends versions at a time. Where a version began later than that (a replay after a load by the machine's clock), the
    /// month in which it must end is made and the body run once more.
    mutating func withClosingPartitions<Result>(on connection: Connection, mjdTai: Double, _ body: () throws -> Result) throws -> Result {
        try ensureClosing(on: connection, at: mjdTai)
        do {
            return try body()
        } catch let error as PostgresError where error.isPartitionMissing {
            let start = quoted(generation.layout.roles.validityStart)
            let newest = try connection.query("SELECT max(\(start)) AS newest FROM \(generation.table("DiaObject_open"))")
            guard let latest = newest["newest"]?.doubles?.first, latest > mjdTai else { throw error }
            var month = TimePartition(mjdTai: mjdTai)
            while month <= TimePartition(mjdTai: latest + 1) {
                try ensureClosing(on: connection, at: month.lowerMjdTai)
                month.number += 1
            }
            return try body()
        }
    }

    private mutating func ensureClosing(on connection: Connection, at mjdTai: Double) throws {
        for (table, parent, key) in generation.layout.timePartitioned where table == "DiaObject" {
            // Versions may end a little after the clock's time when an object is touched twice within its resolution.
            for partition in Set([mjdTai, mjdTai + 1].map { TimePartition(mjdTai: $0) }).sorted() {
                try ensure(partition, of: table, parent: parent, key: key, on: connection)
            }
        }
    }

    private mutating func ensure(
        _ partition: TimePartition, of table: String, parent: String, key: GenerationLayout.TimeKey, on connection: Connection
    ) throws {
        let name = partition.name(of: table)
        if known.contains(name) { return }
        try Self.make(partition, of: table, parent: parent, key: key, generation: generation, on: connection)
        known.insert(name)
    }

    /// Makes a partition unless it exists.
    static func make(
        _ partition: TimePartition, of table: String, parent: String, key: GenerationLayout.TimeKey, generation: Generation,
        on connection: Connection
    ) throws {
        try connection.query(
            "SELECT skyledger.make_time_partition($1, $2, $3, $4, $5)",
            [
                .text(generation.schemaName), .text(parent), .text(partition.name(of: table)),
                .text(bound(partition.lowerMjdTai, key)), .text(bound(partition.upperMjdTai, key)),
            ])
    }

    /// A bound as a literal of the key's type.
    static func bound(_ mjdTai: Double, _ key: GenerationLayout.TimeKey) -> String {
        switch key {
        case .mjd: return String(mjdTai)
        case .timestamp:
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.timeZone = TimeZone(identifier: "UTC")
            formatter.dateFormat = "yyyy-MM-dd HH:mm:ss"
            return formatter.string(from: Date(timeIntervalSince1970: (mjdTai - 40587) * 86400))
        }
    }
}

extension PostgresError {
    /// Whether a row found no partition.
    fileprivate var isPartitionMissing: Bool { sqlState == "23514" && message.contains("no partition of relation") }
}
