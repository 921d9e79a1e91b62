import Postgres

/// Settings in the database that the stored rows depend on. They are written at init and never change.
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

    /// Settings that a program of this version would use; they must be those of the instance.
    static var expected: [(String, String)] { [("partitionDays", String(Int(TimePartition.lengthDays)))] }

    static func check(on connection: Connection) throws {
        for (name, value) in expected {
            let stored = try frozen(name, on: connection)
            guard stored == value else { throw CatalogError.frozenSetting(name: name, stored: stored, asked: value) }
        }
    }
}
