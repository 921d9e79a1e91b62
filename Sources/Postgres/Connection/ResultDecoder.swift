import CLibPQ
import Columns

/// Turns a result in binary format into columns.
enum ResultDecoder {
    static func table(_ result: OpaquePointer) throws -> Table {
        let columns = try fields(of: result).map { ColumnBuilder(name: $0.name, decoding: $0.decoding) }
        let rows = PQntuples(result)
        for row in 0..<rows {
            for (i, column) in columns.enumerated() {
                if PQgetisnull(result, row, Int32(i)) == 1 {
                    column.appendNull()
                } else {
                    let length = Int(PQgetlength(result, row, Int32(i)))
                    let bytes = UnsafeRawPointer(PQgetvalue(result, row, Int32(i))!)
                    guard column.append(bytes, length) else {
                        throw PostgresError(.encoding, "column \(column.name) came with \(length) bytes, which its type does not have")
                    }
                }
            }
        }
        return Table(columns.map { $0.finish() })
    }

    /// Names and types of a result's columns. Names that occur twice get a number.
    static func fields(of result: OpaquePointer) throws -> [(name: String, decoding: ColumnDecoding)] {
        var seen: [String: Int] = [:]
        return try (0..<PQnfields(result)).map { i in
            var name = String(cString: PQfname(result, i))
            seen[name, default: 0] += 1
            if let count = seen[name], count > 1 { name += "_\(count)" }
            let oid = PQftype(result, i)
            guard let decoding = ColumnDecoding(oid: oid) else {
                throw PostgresError(
                    .encoding, "column \(name) has a type (OID \(oid)) without counterpart here: cast it, for example to text")
            }
            return (name, decoding)
        }
    }
}
