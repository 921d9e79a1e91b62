import Catalog
import Columns
import Foundation
import Schema
import SolarSystem

/// What one file says, or several together: rows of `mpc_orbits`, `numbered_identifications` and `current_identifications` with all columns
/// of the schema document that are not the database's to give.
struct OrbitParts {
    var orbits = Table()
    var numbered = Table()
    var identifications = Table()
}

/// A file of orbits or of identifications, in whichever form it comes.
enum OrbitLoadFile {
    enum Format: Equatable { case mpcorb, comets, json, parquet, csv }

    /// What kind a file is, by its first bytes, and for texts of columns by its lines.
    /// - Throws: `IngestError.notAnInput`
    static func format(of path: String) throws -> Format {
        guard let handle = FileHandle(forReadingAtPath: path), let start = try? handle.read(upToCount: 1 << 16) else {
            throw IngestError.notAnInput(path: path, reason: "there is no such file, or it may not be read")
        }
        if start.starts(with: "PAR1".utf8) { return .parquet }
        if start.starts(with: [0x1F, 0x8B]) { throw IngestError.notAnInput(path: path, reason: "it is compressed: unpack it with gunzip") }
        let name = path.lowercased()
        if name.hasSuffix(".csv") { return .csv }
        if name.hasSuffix(".json") || start.first(where: { ![9, 10, 13, 32].contains($0) }) == UInt8(ascii: "[") { return .json }
        guard !start.isEmpty else { throw IngestError.notAnInput(path: path, reason: "it is empty") }
        return start.split(separator: UInt8(ascii: "\n")).prefix(200).contains(where: isComet) ? .comets : .mpcorb
    }

    /// Whether a line is a comet's: its kind in column 5, and the year of perihelion in columns 15 to 18.
    private static func isComet(_ line: Data) -> Bool {
        let bytes = Array(line)
        guard bytes.count >= 79, "CPDXAI".utf8.contains(bytes[4]) else { return false }
        return bytes[14..<18].allSatisfy { (48...57).contains($0) } && bytes[18] == 32
    }

    /// What a file says; tables that it does not have are empty. All columns of the schema document are there, with its types.
    /// - Throws: `IngestError.notAnInput` naming the line, `TranslationError`, `ColumnsError`
    static func read(_ path: String, _ document: SchemaDocument) throws -> OrbitParts {
        do {
            switch try format(of: path) {
            case .mpcorb: return try conformed(parts(MPCORBFile.read(path)), path, document)
            case .comets: return try conformed(parts(CometElementsFile.read(path)), path, document)
            case .json: return try conformed(parts(MPCJSONFile.read(path)), path, document)
            case .parquet: return try columns(ParquetReader(path: path).read(skippingUnsupported: true), path, document)
            case .csv:
                let target = try definition(csvTable(path), document)
                return try columns(CSV.read(path: path) { target[column: $0]?.datatype.columnType }, path, document)
            }
        } catch let error as OrbitFileError {
            let place = error.line.map { "\(error.unit) \($0): " } ?? ""
            throw IngestError.notAnInput(path: path, reason: place + error.reason)
        }
    }

    private static func parts(_ tables: OrbitTables) -> OrbitParts {
        OrbitParts(orbits: tables.orbits, numbered: tables.numbered, identifications: tables.identifications)
    }

    /// Which table a CSV holds, by its header.
    private static func csvTable(_ path: String) -> String {
        let start = FileHandle(forReadingAtPath: path).flatMap { try? $0.read(upToCount: 1 << 14) } ?? Data()
        let header = start.split(separator: UInt8(ascii: "\n"), maxSplits: 1).first ?? Data()
        let names = String(decoding: header, as: UTF8.self).split(separator: ",").map {
            $0.trimmingCharacters(in: .init(charactersIn: "\" \r"))
        }
        return kind(of: Set(names))
    }

    private static func kind(of names: Set<String>) -> String {
        if names.contains("permid") { return "numbered_identifications" }
        return names.contains("unpacked_secondary_provisional_designation") ? "current_identifications" : "mpc_orbits"
    }

    /// A table that has the schema's columns already.
    private static func columns(_ table: Table, _ path: String, _ document: SchemaDocument) throws -> OrbitParts {
        var out = OrbitParts()
        switch kind(of: Set(table.columnNames)) {
        case "numbered_identifications":
            out.numbered = try packed(table, [("unpacked_primary_provisional_designation", "packed_primary_provisional_designation")], path)
        case "current_identifications":
            out.identifications = try packed(
                table,
                [
                    ("unpacked_primary_provisional_designation", "packed_primary_provisional_designation"),
                    ("unpacked_secondary_provisional_designation", "packed_secondary_provisional_designation"),
                ], path)
        default:
            let designations = try OrbitColumns.read(table, path: path).map(\.designation)
            guard !designations.isEmpty else { throw IngestError.notAnInput(path: path, reason: "it holds no orbit") }
            out.orbits = table
            for name in ["designation", "unpacked_primary_provisional_designation"] {
                out.orbits.set(Column(name, .string(ByteStrings(designations.lazy.map(\.unpacked)))))
            }
            out.orbits.set(
                Column("packed_primary_provisional_designation", .string(ByteStrings(designations.lazy.map(\.packed)))))
        }
        return try conformed(out, path, document)
    }

    /// Designations in the one way of writing, packed beside unpacked.
    private static func packed(_ table: Table, _ names: [(unpacked: String, packed: String)], _ path: String) throws -> Table {
        var out = table
        for (unpacked, packed) in names {
            guard let column = table[unpacked], let texts = column.strings else {
                throw IngestError.notAnInput(path: path, reason: "the column \(unpacked) is missing or of another type")
            }
            let designations = try (0..<table.rowCount).map { row in
                do { return try Designation(texts[row]) } catch let error as DesignationError {
                    throw IngestError.notAnInput(path: path, reason: "row \(row + 1): \(error)")
                }
            }
            out.set(Column(unpacked, .string(ByteStrings(designations.lazy.map(\.unpacked)))))
            out.set(Column(packed, .string(ByteStrings(designations.lazy.map(\.packed)))))
        }
        return out
    }

    private static func definition(_ name: String, _ document: SchemaDocument) throws -> TableDefinition {
        guard var definition = document[table: name] else {
            throw CatalogError.documentLacks(
                what: "table \(name)", document: document.label, advice: "use version 9.1 or later of Rubin's apdb.yaml")
        }
        definition.columns.removeAll { ["id", "created_at", "updated_at"].contains($0.name) }
        for i in definition.columns.indices
        where !definition.columns[i].name.contains("designation") && definition.columns[i].name != "permid" {
            definition.columns[i].isNullable = true
        }
        return definition
    }

    /// All columns of the document, so that tables of several files can be put together.
    private static func conformed(_ tables: OrbitParts, _ path: String, _ document: SchemaDocument) throws -> OrbitParts {
        func conformed(_ table: Table, _ name: String) throws -> Table {
            guard table.rowCount > 0 else { return Table() }
            let target = try definition(name, document)
            let given = try Translator(map: nil, target: target).translate(table, source: path)
            return Table(
                target.columns.map { column in
                    if let own = given[column.name] { return own }
                    if column.name == "identifier_ids" { return Column(column.name, ColumnValues(zeros: .string, count: table.rowCount)) }
                    return Column.nulls(column.name, column.datatype.columnType, count: table.rowCount)
                })
        }
        return OrbitParts(
            orbits: try conformed(tables.orbits, "mpc_orbits"), numbered: try conformed(tables.numbered, "numbered_identifications"),
            identifications: try conformed(tables.identifications, "current_identifications"))
    }
}
