import Catalog
import Columns
import Postgres
import Schema

/// The crosswalk between a Level-2 catalog and its release's generation, in one transaction.
struct Level2Match {
    private let catalog: Level2Catalog
    private let roles: Level2Catalog.Roles
    private let rules: CrosswalkRules

    init(_ catalog: Level2Catalog, _ roles: Level2Catalog.Roles, _ rules: CrosswalkRules) {
        self.catalog = catalog
        self.roles = roles
        self.rules = rules
    }

    /// - Returns: nil where it was stopped; nothing of the match is kept then.
    func run(_ progress: Level2Catalog.Progress) throws -> CrosswalkSummary? {
        struct Stopped: Error {}
        let (instance, owner) = (catalog.instance, catalog.owner)
        let generation = try CrosswalkTables(instance.generation(catalog.record.generation, on: owner))
        let pixelization = try instance.pixelization(on: owner)
        do {
            return try owner.transaction {
                let output = try makeTables()
                let summary = try Snapshot.read(instance) { first, second in
                    try withoutActuallyEscaping(progress) { progress in
                        try CrosswalkRun(
                            old: CrosswalkReader(tables(), connection: first), new: CrosswalkReader(generation, connection: second),
                            output: output, rules: rules, pixelization: pixelization,
                            progress: { progress($0.stage.rawValue, $0.done, $0.total) }
                        ).run()
                    }
                }
                guard let summary else { throw Stopped() }
                try finish(summary)
                return summary
            }
        } catch is Stopped { return nil }
    }

    private func name(_ table: String) -> String { SQLText.identifier(catalog.schemaName, table) }

    private func makeTables() throws -> CrosswalkOutput {
        try catalog.owner.execute(
            """
            CREATE TABLE \(name("SourceMatch")) ("level2Id" bigint NOT NULL, "diaSourceId" bigint, "separationArcsec" real);
            CREATE TABLE \(name("ObjectMatch")) ("level2Id" bigint NOT NULL, "diaObjectId" bigint, "kind" text NOT NULL,
                "nShared" integer NOT NULL, "nOld" integer NOT NULL, "nNew" integer NOT NULL, "separationArcsec" real)
            """)
        return CrosswalkOutput(
            catalog.owner, sourceTable: name("SourceMatch"), objectTable: name("ObjectMatch"),
            names: .init(oldSource: "level2Id", newSource: "diaSourceId", oldObject: "level2Id", newObject: "diaObjectId"), keepsNew: false)
    }

    private func finish(_ summary: CrosswalkSummary) throws {
        let owner = catalog.owner
        for (table, partner) in [("SourceMatch", "diaSourceId"), ("ObjectMatch", "diaObjectId")] {
            try owner.execute(
                """
                CREATE INDEX ON \(name(table)) ("level2Id"); CREATE INDEX ON \(name(table)) ("\(partner)"); ANALYZE \(name(table));
                GRANT SELECT ON \(name(table)) TO \(Role.reader.rawValue), \(Role.ingest.rawValue)
                """)
        }
        let text = Parameter.text(try Crosswalks.json(summary))
        try owner.run(
            "UPDATE skyledger.\"Level2\" SET \"summary\" = $2::text::jsonb WHERE \"release\" = $1", [.text(catalog.record.name), text])
        try owner.run(
            "INSERT INTO skyledger.\"ReleaseStep\" (\"release\", \"step\", \"detail\") VALUES ($1, 'attach-level2', $2::text::jsonb)",
            [.text(catalog.record.name), text])
    }

    /// The catalog as one side of a crosswalk.
    private func tables() -> CrosswalkTables {
        func column(_ alias: String, _ name: String) -> String { "\(alias).\(SQLText.identifier(name))" }
        let sources = roles.sources
        let hasVisits = sources.visit != nil && sources.detector != nil
        // Without objects of their own, sources that say no visit are matched with objects by where they are.
        let (table, own) = roles.objects.map { ("Object", $0) } ?? ("Source", sources)
        let listed = roles.objects != nil || !hasVisits
        let objects =
            "SELECT \(column("o", own.id)) AS \"diaObjectId\", \(column("o", own.ra)) AS \"ra\", \(column("o", own.dec)) AS \"dec\", o.\"tile\"::bigint AS \"tile\" FROM \(name(table)) AS o WHERE \(listed)"
        var visitDetectors: String?
        var (from, columns) = ("\(name("Source")) AS s", "s.*")
        if let visit = sources.visit, let detector = sources.detector {
            visitDetectors =
                "SELECT \(column("s", visit))::bigint AS \"visit\", \(column("s", detector))::integer AS \"detector\", 'NaN'::double precision AS \"midpointMjdTai\", count(*) AS \"nSources\" FROM \(name("Source")) AS s WHERE \(column("s", visit)) IS NOT NULL AND \(column("s", detector)) IS NOT NULL GROUP BY 1, 2"
            var (object, tile) = ("NULL::bigint", "s.\"tile\"::bigint")
            if let its = sources.object, let objects = roles.objects {
                from += " LEFT JOIN \(name("Object")) AS o ON \(column("o", objects.id)) = \(column("s", its))"
                (object, tile) = (column("o", objects.id), "coalesce(o.\"tile\", s.\"tile\")::bigint")
            }
            columns =
                "\(column("s", visit))::bigint AS \"visit\", \(column("s", detector))::integer AS \"detector\", \(column("s", sources.id)) AS \"diaSourceId\", \(column("s", sources.ra)) AS \"ra\", \(column("s", sources.dec)) AS \"dec\", \(object) AS \"diaObjectId\", \(tile) AS \"tile\""
        }
        let (ids, objectTable) = (own.id, name(table))
        return CrosswalkTables(
            label: "the Level-2 catalog \(catalog.schemaName)", visitDetectors: visitDetectors, sources: (from, columns, nil),
            objects: objects,
            objectsAmong: { "SELECT \(SQLText.identifier(ids)) FROM \(objectTable) WHERE \(SQLText.identifier(ids)) = ANY (\($0))" },
            rangeIndex: nil)
    }
}
