import Postgres

/// The numbered SQL of SkyLedger's own bookkeeping, each applied once.
enum Migrations {
    /// Applies what is not applied yet. Runs in the caller's transaction.
    static func apply(on connection: Connection) throws {
        let exists = try connection.text("SELECT to_regclass('skyledger.\"Migration\"')::text") != nil
        let applied = exists ? try connection.int64("SELECT max(\"number\") FROM skyledger.\"Migration\"") ?? 0 : 0
        for migration in try SQLFile.migrations() where migration.number > applied {
            try connection.execute(migration.text)
            try connection.run(
                "INSERT INTO skyledger.\"Migration\" (\"number\", \"name\") VALUES ($1, $2)",
                [.int32(Int32(migration.number)), .text(migration.name)])
        }
    }

    /// Brings the bookkeeping of an instance that an older program made up to this one's.
    static func bringUpToDate(_ instance: Instance) throws {
        let reader = try instance.connect(as: .reader)
        guard try reader.text("SELECT to_regclass('skyledger.\"Migration\"')::text") != nil else { return }
        let applied = try reader.int64("SELECT max(\"number\") FROM skyledger.\"Migration\"") ?? 0
        guard Int(applied) < (try SQLFile.migrations().last?.number ?? 0) else { return }
        let owner = try instance.connectToMigrate()
        try owner.transaction {
            try owner.execute("LOCK TABLE skyledger.\"Migration\" IN EXCLUSIVE MODE")
            try apply(on: owner)
        }
    }

    /// Refuses instances of newer programs, and settings other than this program's.
    static func check(on connection: Connection, directory: String) throws {
        guard try connection.text("SELECT to_regclass('skyledger.\"Migration\"')::text") != nil else {
            throw CatalogError.inconsistent(
                "the database of \(directory) holds no instance: it was not initialised to the end; make it anew with `skyledger init`")
        }
        let applied = Int(try connection.int64("SELECT max(\"number\") FROM skyledger.\"Migration\"") ?? 0)
        let known = try SQLFile.migrations().last?.number ?? 0
        if applied > known { throw CatalogError.newerInstance(path: directory, migration: applied) }
    }
}
