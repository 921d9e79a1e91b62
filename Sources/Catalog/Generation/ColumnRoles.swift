import Schema

/// The columns of a schema document that the layout and the store need, by what they are for: documents of different age name them
/// differently (RFC-807 renamed most; version 9 turned timestamps into MJD).
public struct ColumnRoles: Sendable, Equatable {
    /// Start and end of validity of an object version.
    public var validityStart: String
    public var validityEnd: String
    /// Middle of the exposure, of DiaSource and of DiaForcedSource.
    public var sourceMidpoint: String
    public var forcedMidpoint: String
    /// Declination, of DiaObject and DiaSource alike.
    public var dec: String
    /// Whether times of validity are MJD TAI rather than timestamps.
    public var hasMjdValidity: Bool

    /// - Throws: `CatalogError.documentLacks` where a table or column is missing.
    public init(_ document: SchemaDocument) throws {
        func table(_ name: String) throws -> TableDefinition {
            guard let table = document[table: name] else {
                throw CatalogError.documentLacks(
                    what: "table \(name)", document: document.label,
                    advice: "SkyLedger needs DiaObject, DiaObjectLast, DiaSource and DiaForcedSource")
            }
            return table
        }
        func column(_ tableName: String, _ candidates: [String]) throws -> ColumnDefinition {
            let definition = try table(tableName)
            guard let found = candidates.lazy.compactMap({ definition[column: $0] }).first else {
                throw CatalogError.documentLacks(
                    what: "column \(tableName).\(candidates[0])", document: document.label,
                    advice: "use a version of Rubin's apdb.yaml, or add it")
            }
            return found
        }
        let start = try column("DiaObject", ["validityStartMjdTai", "validityStart"])
        validityStart = start.name
        validityEnd = try column("DiaObject", ["validityEndMjdTai", "validityEnd"]).name
        sourceMidpoint = try column("DiaSource", ["midpointMjdTai", "midPointTai"]).name
        forcedMidpoint = try column("DiaForcedSource", ["midpointMjdTai", "midPointTai"]).name
        dec = try column("DiaObject", ["dec", "decl"]).name
        hasMjdValidity = start.datatype == .double
        _ = try table("DiaObjectLast")
    }
}

extension SchemaDocument {
    /// How messages call the document: its name and version.
    public var label: String { version.map { "\(name) \($0)" } ?? "\(name) (without version)" }
}
