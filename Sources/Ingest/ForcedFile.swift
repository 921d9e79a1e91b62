import Catalog
import Columns
import Schema

/// Files of DiaForcedSources in any form that is read here, as rows of the schema document.
public enum ForcedFile {
    /// - Parameters:
    ///   - path: Parquet, FITS, or CSV where the name says so.
    ///   - absent: columns that the document demands and the file may lack, since they are filled later.
    /// - Throws: `ColumnsError`, `TranslationError`, `IngestError`
    public static func read(_ path: String, generation: Generation, absent: Set<String>) throws -> Table {
        let target = try Self.target(generation, absent: absent)
        let isText = [".csv", ".txt"].contains { path.lowercased().hasSuffix($0) }
        let given = try isText ? CSV.read(path: path) { target[column: $0]?.datatype.columnType } : CatalogFile.read(path)
        return try Translator(map: nil, target: target, bands: VisitReader.bands).translate(given, source: path)
    }

    /// What measurements made after the store may leave to it: they are of an object and an exposure that are known.
    public static func filledByLoad(_ generation: Generation) -> Set<String> {
        ["ra", generation.layout.roles.forcedDec(generation), generation.layout.roles.forcedMidpoint, "band", "timeProcessedMjdTai"]
    }

    private static func target(_ generation: Generation, absent: Set<String>) throws -> TableDefinition {
        guard var target = generation.document[table: "DiaForcedSource"] else {
            throw CatalogError.documentLacks(
                what: "table DiaForcedSource", document: generation.document.label, advice: "use a version of Rubin's apdb.yaml")
        }
        // Flags travel with the measurement, whether or not the document has columns for them.
        let own = GenerationLayout.ownColumns(of: target.name).filter { $0.datatype == .boolean && $0.name != "isPrecovery" }
        target.columns += own.filter { flag in target[column: flag.name] == nil }
        for i in target.columns.indices where absent.contains(target.columns[i].name) { target.columns[i].isNullable = true }
        return target
    }
}

extension ColumnRoles {
    /// Declination's name in DiaForcedSource.
    func forcedDec(_ generation: Generation) -> String {
        generation.document[table: "DiaForcedSource"]?[column: "dec"] != nil ? "dec" : "decl"
    }
}
