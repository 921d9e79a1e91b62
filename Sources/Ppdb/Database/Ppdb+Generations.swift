import Catalog
import Columns
import Postgres
import Schema

/// A PPDB holds a copy of every generation that the instance has: one is current in it, others stand beside.
extension Ppdb {
    /// Generations whose tables the instance has and that changes may come to, in order.
    func livingGenerations() throws -> [Int] {
        let rows = try apdb.query(
            """
            SELECT g."generationId" AS "id" FROM skyledger."Generation" AS g
            WHERE to_regnamespace(quote_ident(g."schemaName")) IS NOT NULL
              AND NOT EXISTS (SELECT FROM skyledger."Release" AS r
                              WHERE r."generation" = g."generationId" AND r."state" = 'abandoned'
                                 OR r."fromGeneration" = g."generationId" AND r."state" = 'retired')
            ORDER BY 1
            """)
        return rows["id"]?.int32s?.map(Int.init) ?? []
    }

    /// The copies of all generations that live, the current one first; what the PPDB does not have yet is left out.
    public func living() throws -> [Ppdb] {
        let ids = try livingGenerations()
        return try (ids.filter { $0 == generation.id } + ids.filter { $0 != generation.id }).compactMap { try of($0) }
    }

    /// As `living`, with what the PPDB does not have yet made now, and copies of generations that were given up removed.
    func allGenerations(progress: () -> Bool) throws -> [Ppdb] {
        let ids = try livingGenerations()
        for id in ids where try of(id) == nil { try make(id) }
        try removeAbandoned(progress: progress)
        return try living()
    }

    private func make(_ id: Int) throws {
        let source = try instance.generation(id, on: apdb)
        // Of the PPDB's document and the generation's the newer one.
        let isOwn = (try? Self.requireNotOlder(document, than: source.document)) != nil
        let filling = PpdbFilling(
            location: location, generation: source, document: isOwn ? document : source.document,
            documentYAML: isOwn ? documentYAML : source.documentYAML, schemas: .waiting(id))
        try exclusively {
            // Another program may have been faster.
            if try connection.text("SELECT to_regnamespace($1)::text", [.text(filling.schemas.replica)]) != nil { return }
            _ = try filling.run(on: connection, apdb: apdb, cursor: start(of: id), swap: 0)
            try PpdbFilling.carryGrants(from: schemas.tables, to: filling.schemas.tables, on: connection)
        }
    }

    /// How much of the feed there is before the first chunk that has something of a generation.
    private func start(of id: Int) throws -> Cursor {
        let row = try apdb.query(
            """
            SELECT k."chunk" - 1 AS "chunk", k."firstChange" - 1 AS "change" FROM skyledger."ReplicaChunk" AS k
            WHERE k."chunk" = (SELECT min(c."chunk") FROM skyledger."Change" AS c WHERE c."generation" = $1)
            UNION ALL (SELECT "chunk", "lastChange" FROM skyledger."ReplicaChunk" ORDER BY "chunk" DESC LIMIT 1)
            LIMIT 1
            """, [.int32(Int32(id))])
        return Cursor(chunk: row["chunk"]?.int64s?.first ?? 0, lastChange: row["change"]?.int64s?.first ?? 0)
    }

    private func removeAbandoned(progress: () -> Bool) throws {
        let rows = try apdb.query("SELECT \"generation\" AS \"id\" FROM skyledger.\"Release\" WHERE \"state\" = 'abandoned'")
        for id in rows["id"]?.int32s ?? [] where Int(id) != generation.id {
            let schemas = PpdbSchemas.waiting(Int(id))
            for schema in [schemas.tables, schemas.replica] { try SchemaRemoval(schema).run(on: connection) { _, _ in progress() } }
        }
    }

    /// The last chunk that the copies of all living generations have: what the PPDB has of the feed.
    func reach() throws -> Int64 {
        var reach = Int64.max
        for id in try livingGenerations() { reach = min(reach, try (of(id)?.cursor() ?? start(of: id)).chunk) }
        return reach == .max ? try cursor().chunk : reach
    }
}
