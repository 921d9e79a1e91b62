import Foundation
import Yams

/// Bytes a row by table, measured where the instance has enough rows, else the typical values that ship with the program.
public struct UnitSizes: Sendable {
    public struct Table: Sendable, Equatable {
        /// Bytes of heap, maps and TOAST a row.
        public var heap: Projection.Range
        public var index: Double
        public var origin: Projection.Origin
        public var basis: String
        /// With indexes; those 15 percent emptier or fuller.
        var bytes: Projection.Range { heap + Projection.Range(low: 0.85 * index, expected: index, high: 1.15 * index) }
    }

    public struct Packets: Sendable, Equatable {
        public var baseBytes: Double
        public var bytesPerHistoryRow: Double
        public var storedFraction: Projection.Range
        public var origin: Projection.Origin
        public var basis: String
    }

    /// Rows without which a mean is not taken for the instance's own.
    static let fewestRows: Int64 = 1000

    public var tables: [String: Table]
    public var packets: Packets
    /// What the server keeps of its write-ahead log.
    public var walLimitBytes: Double

    public subscript(table: String) -> Table { tables[table]! }

    private struct Typical: Decodable {
        struct Table: Decodable {
            var heap: [Double]
            var index: Double
            var basis: String?
        }
        struct Packets: Decodable {
            var baseBytes, bytesPerHistoryRow: Double
            var storedFraction: [Double]
        }
        var basis: String
        var tables: [String: Table]
        var packets: Packets
        var walLimitBytes: Double
    }

    /// - Parameter measurement: of the instance; nil for typical values only.
    /// - Throws: `SizingError`, what decoding of the shipped file throws
    public init(_ measurement: SizingMeasurement?) throws {
        let typical = try YAMLDecoder().decode(Typical.self, from: Resource.text("typical.yaml"))
        tables = [:]
        for (name, table) in typical.tables {
            tables[name] = Table(
                heap: Projection.Range(low: table.heap[0], expected: table.heap[1], high: table.heap[2]), index: table.index,
                origin: .projectedFromTypical, basis: "typical: \(table.basis ?? typical.basis)")
        }
        walLimitBytes = measurement.map { Double($0.server.walLimitBytes) } ?? typical.walLimitBytes
        packets = Packets(
            baseBytes: typical.packets.baseBytes, bytesPerHistoryRow: typical.packets.bytesPerHistoryRow,
            storedFraction: Projection.Range(
                low: typical.packets.storedFraction[0], expected: typical.packets.storedFraction[1], high: typical.packets.storedFraction[2]
            ),
            origin: .projectedFromTypical, basis: "typical: \(typical.basis)")
        guard let measurement else { return }
        for name in typical.tables.keys {
            let rows = measurement.rows(of: name)
            guard rows >= Self.fewestRows else { continue }
            let relations = measurement.relations(of: name)
            // What a ledger's row takes beside its packet; packets are projected for themselves.
            let packets = name == "Alert" ? measurement.visits.reduce(0) { $0 + $1.packetStoredBytes } : 0
            let heap = Double(relations.reduce(0) { $0 + $1.heapBytes + $1.mapBytes + $1.toastBytes } - packets) / Double(rows)
            let free = Double(relations.reduce(0) { $0 + ($1.freeBytes ?? 0) }) / Double(rows)
            tables[name] = Table(
                heap: Projection.Range(low: max(0, heap - free), expected: max(0, heap), high: max(0, heap) + free),
                index: Double(relations.reduce(0) { $0 + $1.indexBytes }) / Double(rows), origin: .projectedFromMeasured,
                basis: "measured here: \(rows) rows")
        }
        if let own = measurement.packets, own.alerts >= Self.fewestRows {
            packets = Packets(
                baseBytes: own.baseBytes, bytesPerHistoryRow: own.bytesPerHistoryRow,
                storedFraction: Projection.Range(
                    low: 0.7 * own.storedFraction, expected: own.storedFraction, high: 1.3 * own.storedFraction),
                origin: .projectedFromMeasured, basis: "measured here: \(own.alerts) alerts")
        }
    }
}
