import Foundation
import TestSupport
import Testing

@testable import Columns

/// A folder of its own that goes with its owner.
final class FITSScratch {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/fits-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
}

/// Runs a Python script in the folder and returns what it prints; what it wrote to standard error is shown where it fails.
@discardableResult
func runFITSPython(_ script: String, in folder: FITSScratch) throws -> String {
    try GoldenScript.program(fitsPythonPrelude + script, in: folder.path)
}

/// `show` prints a value as `shown` does: a null, the bits of a floating-point number, an integer, a text in hexadecimal.
private let fitsPythonPrelude = """
    import struct, json, csv, sys, warnings
    def show(kind, v):
        if v is None: return 'null'
        if kind == 'float': return 'e' + struct.pack('>f', v).hex()
        if kind == 'double': return 'd' + struct.pack('>d', v).hex()
        if kind == 'bool': return 'true' if v else 'false'
        if kind in ('string', 'binary', 'timestamp'): return 's' + v.encode().hex()
        return str(int(v))

    """

/// The column's rows as `show` of the Python scripts prints them.
func shown(_ column: Column) -> [String] {
    func padded(_ bits: some BinaryInteger, _ width: Int) -> String {
        let text = String(bits, radix: 16)
        return String(repeating: "0", count: width - text.count) + text
    }
    return (0..<column.count).map { row in
        if column.isNull(row) { return "null" }
        switch column.values {
        case .bool(let v): return v[row] ? "true" : "false"
        case .int16(let v): return "\(v[row])"
        case .int32(let v): return "\(v[row])"
        case .int64(let v): return "\(v[row])"
        case .float(let v): return "e" + padded(v[row].bitPattern, 8)
        case .double(let v): return "d" + padded(v[row].bitPattern, 16)
        case .string(let v): return "s" + v.bytes(at: row).map { padded($0, 2) }.joined()
        case .binary(let v): return "s" + v.bytes(at: row).flatMap { padded($0, 2).utf8 }.map { padded($0, 2) }.joined()
        case .timestamp(let v):
            var text: [UInt8] = []
            ISOTimestamp.append(v[row], to: &text)
            return "s" + text.map { padded($0, 2) }.joined()
        }
    }
}

/// A table of all types with nulls, zeros (or empty texts) where null, and values at the edges of each type.
/// - Parameter texts: what text cells are drawn from.
func randomFITSTable(rows: Int, seed: UInt64, texts: [String], types: [ColumnType] = ColumnType.allCases) -> Table {
    var random = SeededGenerator(state: seed)
    return Table(
        types.flatMap { type in
            [false, true].map { withNulls in
                let valid = (0..<rows).map { _ in !withNulls || random.next() % 4 != 0 }
                func values<Value>(_ zero: Value, _ edges: [Value], _ any: (UInt64) -> Value) -> [Value] {
                    valid.map { valid in
                        let (choice, bits) = (random.next(), random.next())
                        return !valid ? zero : choice % 5 == 0 ? edges[Int(bits % UInt64(edges.count))] : any(bits)
                    }
                }
                let made: ColumnValues =
                    switch type {
                    case .bool: .bool(values(false, [true]) { $0 & 1 == 1 })
                    case .int16: .int16(values(0, [.min, .max, -1, .min + 1]) { Int16(truncatingIfNeeded: $0) })
                    case .int32: .int32(values(0, [.min, .max, -1, .min + 1]) { Int32(truncatingIfNeeded: $0) })
                    case .int64: .int64(values(0, [.min, .max, -1, .min + 1]) { Int64(bitPattern: $0) })
                    case .float:
                        .float(
                            values(0, [.infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1]) {
                                let value = Float(bitPattern: UInt32(truncatingIfNeeded: $0))
                                return value.isNaN ? 1.5 : value
                            })
                    case .double:
                        .double(
                            values(0, [.infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1]) {
                                let value = Double(bitPattern: $0)
                                return value.isNaN ? 1.5 : value
                            })
                    case .string: .string(ByteStrings(values("", texts) { texts[Int($0 % UInt64(texts.count))] }))
                    case .binary: .binary(ByteStrings(values("", texts) { texts[Int($0 % UInt64(texts.count))] }))
                    case .timestamp:
                        .timestamp(
                            values(0, [0, -1, 951_782_400_000_000]) { Int64($0 % 200_000_000_000_000_000) - 60_000_000_000_000_000 })
                    }
                let validity = valid.contains(false) ? Validity(valid) : nil
                return Column(
                    "\(type)\(withNulls ? "WithNulls" : "")", made, validity: validity, unit: withNulls ? "nJy" : nil,
                    comment: withNulls ? String(repeating: "It's a long comment. ", count: 8) + "End" : nil)
            }
        })
}
