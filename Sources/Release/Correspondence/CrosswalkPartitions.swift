import Postgres

/// The partitions of one version of the crosswalk: filled and indexed beside their parents, then attached, which neither readers nor anybody
/// else notices.
struct CrosswalkPartitions {
    let number: Int

    private var source: String { "skyledger.\"CrosswalkSource_\(number)\"" }
    private var object: String { "skyledger.\"CrosswalkObject_\(number)\"" }

    func make(on connection: Connection) throws {
        // Bulk work is mostly logged pages; the server may have, or allow, no other compression than its own.
        try? connection.transaction { try connection.execute("SET LOCAL wal_compression = lz4") }
        for (table, parent) in [(source, "CrosswalkSource"), (object, "CrosswalkObject")] {
            // The check tells the attachment that it need not read the rows.
            try connection.execute(
                """
                CREATE TABLE \(table) (LIKE skyledger."\(parent)" INCLUDING CONSTRAINTS INCLUDING COMMENTS);
                ALTER TABLE \(table) ALTER COLUMN "crosswalk" SET DEFAULT \(number), ADD CONSTRAINT "isOfVersion" CHECK ("crosswalk" = \(number))
                """)
        }
    }

    func output(on connection: Connection) -> CrosswalkOutput {
        CrosswalkOutput(connection, sourceTable: source, objectTable: object)
    }

    /// What they take on the disk with their indexes.
    func sizeBytes(on connection: Connection) throws -> Int64 {
        try [source, object].reduce(0) { sum, table in
            sum + (try connection.int64("SELECT coalesce(pg_total_relation_size(to_regclass($1)), 0)", [.text(table)]) ?? 0)
        }
    }

    /// Waits for who reads them or their parents.
    func drop(on connection: Connection) throws {
        try connection.execute("DROP TABLE IF EXISTS \(source); DROP TABLE IF EXISTS \(object)")
    }

    /// With indexes like the parents', so that the attachment makes none.
    func attach(on connection: Connection) throws {
        try connection.execute(
            """
            SET LOCAL maintenance_work_mem = '256MB';
            CREATE INDEX ON \(source) ("oldDiaSourceId") INCLUDE ("newDiaSourceId");
            CREATE INDEX ON \(source) ("newDiaSourceId") INCLUDE ("oldDiaSourceId");
            CREATE INDEX ON \(object) ("oldDiaObjectId");
            CREATE INDEX ON \(object) ("newDiaObjectId");
            ANALYZE \(source);
            ANALYZE \(object);
            ALTER TABLE skyledger."CrosswalkSource" ATTACH PARTITION \(source) FOR VALUES IN (\(number));
            ALTER TABLE \(source) DROP CONSTRAINT "isOfVersion";
            ALTER TABLE skyledger."CrosswalkObject" ATTACH PARTITION \(object) FOR VALUES IN (\(number));
            ALTER TABLE \(object) DROP CONSTRAINT "isOfVersion"
            """)
    }
}
