import Catalog
import Columns
import Postgres

/// How far a PPDB is, and what it holds.
public struct PpdbStatus: Sendable, Codable {
    public var consumer: String
    public var database: String
    /// Whose copy it is, and the schema of its tables.
    public var generation: Int
    public var tablesSchema: String
    public var schemaVersion: String
    public var chunk: Int64
    public var lastChange: Int64
    /// Changes that are committed and not in the PPDB, their rows, and the age of the oldest, seconds.
    public var lagChanges: Int64
    public var lagRows: Int64
    public var lagSeconds: Double
    public var verifiedChunks: Int64
    public var lastVerifiedAt: String?
    public var tables: [Part]
    /// Of the copies of other generations, where it is the current one's.
    public var others: [PpdbStatus] = []

    /// Rows are counted from what was exported, bytes are measured.
    public struct Part: Sendable, Codable {
        public var table: String
        public var rows: Int64
        public var bytes: Int64
    }

    public init(_ ppdb: Ppdb) throws {
        let cursor = try ppdb.cursor()
        consumer = ppdb.location.consumer
        database = ppdb.location.label
        generation = ppdb.generation.id
        tablesSchema = ppdb.schemas.tables
        schemaVersion = ppdb.document.label
        (chunk, lastChange) = (cursor.chunk, cursor.lastChange)
        let lag = try ppdb.apdb.query(
            """
            SELECT count(*) AS "changes", coalesce(sum("nRows"), 0)::bigint AS "rows",
                   coalesce(extract(epoch FROM clock_timestamp() - min("recordedAt")), 0)::double precision AS "seconds"
            FROM skyledger."Change" WHERE "change" > $1 AND "generation" = $2
            """, [.int64(cursor.lastChange), .int32(Int32(ppdb.generation.id))])
        lagChanges = lag["changes"]?.int64s?.first ?? 0
        lagRows = lag["rows"]?.int64s?.first ?? 0
        lagSeconds = lag["seconds"]?.doubles?.first ?? 0
        let verified = try ppdb.apdb.query(
            """
            SELECT count("verifiedAt") AS "chunks", to_char(max("verifiedAt") AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "last"
            FROM skyledger."ReplicaExport" WHERE "consumer" = $1
            """, [.text(ppdb.location.consumer)])
        verifiedChunks = verified["chunks"]?.int64s?.first ?? 0
        lastVerifiedAt = verified["last"].flatMap { $0.isNull(0) ? nil : $0.strings?[0] }
        let parts = try ppdb.connection.query(
            """
            SELECT s."table", sum(s.n)::bigint AS "rows", max(s.bytes)::bigint AS "bytes" FROM (
                SELECT t."table", t."nRows" AS n,
                       (SELECT coalesce(sum(pg_total_relation_size(p.relid)), 0)
                        FROM pg_partition_tree(format('%I.%I', CASE t."table" WHEN 'UpdateRecord' THEN '\(ppdb.schemas.replica)' ELSE '\(ppdb.schemas.tables)' END, t."table")::regclass) AS p) AS bytes
                FROM (SELECT "table", sum("nRows") AS "nRows" FROM \(ppdb.schemas.replica)."ChunkTable" GROUP BY 1
                      UNION ALL SELECT "table", "nRows" FROM \(ppdb.schemas.replica)."SmallTable") AS t) AS s
            GROUP BY 1 ORDER BY 1
            """)
        tables = (0..<parts.rowCount).map {
            Part(table: parts["table"]!.strings![$0], rows: parts["rows"]!.int64s![$0], bytes: parts["bytes"]!.int64s![$0])
        }
    }
}
