import Alerts
import Columns
import Foundation

/// Avro packets to values and back, and tables to records. The file is a container of alerts with histories.
enum AvroMeasurement {
    static func run(path: String) throws {
        let container = try AvroContainer(reading: [UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
        let body = try container.blocks.indices.flatMap { try container.body(ofBlock: $0) }
        let count = container.blocks.reduce(0) { $0 + $1.valueCount }
        let decoder = AvroDecoder(container.schema)
        let encoder = AvroEncoder(container.schema)
        var values: [AvroValue] = []
        try measure("avro decode", body.count) {
            values = []
            var at = 0
            for _ in 0..<count { values.append(try decoder.decode(body, at: &at)) }
        }
        var out: [UInt8] = []
        try measure("avro encode", body.count) {
            out = []
            for value in values { try encoder.encode(value, to: &out) }
        }
        if out != body { throw AvroError.container(offset: 0, reason: "its values are not encoded to the bytes that they came in") }
        try rows(of: values, container.schema)
    }

    /// Histories from columns, and packets of one source, its history of about 27 KB and three stamps of 18 KB (DMTN-102, DMTN-183).
    private static func rows(of values: [AvroValue], _ schema: AvroSchema) throws {
        guard let record = schema.record("prvDiaSources") ?? schema.record("diaSource") else { return }
        let real = Table(avroRecords: values.flatMap { $0["prvDiaSources"]?.items ?? [] }, of: record, in: schema)
        if real.rowCount == 0 { return }
        let table = real.gather((0..<20_000).map { $0 % real.rowCount })
        var writer = try AvroRowWriter(record: record.name, of: schema, table: table)
        try measure("avro rows prepare", 0) { writer = try AvroRowWriter(record: record.name, of: schema, table: table) }
        var out: [UInt8] = []
        writer.append(rows: 0..<table.rowCount, to: &out)
        let size = out.count
        try measure("avro rows", size) {
            out.removeAll(keepingCapacity: true)
            writer.append(rows: 0..<table.rowCount, to: &out)
        }
        try measure("avro rows one by one", size) {
            out.removeAll(keepingCapacity: true)
            for row in 0..<table.rowCount { writer.append(row: row, to: &out) }
        }
        let historyRows = max(27_000 * table.rowCount / size, 1)
        let stamp = [UInt8](repeating: 7, count: 18_000)
        var total = 0
        let packets = { (sizeBytes: inout Int) in
            sizeBytes = 0
            var packet: [UInt8] = []
            for alert in 0..<10_000 {
                packet.removeAll(keepingCapacity: true)
                packet += ConfluentFrame.header(schemaId: 1100)
                let first = alert % (table.rowCount - historyRows)
                writer.append(row: first, to: &packet)
                writer.appendArray(rows: first..<first + historyRows, to: &packet)
                for _ in 0..<3 { AvroBytes.append(stamp, to: &packet) }
                sizeBytes += packet.count
            }
        }
        packets(&total)
        try measure("avro 10000 packets", total) { packets(&total) }
    }

    /// The best of five runs.
    private static func measure(_ name: String, _ sizeBytes: Int, _ body: () throws -> Void) throws {
        var best = Double.infinity
        for _ in 0..<5 { best = min(best, try seconds(body)) }
        report(name, ["bytes": Double(sizeBytes), "seconds": best, "megabytesPerSecond": Double(sizeBytes) / best / 1e6])
    }
}
