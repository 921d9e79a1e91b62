import Columns
import Foundation
import TestSupport

/// The columns of a table as the schema document lists them, read line by line: the SolarSystem room knows no YAML.
enum SSSchema {
    static let missing = "needs the schema document: run tools/bootstrap, or set SKYLEDGER_DEPS"
    static var path: String { PackageFolder.schema.path }
    static var isAvailable: Bool { FileManager.default.fileExists(atPath: path) }

    /// "name type unit" of each column; the unit is "-" where there is none.
    static func columns(of table: String) throws -> [String] {
        var out: [[String]] = []
        var isInside = false
        var isInColumns = false
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("- name: ") { isInside = line.dropFirst(8) == table }
            guard isInside else { continue }
            if line.hasPrefix("  "), !line.hasPrefix("   "), line.hasSuffix(":") { isInColumns = line == "  columns:" }
            guard isInColumns else { continue }
            if line.hasPrefix("  - name: ") { out.append([String(line.dropFirst(10)), "", "-"]) }
            if line.hasPrefix("    datatype: ") { out[out.count - 1][1] = String(line.dropFirst(14)) }
            if line.hasPrefix("    ivoa:unit: ") { out[out.count - 1][2] = String(line.dropFirst(15)) }
        }
        return out.map { $0.joined(separator: " ") }
    }

    static func described(_ table: Table) -> [String] {
        let names: [ColumnType: String] = [
            .int16: "short", .int32: "int", .int64: "long", .float: "float", .double: "double", .string: "char", .bool: "boolean",
        ]
        return table.columns.map { "\($0.name) \(names[$0.type] ?? "?") \($0.unit ?? "-")" }
    }
}
