import CArrow
import Foundation

/// `carrow_writer_open` for these columns; the result is its message.
func openArrowWriter(
    _ descriptor: Int32, _ columns: [Column], _ nested: [NestedTable], _ metadata: [String: String], _ compression: ParquetCompression,
    _ writer: inout OpaquePointer?
) -> UnsafeMutablePointer<CChar>? {
    var texts: [UnsafeMutablePointer<CChar>] = []
    defer { for text in texts { free(text) } }
    func text(_ string: String) -> UnsafePointer<CChar> {
        let copy = strdup(string)!
        texts.append(copy)
        return UnsafePointer(copy)
    }
    func field(_ column: Column, in parent: String?) -> carrow_field {
        carrow_field(
            name: text(column.name), type: column.type.arrow, unit: column.unit.map(text), description: column.comment.map(text),
            ucd: column.ucd.map(text), parent: parent.map(text))
    }
    let fields = columns.map { field($0, in: nil) } + nested.flatMap { parent in parent.table.columns.map { field($0, in: parent.name) } }
    let pairs = metadata.sorted { $0.key < $1.key }
    let keys: [UnsafePointer<CChar>?] = pairs.map { text($0.key) }
    let values: [UnsafePointer<CChar>?] = pairs.map { text($0.value) }
    return carrow_writer_open(
        descriptor, fields, Int32(fields.count), keys, values, Int32(pairs.count), compression.arrow, &writer)
}

extension Column {
    /// The column's memory as the C functions look at it, for the time of the call.
    func withArrowValues<Result>(_ body: (UnsafePointer<carrow_values>) -> Result) -> Result {
        func call(_ bytes: UnsafeRawBufferPointer, _ offsets: UnsafePointer<Int32>?) -> Result {
            func described(_ bitmap: UnsafePointer<UInt8>?) -> Result {
                var description = carrow_values(
                    length: Int64(count), validity: bitmap, values: bytes.baseAddress, values_size_bytes: Int64(bytes.count),
                    offsets: offsets)
                return body(&description)
            }
            guard let validity else { return described(nil) }
            return validity.bits.withUnsafeBufferPointer { described($0.baseAddress) }
        }
        switch values {
        case .bool(let v): return v.withUnsafeBytes { call($0, nil) }
        case .int16(let v): return v.withUnsafeBytes { call($0, nil) }
        case .int32(let v): return v.withUnsafeBytes { call($0, nil) }
        case .int64(let v), .timestamp(let v): return v.withUnsafeBytes { call($0, nil) }
        case .float(let v): return v.withUnsafeBytes { call($0, nil) }
        case .double(let v): return v.withUnsafeBytes { call($0, nil) }
        case .string(let v), .binary(let v):
            return v.bytes.withUnsafeBytes { bytes in v.offsets.withUnsafeBufferPointer { call(bytes, $0.baseAddress) } }
        }
    }
}

extension ColumnType {
    fileprivate var arrow: carrow_type {
        switch self {
        case .bool: CARROW_BOOL
        case .int16: CARROW_INT16
        case .int32: CARROW_INT32
        case .int64: CARROW_INT64
        case .float: CARROW_FLOAT
        case .double: CARROW_DOUBLE
        case .string: CARROW_STRING
        case .binary: CARROW_BINARY
        case .timestamp: CARROW_TIMESTAMP
        }
    }
}

extension ParquetCompression {
    fileprivate var arrow: carrow_compression {
        switch self {
        case .none: CARROW_NONE
        case .snappy: CARROW_SNAPPY
        case .zstd: CARROW_ZSTD
        }
    }
}
