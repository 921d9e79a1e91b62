import CCrypto
import Columns

/// SHA-256 of the rows of a table, whatever their order in the file: rows are taken in the order of an identifier column.
///
/// The digest is over names, types, null flags and value bytes (little-endian), so any change of any value changes it.
public enum ContentDigest {
    /// - Returns: 32 bytes.
    public static func of(_ table: Table, orderedBy identifier: String) -> [UInt8] {
        var sorted = table
        if let ids = table[identifier]?.int64s, !zip(ids, ids.dropFirst()).allSatisfy({ $0 < $1 }) {
            sorted = table.gather(ids.indices.sorted { ids[$0] < ids[$1] })
        }
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        EVP_DigestInit_ex(context, EVP_sha256(), nil)
        func add(_ bytes: UnsafeRawBufferPointer) { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }
        func add<T>(_ values: [T]) { values.withUnsafeBytes(add) }

        add(Array("skyledger-content-1 \(sorted.rowCount)".utf8))
        for column in sorted.columns.sorted(by: { $0.name < $1.name }).map(\.withZeroedNulls) {
            // A column of nulls says no more than an absent one.
            if column.nullCount == column.count { continue }
            add(Array("\u{0}\(column.name) \(column.type.rawValue)".utf8))
            if let validity = column.validity, validity.nullCount > 0 { add(validity.bits) } else { add([0xFF as UInt8]) }
            switch column.values {
            case .bool(let v): add(v)
            case .int16(let v): add(v)
            case .int32(let v): add(v)
            case .int64(let v), .timestamp(let v): add(v)
            case .float(let v): add(v)
            case .double(let v): add(v)
            case .string(let v), .binary(let v):
                add(v.offsets)
                add(v.bytes)
            }
        }
        var out = [UInt8](repeating: 0, count: 32)
        EVP_DigestFinal_ex(context, &out, nil)
        return out
    }
}
