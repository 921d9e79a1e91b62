import Columns
import Postgres
import Schema

extension OrbitCatalog {
    /// Brings the catalog to what files say, in one transaction, as the role `ingest`.
    ///
    /// An object keeps the identifier that any of its designations has. Of two identifiers that turn out to be one object's the lower
    /// stays. Only rows that differ are touched; `mpc_orbits.id` stays an object's own.
    /// - Throws: `CatalogError.badRequest` where two objects claim one designation, `.documentLacks`, `.inconsistent`, `PostgresError`;
    ///   nothing is changed then.
    public func refresh(_ input: Input) throws -> Outcome {
        guard let orbits = generation.document[table: "mpc_orbits"], let objects = generation.document[table: "SSObject"],
            objects[column: "designation"] != nil, generation.document[table: "SSSource"] != nil
        else {
            throw CatalogError.documentLacks(
                what: "table mpc_orbits, or SSObject with a designation", document: generation.document.label,
                advice: "catalogs of orbits need version 9.1 or later of Rubin's apdb.yaml: `skyledger schema migrate`")
        }
        return try connection.retryingTransaction {
            try use.enter(generation.id, on: connection)
            try lock()
            // Sets are compared with sets here; tables that this very transaction fills have no statistics, and the planner takes a million
            // rows for few.
            try connection.execute("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '256MB'")
            try bring(input, orbits)
            try connection.execute(SQLFile.load("solarsystem/resolve", generation.names))
            try refuseSharedIds()
            try connection.execute(SQLFile.load("solarsystem/designations", generation.names))
            var outcome = Outcome()
            outcome.joined = Int(try connection.int64("SELECT count(*) FROM joined_id") ?? 0)
            let counts = try replaceOrbits(orbits, isComplete: input.isComplete)
            (outcome.changed, outcome.new, outcome.removed) = (counts.changed, counts.new, counts.removed)
            try replaceNumbered(input)
            try replaceIdentifications(input)
            try writeObjects(objects)
            try enter(&outcome, input)
            return outcome
        }
    }

    /// Copies the input into temporary tables and refuses it where two objects claim one designation.
    private func bring(_ input: Input, _ orbits: TableDefinition) throws {
        try connection.execute(SQLFile.load("solarsystem/incoming"))
        var rows: [Int32] = []
        var names = ByteStrings()
        for (row, designations) in input.designations.enumerated() {
            for designation in Set(designations) {
                rows.append(Int32(row))
                names.append(designation.utf8)
            }
        }
        try connection.copyIn(
            Table([Column("row", .int32(rows)), Column("designation", .string(names))]), to: "incoming_designation")
        try connection.copyIn(
            Table([
                Column("row", .int32(input.newIds.indices.map(Int32.init))), Column("newId", .int64(input.newIds)),
            ]), to: "incoming_object")
        try connection.execute("ANALYZE incoming_designation; ANALYZE incoming_object")
        let shared = try connection.query(
            """
            SELECT "designation", min("row") AS "a", max("row") AS "b" FROM incoming_designation
            GROUP BY "designation" HAVING count(*) > 1 ORDER BY "designation" LIMIT 1
            """)
        if let name = shared["designation"]?.strings, name.count > 0, let a = shared["a"]?.int32s?[0], let b = shared["b"]?.int32s?[0] {
            throw CatalogError.badRequest(
                "\(input.source): the designation \(name[0]) is claimed by object \(a + 1) and object \(b + 1): nothing was changed")
        }
        try bring(input.orbits, orbits)
    }

    /// Copies rows into the temporary table of their table.
    private func bring(_ rows: Table, _ definition: TableDefinition) throws {
        let replacement = RowReplacement(connection: connection, generation: generation, definition: definition)
        try replacement.makeIncoming()
        var known = rows
        for name in rows.columnNames where !replacement.columns.contains(name) { known.remove(name) }
        for column in definition.columns
        where !column.isNullable && column.defaultValue == nil && known[column.name] == nil && replacement.columns.contains(column.name) {
            known.set(Column(column.name, ColumnValues(zeros: column.datatype.columnType, count: rows.rowCount)))
        }
        known.set(Column("row", .int32((0..<Int32(rows.rowCount)).map { $0 })))
        try connection.copyIn(known, to: replacement.incoming)
        try connection.execute("ANALYZE \(replacement.incoming)")
    }

    private func refuseSharedIds() throws {
        let id = try connection.int64(
            """
            SELECT "ssObjectId" FROM (
                SELECT "ssObjectId" FROM resolved_object GROUP BY 1 HAVING count(*) > 1
                UNION ALL
                SELECT r."ssObjectId" FROM resolved_object AS r JOIN \(table("SSObjectDesignation")) AS s ON s."ssObjectId" = r."ssObjectId"
                WHERE r."isNew"
            ) AS t LIMIT 1
            """)
        guard let id else { return }
        throw CatalogError.inconsistent("the identifier \(id) would be that of two objects of the solar system: nothing was changed")
    }

