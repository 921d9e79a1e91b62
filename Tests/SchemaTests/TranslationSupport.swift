import TestSupport
import Columns
import Foundation
import Schema
import Yams

/// A tiny reading of the real documents, for tests of this room only.
enum RealDocuments {
    static let order = [
        "2022-04-19", "2023-05-28", "v0.1.1", "v1.0.0", "v1.1.0", "v2.0.0", "v2.0.1", "v7.0.0", "v8.0.0", "v9.0.0", "v9.1.1", "v10.0.0",
    ]
    static let areThere = PackageFolder.hasData("felis/apdb-v10.0.0.yaml")

    static func read(_ name: String) throws -> SchemaDocument {
        let root =
            try Yams.load(yaml: String(contentsOfFile: "\(PackageFolder.data.path)/felis/apdb-\(name).yaml", encoding: .utf8))
            as! [String: Any]
        let tables = (root["tables"] as! [[String: Any]]).map { table in
            let columns = (table["columns"] as! [[String: Any]]).map { column in
                var value: DefaultValue?
                if let number = column["value"] as? Int { value = .integer(Int64(number)) }
                return ColumnDefinition(
                    column["name"] as! String, FelisType(rawValue: column["datatype"] as! String)!, length: column["length"] as? Int,
                    precision: column["precision"] as? Int, isNullable: column["nullable"] as? Bool ?? true, defaultValue: value,
                    unit: (column["ivoa:unit"] ?? column["fits:tunit"]) as? String)
            }
            let key = table["primaryKey"]
            let keys = (key as? [String] ?? (key as? String).map { [$0] } ?? []).map { String($0.split(separator: ".").last!) }
            return TableDefinition(name: table["name"] as! String, columns: columns, primaryKey: keys)
        }
        return SchemaDocument(name: "apdb", version: SchemaVersion(String(name.drop { $0 == "v" })), tables: tables)
    }
}

/// Random rows of a table; nulls where they may be.
func randomTable(_ table: TableDefinition, rows: Int, using generator: inout SeededGenerator) -> Table {
    Table(
        table.columns.map { column in
            let values: ColumnValues
            switch column.datatype.columnType {
            case .bool: values = .bool((0..<rows).map { _ in Bool.random(using: &generator) })
            case .int16: values = .int16((0..<rows).map { _ in .random(in: 0...99, using: &generator) })
            case .int32: values = .int32((0..<rows).map { _ in .random(in: 0...99, using: &generator) })
            case .int64:
                // Few objects, so that rows of one table meet rows of another; detectors that a short holds.
                let upper: Int64 = column.name == "diaObjectId" ? 20 : column.name == "flags" ? .max : 30_000
                values = .int64((0..<rows).map { _ in .random(in: 0...upper, using: &generator) })
            case .float: values = .float((0..<rows).map { _ in .random(in: -1000...1000, using: &generator) })
            case .double: values = .double((0..<rows).map { _ in .random(in: -1000...60_000, using: &generator) })
            case .string: values = .string(ByteStrings((0..<rows).map { _ in "ugrizy".map(String.init).randomElement(using: &generator)! }))
            case .binary: values = .binary(ByteStrings((0..<rows).map { _ in "ab" }))
            case .timestamp:
                values = .timestamp((0..<rows).map { _ in .random(in: 63_072_000_000_000...1_800_000_000_000_000, using: &generator) })
            }
            let validity = column.isNullable ? Validity((0..<rows).map { _ in Bool.random(using: &generator) }) : nil
            return Column(column.name, values, validity: validity)
        })
}

/// The values of a column as texts, nulls as nil; exact for numbers.
func texts(_ column: Column) -> [String?] {
    (0..<column.count).map { row in
        guard !column.isNull(row) else { return nil }
        switch column.values {
        case .bool(let v): return "\(v[row])"
        case .int16(let v): return "\(v[row])"
        case .int32(let v): return "\(v[row])"
        case .int64(let v), .timestamp(let v): return "\(v[row])"
        case .float(let v): return "\(v[row])"
        case .double(let v): return "\(v[row])"
        case .string(let v), .binary(let v): return v[row]
        }
    }
}
