import Columns
import Postgres

/// What `ppdb objects` made beside a copy of a generation, where another copy takes its place.
///
/// The release's Object table is of no generation: it moves to the schema that becomes current, in the swap's transaction. Matches are of a
/// generation's DiaObjects: each copy has its own, and those of the one that becomes current are made before the swap.
struct CarriedObjects {
    /// The copy that is current, and the one that becomes it.
    let from: PpdbTables
    let to: PpdbTables

    static let radiusSetting = "objectMatchRadiusArcsec"

    /// Matches the DiaObjects of the next copy that were not matched yet, where those of the present one are.
    ///
    /// Batches are committed one by one: killed and repeated, it goes on.
    func prepare() throws {
        guard try hasObjects(from), try from.isFilled(bookkept: "MatchedObject") else { return }
        try to.connection.transaction {
            try ReleaseObjects.createMatches(to)
            // Older objects that its matches were made with.
            if try hasObjects(to) { try to.connection.execute("TRUNCATE \(to.bookkeeping).\"MatchedObject\"") }
        }
        var matches = ObjectMatches(to)
        matches.objects = from
        matches.onlyNew = true
        if let radius = try radiusArcsec() { matches.radiusArcsec = radius }
        _ = try matches.run()
    }

    /// Moves the objects, in the caller's transaction, which waits half a second at most for who reads them.
    ///
    /// Where the next copy has objects of its own, loaded before an earlier swap, the present ones take their place.
    func move() throws {
        guard try hasObjects(from) else { return }
        let connection = from.connection
        try connection.execute("SET LOCAL lock_timeout = '500ms'; LOCK TABLE \(from.name("Object")) IN ACCESS EXCLUSIVE MODE")
        try connection.execute(
            """
            DROP TABLE IF EXISTS \(to.name("Object"));
            ALTER TABLE \(from.name("Object")) SET SCHEMA \(PpdbTables.quoted(to.schema));
            SET LOCAL lock_timeout = 0
            """)
    }

    private func hasObjects(_ tables: PpdbTables) throws -> Bool { try !tables.storedColumns(of: "Object").isEmpty }

    /// What the present matches were made with; nil where that was not written down.
    private func radiusArcsec() throws -> Double? {
        guard try from.hasSettings else { return nil }
        return try from.connection.text(
            "SELECT \"value\" FROM \(from.bookkeeping).\"Setting\" WHERE \"name\" = $1", [.text(Self.radiusSetting)]
        ).flatMap(Double.init)
    }

    /// New objects: the copies of other generations are matched anew before one of them becomes current.
    static func forgetOthers(_ tables: PpdbTables) throws {
        let rows = try tables.connection.query(
            """
            SELECT n.nspname::text AS "schema" FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE c.relname = 'MatchedObject' AND n.nspname ~ '^replica_[0-9]+$' AND n.nspname <> $1
            """, [.text(tables.bookkeeping)])
        guard let schemas = rows["schema"]?.strings else { return }
        for row in 0..<schemas.count { try tables.connection.execute("TRUNCATE \(PpdbTables.quoted(schemas[row])).\"MatchedObject\"") }
    }
}

extension PpdbTables {
    /// Whether a table of the bookkeeping is there and has a row.
    func isFilled(bookkept table: String) throws -> Bool {
        let name = "\(bookkeeping).\(Self.quoted(table))"
        guard try connection.text("SELECT to_regclass($1)::text", [.text(name)]) != nil else { return false }
        return try connection.int64("SELECT 1::bigint FROM \(name) LIMIT 1") != nil
    }

    /// Whether it is a PPDB's, which writes settings down.
    var hasSettings: Bool {
        get throws { try connection.text("SELECT to_regclass($1)::text", [.text("\(bookkeeping).\"Setting\"")]) != nil }
    }
}