    private func replaceOrbits(_ definition: TableDefinition, isComplete: Bool) throws -> RowReplacement.Counts {
        let replacement = RowReplacement(connection: connection, generation: generation, definition: definition)
        let matched = """
            SELECT i."row", o."id" FROM \(replacement.incoming) AS i JOIN resolved_object AS r ON r."row" = i."row"
            JOIN stored_orbit AS o ON o."ssObjectId" = r."ssObjectId" AND o."place" = 1
            """
        let doomed =
            isComplete
            ? "SELECT t.\"id\" FROM \(table("mpc_orbits")) AS t LEFT JOIN (\(matched)) AS m ON m.\"id\" = t.\"id\" WHERE m.\"id\" IS NULL"
            : "SELECT \"id\" FROM stored_orbit WHERE \"place\" > 1"
        return try replacement.run(matched: matched, doomed: doomed)
    }

    /// A number is for ever: rows are known by it.
    private func replaceNumbered(_ input: Input) throws {
        guard let definition = generation.document[table: "numbered_identifications"] else { return }
        try bring(input.numbered, definition)
        let (stored, incoming) = (table("numbered_identifications"), "incoming_numbered_identifications")
        let primary = "\"unpacked_primary_provisional_designation\""
        func rivals(_ column: String) -> String {
            """
            SELECT t."id" FROM \(stored) AS t JOIN \(incoming) AS i ON i.\(column) = t.\(column) WHERE t."permid" <> i."permid"
            """
        }
        let absent = """
            SELECT t."id" FROM \(stored) AS t LEFT JOIN \(table("SSObjectDesignation")) AS s ON s."designation" = t."permid"
            LEFT JOIN resolved_object AS r ON r."ssObjectId" = s."ssObjectId" WHERE r."row" IS NULL
            """
        _ = try RowReplacement(connection: connection, generation: generation, definition: definition).run(
            matched: "SELECT i.\"row\", t.\"id\" FROM \(incoming) AS i JOIN \(stored) AS t ON t.\"permid\" = i.\"permid\"",
            doomed: ([rivals(primary), rivals("\"iau_name\"")] + (input.isComplete ? [absent] : [])).joined(separator: " UNION "))
    }

    /// The identifications of an object are what the files say of it, if they say any.
    private func replaceIdentifications(_ input: Input) throws {
        guard let definition = generation.document[table: "current_identifications"] else { return }
        try bring(input.identifications, definition)
        let (stored, incoming) = (table("current_identifications"), "incoming_current_identifications")
        let (primary, secondary) = ("\"unpacked_primary_provisional_designation\"", "\"unpacked_secondary_provisional_designation\"")
        try connection.execute("DELETE FROM \(incoming) AS i USING number_only AS n WHERE i.\(primary) = n.\"number\"")
        let dropped = """
            SELECT t."id" FROM \(stored) AS t JOIN \(table("SSObjectDesignation")) AS s ON s."designation" = t.\(primary)
            LEFT JOIN \(incoming) AS i ON i.\(secondary) = t.\(secondary)
            WHERE i."row" IS NULL AND s."ssObjectId" IN (
                SELECT n."ssObjectId" FROM \(incoming) AS e JOIN \(table("SSObjectDesignation")) AS n ON n."designation" = e.\(primary))
            """
        let absent = """
            SELECT t."id" FROM \(stored) AS t LEFT JOIN \(table("SSObjectDesignation")) AS s ON s."designation" = t.\(primary)
            LEFT JOIN resolved_object AS r ON r."ssObjectId" = s."ssObjectId" WHERE r."row" IS NULL
            """
        _ = try RowReplacement(connection: connection, generation: generation, definition: definition).run(
            matched: "SELECT i.\"row\", t.\"id\" FROM \(incoming) AS i JOIN \(stored) AS t ON t.\(secondary) = i.\(secondary)",
            doomed: dropped + (input.isComplete ? " UNION \(absent)" : ""))
    }

    private func writeObjects(_ definition: TableDefinition) throws {
        let required = RequiredColumns(of: definition, except: ["ssObjectId", "designation"])
        let names = generation.names.merging(["names": required.names, "zeros": required.zeros]) { $1 }
        try connection.execute(SQLFile.load("solarsystem/objects", names))
    }

    private func enter(_ outcome: inout Outcome, _ input: Input) throws {
        outcome.orbits = Int(try connection.int64("SELECT count(*) FROM \(table("mpc_orbits"))") ?? 0)
        outcome.catalog = Int(
            try connection.int64("SELECT coalesce(max(\"number\"), 0)::bigint + 1 FROM \(table("OrbitCatalog"))") ?? 1)
        try connection.query(
            """
            INSERT INTO \(table("OrbitCatalog")) ("number", "source", "nOrbits", "nChanged", "nNew", "nRemoved", "loadedMjdTai")
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                .int32(Int32(outcome.catalog)), .text(input.source), .int32(Int32(outcome.orbits)), .int32(Int32(outcome.changed)),
                .int32(Int32(outcome.new)), .int32(Int32(outcome.removed)), .double(input.mjdTai),
            ])
    }
}
