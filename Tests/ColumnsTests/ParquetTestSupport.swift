import Foundation
import TestSupport
import Testing

@testable import Columns

/// A folder of its own that goes with its owner.
final class ParquetScratch {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/parquet-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
}

/// Runs a Python script with pyarrow in the folder; what it wrote to standard error is shown where it fails.
func runParquetPython(_ script: String, in folder: ParquetScratch) throws {
    try GoldenScript.program(parquetPythonPrelude + script, in: folder.path)
}

/// `dump` writes values in the form of `rawBytes` below: for each row a byte 1 and the value little-endian, or a byte 0.
private let parquetPythonPrelude = """
    import struct, sys, datetime, numpy as np, pyarrow as pa, pyarrow.parquet as pq
    codes = {'bool': '<?', 'int16': '<h', 'int32': '<i', 'int64': '<q', 'float': '<f', 'double': '<d', 'timestamp': '<q'}
    def raw(type, values):
        out = bytearray()
        for value in values:
            if value is None: out.append(0); continue
            out.append(1)
            if type == 'string': value = value.encode()
            if type in ('string', 'binary'): out += struct.pack('<i', len(value)) + value
            elif isinstance(value, bytes): out += value
            else: out += struct.pack(codes[type], value)
        return bytes(out)
    def dump(name, type, values):
        open(f'{name}.{type}.raw', 'wb').write(raw(type, values))

    """

/// A column's rows as the Python scripts write them.
func rawBytes(_ column: Column) -> [UInt8] {
    var out: [UInt8] = []
    func append<T: BitwiseCopyable>(_ value: T) { withUnsafeBytes(of: value) { out.append(contentsOf: $0) } }
    for row in 0..<column.count {
        out.append(column.isNull(row) ? 0 : 1)
        if column.isNull(row) { continue }
        switch column.values {
        case .bool(let v): append(v[row])
        case .int16(let v): append(v[row])
        case .int32(let v): append(v[row])
        case .int64(let v), .timestamp(let v): append(v[row])
        case .float(let v): append(v[row].bitPattern)
        case .double(let v): append(v[row].bitPattern)
        case .string(let v), .binary(let v):
            append(Int32(v.bytes(at: row).count))
            out.append(contentsOf: v.bytes(at: row))
        }
    }
    return out
}

/// Columns of all types with values at the edges of each, some of them null; zero where null, as a column must be.
func randomParquetTable(rows: Int, seed: UInt64) -> Table {
    var random = SeededGenerator(state: seed)
    func values<T>(_ edges: [T], _ any: (UInt64) -> T) -> [T] {
        (0..<rows).map { _ in random.next() % 4 == 0 ? edges[Int(random.next() % UInt64(edges.count))] : any(random.next()) }
    }
    let texts = ["", "\0", "a\0b", "Ωmega", "🌌🔭", String(repeating: "long ", count: 50), "NaN"]
    let doubles: [Double] = [.nan, -.nan, Double(bitPattern: 0x7FF8_0000_DEAD_BEEF), .infinity, -.infinity, -0.0, .leastNonzeroMagnitude]
    let floats: [Float] = [.nan, Float(bitPattern: 0x7FC0_BEEF), .infinity, -.infinity, -0.0, .leastNonzeroMagnitude]
    let binary = values([[], [0], [0xFF, 0xFE]]) { bits in (0..<(bits % 9)).map { UInt8(truncatingIfNeeded: bits >> ($0 * 7)) } }
    var bytes = ByteStrings()
    for value in binary { bytes.append(value) }
    let all: [(String, ColumnValues)] = [
        ("b", .bool(values([true, false]) { $0 & 1 == 1 })),
        ("i16", .int16(values([.min, .max, 0]) { Int16(truncatingIfNeeded: $0) })),
        ("i32", .int32(values([.min, .max, 0]) { Int32(truncatingIfNeeded: $0) })),
        ("i64", .int64(values([.min, .max, 0]) { Int64(truncatingIfNeeded: $0) })),
        ("f", .float(values(floats) { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) })),
        ("d", .double(values(doubles) { Double(bitPattern: $0) })),
        ("s", .string(ByteStrings(values(texts) { String($0, radix: 36) }))),
        ("x", .binary(bytes)),
        ("t", .timestamp(values([.min, .max, 0, -1]) { Int64(truncatingIfNeeded: $0) >> 12 })),
    ]
    var columns = all.map { Column($0.0, $0.1, unit: "u \($0.0)", comment: "the column Ω \($0.0)") }
    for (name, plain) in all {
        let valid = (0..<rows).map { _ in random.next() % 3 != 0 }
        columns.append(blanked(Column(name + "_nulls", plain, validity: Validity(valid))))
    }
    return Table(columns)
}

/// The column with zeros where it is null; a validity without nulls is left out.
private func blanked(_ column: Column) -> Column {
    let zero = ColumnValues(zeros: column.type, count: 1)
    var values = ColumnValues(zeros: column.type, count: 0)
    for row in 0..<column.count { values.append(column.isNull(row) ? zero : column.values.gather([row])) }
    return Column(column.name, values, validity: column.nullCount == 0 ? nil : column.validity)
}

/// Names, types, units, comments and every bit of every value alike (`==` would have NaN unlike itself).
func expectSame(_ a: Table, _ b: Table, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(a.rowCount == b.rowCount, sourceLocation: sourceLocation)
    #expect(a.columnNames == b.columnNames, sourceLocation: sourceLocation)
    for (x, y) in zip(a.columns, b.columns) {
        #expect(x.type == y.type && x.unit == y.unit && x.comment == y.comment, "\(x.name)", sourceLocation: sourceLocation)
        #expect(rawBytes(x) == rawBytes(y), "\(x.name)", sourceLocation: sourceLocation)
        #expect(x.validity == y.validity, "\(x.name)", sourceLocation: sourceLocation)
    }
}
