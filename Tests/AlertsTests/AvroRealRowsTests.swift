import Alerts
import Columns
import Testing

@Suite("Rows of real histories", .enabled(if: AvroScript.hasData, AvroScript.missingData))
struct AvroRealRowsTests {
    @Test(
        "histories of real alerts, put into columns, are written with the bytes that they came in",
        arguments: ["prvDiaSources", "prvDiaForcedSources"])
    func histories(field: String) throws {
        let container = try AvroContainer(reading: AvroScript.bytes(AvroRealFiles.containers[0]))
        guard case .record(let alert) = container.schema.root, let type = alert.field(field)?.type else {
            throw AvroError.schema(place: field, reason: "the container has no such field")
        }
        let record = try #require(Self.itemRecord(type))
        var rowCount = 0
        for value in try container.values() {
            guard let items = value[field]?.items, !items.isEmpty else { continue }
            let records = items.map(\.unwrapped)
            let table = Table(avroRecords: items, of: record, in: container.schema)
            var written: [UInt8] = []
            try AvroRowWriter(record: record.name, of: container.schema, table: table).append(rows: 0..<records.count, to: &written)
            var expected: [UInt8] = []
            let encoder = AvroEncoder(container.schema, type: .record(record))
            for record in records { try encoder.encode(record, to: &expected) }
            #expect(written == expected)
            rowCount += records.count
        }
        #expect(rowCount > 100)
    }

    /// The record of an array's items, below unions.
    static func itemRecord(_ type: AvroType) -> AvroRecord? {
        switch type {
        case .record(let record): record
        case .array(let items): itemRecord(items)
        case .union(let branches): branches.lazy.compactMap(itemRecord).first
        default: nil
        }
    }
}
