import ArgumentParser
import Catalog
import Columns
import Foundation
import Ingest
import Schema

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Schema documents: show, DDL, compare, migrate, translate a file's columns.",
        subcommands: [SchemaShow.self, SchemaDDL.self, SchemaDiff.self, SchemaMigrate.self, SchemaTranslate.self])
}

/// Reads a document by path; documents that import from another find the newest one.
func readDocument(_ path: String) throws -> SchemaDocument {
    try FelisReader.read(path: path) { _ in try? String(contentsOfFile: DefaultSchema.path(), encoding: .utf8) }
}

/// The document named, else the instance's where there is one, else the newest that is installed.
func chosenDocument(_ schema: String?, _ instance: InstanceOptions) throws -> SchemaDocument {
    if let schema { return try readDocument(schema) }
    guard instance.isNamed || FileManager.default.fileExists(atPath: instance.directory + "/instance.json") else {
        return try readDocument(DefaultSchema.path())
    }
    let instance = try instance.open()
    return try instance.currentGeneration(on: instance.connect(as: .reader)).document
}

struct SchemaShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "The tables and columns of the instance's schema, or of a document.",
        discussion: """
            Without --schema the columns that SkyLedger adds to each table are listed too, after the document's.
            Example: skyledger schema show --table DiaSource
            """)

    @Option(help: "A Felis YAML file instead of the instance's schema.") var schema: String?
    @Option(help: "One table only.") var table: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let document = try chosenDocument(schema, instance)
        if let table, document[table: table] == nil {
            throw RequestError("\(document.label) has no table \(table): it has \(document.tables.map(\.name).joined(separator: ", "))")
        }
        let rows = document.tables.filter { table == nil || $0.name == table }.flatMap { t in
            let own = schema == nil ? GenerationLayout.ownColumns(of: t.name).filter { t[column: $0.name] == nil } : []
            return (t.columns + own).map { (t.name, $0) }
        }
        func text(_ value: (ColumnDefinition) -> String?) -> Column {
            let values = rows.map { value($0.1) }
            return Column("", .string(.init(values.map { $0 ?? "" })), validity: Validity(values.lazy.map { $0 != nil }))
        }
        try RowOutput.write(
            Table([
                Column("table", .string(.init(rows.map(\.0)))), Column("column", .string(.init(rows.map { $0.1.name }))),
                text { $0.datatype.rawValue }.renamed("type"), Column("nullable", .bool(rows.map { $0.1.isNullable })),
                text { $0.unit }.renamed("unit"), text { $0.ucd }.renamed("ucd"),
                text { $0.description?.split(whereSeparator: \.isWhitespace).joined(separator: " ") }.renamed("description"),
            ]), output.request)
    }
}

struct SchemaDDL: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ddl", abstract: "SQL that makes the tables of a document in PostgreSQL.",
        discussion: "Example: skyledger schema ddl --schema apdb.yaml")

    @Option(help: "A Felis YAML file (default: the instance's, else the newest that is installed).") var schema: String?
    @Option(help: "The database schema that the tables go to.") var namespace = "apdb"
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let creation = DDL.creation(of: try chosenDocument(schema, instance), schema: namespace)
        for statement in creation.statements { print(statement + ";") }
        for note in creation.notes { print("-- left out: \(note)") }
    }
}

struct SchemaDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "What differs between two documents, column by column.",
        discussion: "Example: skyledger schema diff old.yaml new.yaml --format json")

    @Argument(help: "The older Felis YAML file.") var old: String
    @Argument(help: "The newer one.") var new: String
    @OptionGroup var output: OutputOptions

    func run() throws {
        let (old, new) = (try readDocument(old), try readDocument(new))
        var renames: [String: [String: String]] = [:]
        for table in old.tables {
            guard let newer = new[table: table.name] else { continue }
            for column in newer.columns where table[column: column.name] == nil {
                let ancestor = RenameMap.builtIn.ancestors(of: column.name, table: table.name).first {
                    table[column: $0.name] != nil && newer[column: $0.name] == nil
                }
                if let ancestor { renames[table.name, default: [:]][ancestor.name] = column.name }
            }
        }
        let difference = SchemaDifference(from: old, to: new, renames: renames)
        if output.format == .table {
            try RowOutput.text(difference.text, output.request)
        } else {
            try RowOutput.write(difference.rows, output.request)
        }
    }
}

struct SchemaTranslate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "translate", abstract: "Translate a catalog's columns to those of the schema, by name or by a map.",
        discussion: "Example: skyledger schema translate --map hits2015 dia_source.parq out.parquet")

    @Argument(help: "A Parquet or FITS file.") var input: String
    @Argument(help: "The file to write: .parquet or .fits.") var out: String
    @Option(help: "A YAML file, or the name of a shipped map (hits2015, ztf-alerts).") var map: String?
    @Option(help: "The table, where no map says it.") var table = "DiaSource"
    @Option(help: "A Felis YAML file (default: the instance's, else the newest that is installed).") var schema: String?

    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let map = try map.map(ShippedMaps.read)
        let document = try chosenDocument(schema, instance)
        let name = map?.table ?? table
        guard let target = document[table: name] else { throw RequestError("\(document.label) has no table \(name)") }
        // A file is translated as far as it goes; what a table demands is asked of it when it is loaded.
        var lenient = target
        for i in lenient.columns.indices { lenient.columns[i].isNullable = true }
        let (rows, report) = try Translator(map: map, target: lenient).translateReporting(CatalogFile.read(input), source: input)
        if out.lowercased().hasSuffix(".fits") { try FITSTable.write(rows, to: out) } else { try ParquetWriter.write(rows, to: out) }
        let demanded = target.columns.filter { !$0.isNullable && rows[$0.name] == nil }.map(\.name)
        print("\(rows.rowCount) rows, \(rows.columns.count) columns of \(name) in \(out)")
        if !report.dropped.isEmpty { print("not in the schema: \(report.dropped.joined(separator: ", "))") }
        if !demanded.isEmpty { print("the schema demands, the file lacks: \(demanded.joined(separator: ", "))") }
    }
}
