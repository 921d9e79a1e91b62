import Catalog

/// Where a generation's copy is in the PPDB's database: a schema of tables and one of bookkeeping.
///
/// `ppdb` and `replica` are those of the generation that is current there; others carry their generation's number, as `ppdb_0002`. A swap
/// renames all four.
public struct PpdbSchemas: Sendable, Equatable {
    public let tables: String
    public let replica: String

    private init(_ suffix: String) {
        tables = "ppdb" + suffix
        replica = "replica" + suffix
    }

    /// Of the generation that is current in the PPDB.
    public static let current = PpdbSchemas("")

    /// Of another generation.
    public static func waiting(_ generation: Int) -> PpdbSchemas { PpdbSchemas("_" + Generation.digits(generation)) }
}
