import Postgres
import Schema

/// Settings in the database that the stored rows depend on. They are written at init and never change, but for the schema's major version
/// when all rows are migrated to another document.
enum Settings {
    /// - Throws: `CatalogError.inconsistent` where the setting is not there.
    static func frozen(_ name: String, on connection: Connection) throws -> String {
        guard let value = try connection.text("SELECT \"value\" FROM skyledger.\"Setting\" WHERE \"name\" = $1", [.text(name)]) else {
            throw CatalogError.inconsistent("the instance has no setting \(name): it was not initialised to the end; make it anew")
        }
        return value
    }

    static func freeze(_ name: String, _ value: String, on connection: Connection) throws {
        try connection.run("INSERT INTO skyledger.\"Setting\" VALUES ($1, $2, true)", [.text(name), .text(value)])
    }

    /// Changes a frozen setting, in the transaction that rewrites the rows which depend on it.
    static func migrate(_ name: String, to value: String, on connection: Connection) throws {
        try connection.query("SELECT set_config('skyledger.migrates', $1, true)", [.text(name)])
        try connection.run(
            "INSERT INTO skyledger.\"Setting\" VALUES ($1, $2, true) ON CONFLICT (\"name\") DO UPDATE SET \"value\" = excluded.\"value\"",
            [.text(name), .text(value)])
        try connection.query("SELECT set_config('skyledger.migrates', '', true)")
    }

    /// The settings of a new instance.
    static func initial(pixelization: String, document: SchemaDocument) -> [String: String] {
        ["pixelization": pixelization, "partitionDays": partitionDays, "schemaMajor": major(document)]
    }

    /// The major version that changes when tables do; documents from before versions are at 0.
    static func major(_ document: SchemaDocument) -> String { document.version.map { String($0.major) } ?? "0" }

    private static var partitionDays: String { String(Int(TimePartition.lengthDays)) }

    /// Holds the database's settings against those that this program works with and, where the instance's directory knows them, against
    /// what was chosen at init: a directory that points to another instance's database must not write to it.
    ///
    /// - Throws: `CatalogError.frozenSetting`
    static func check(on connection: Connection, chosen: [String: String]?) throws {
        let rows = try connection.query(
            """
            SELECT "name", "value" FROM skyledger."Setting" WHERE "isFrozen"
            UNION ALL SELECT 'document', coalesce(split_part("schemaVersion", '.', 1), '0') FROM skyledger."Generation" WHERE "state" = 'current'
            """, name: "frozen_settings")
        guard let names = rows["name"]?.strings, let values = rows["value"]?.strings else { return }
        let stored = Dictionary(uniqueKeysWithValues: (0..<names.count).map { (names[$0], values[$0]) })
        // The schema's major version moves with migrations; what the directory says of it is of the day of init.
        var expected = (chosen ?? [:]).filter { $0.key != "schemaMajor" }
        expected["partitionDays"] = partitionDays
        // An instance of an older program gets this setting by migration 0006, which needs a connection first.
        if let document = stored["document"], stored["schemaMajor"] != nil { expected["schemaMajor"] = document }
        for (name, value) in expected.sorted(by: { $0.key < $1.key }) where stored[name] != value {
            throw CatalogError.frozenSetting(name: name, stored: stored[name] ?? "unknown", asked: value)
        }
    }
}
