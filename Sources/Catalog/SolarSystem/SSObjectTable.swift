import Columns
import Postgres

/// The SSObject table: what is known of each object from all of its sources, recomputed daily.
public struct SSObjectTable {
    let connection: Connection
    let generation: Generation
    /// As what the generation is worked on.
    let use: GenerationUse

    /// - Parameter connection: as the role `ingest`.
    public init(connection: Connection, generation: Generation, use: GenerationUse = .current) {
        self.connection = connection
        self.generation = generation
        self.use = use
    }

    /// Every source of every SSObject that was not withdrawn, with the geometry of its SSSource where it has one.
    ///
    /// Columns: ssObjectId, midpointMjdTai, band, psfFlux, psfFluxErr (nJy), isFlagged, extendedness of DiaSource; topoRange, helioRange (au),
    /// phaseAngle (degrees) of SSSource; in the order of ssObjectId and time.
    public func observations() throws -> Table {
        let source = generation.document[table: "DiaSource"]!
        guard source[column: "ssObjectId"] != nil, let geometry = generation.document[table: "SSSource"] else {
            throw CatalogError.documentLacks(
                what: "SSSource and DiaSource.ssObjectId", document: generation.document.label,
                advice: "migrate the instance to a newer one")
        }
        let midpoint = quoted(generation.layout.roles.sourceMidpoint)
        func column(_ name: String, _ absent: String) -> String { source[column: name] == nil ? absent : "s.\(quoted(name))" }
        func seen(_ name: String) -> String { geometry[column: name] == nil ? "NULL::real" : "g.\(quoted(name))" }
        let kept = source[column: "timeWithdrawnMjdTai"] == nil ? "" : " AND s.\"timeWithdrawnMjdTai\" IS NULL"
        return try connection.copyOut(
            """
            SELECT s."ssObjectId", s.\(midpoint) AS "midpointMjdTai", s."band", s."psfFlux", s."psfFluxErr",
                   coalesce(\(column("psfFlux_flag", "false")), false) AS "isFlagged", \(column("extendedness", "NULL::real")) AS "extendedness",
                   \(seen("topoRange")) AS "topoRange", \(seen("helioRange")) AS "helioRange", \(seen("phaseAngle")) AS "phaseAngle"
            FROM \(generation.table("DiaSource")) AS s LEFT JOIN \(generation.table("SSSource")) AS g ON g."diaSourceId" = s."diaSourceId"
            WHERE s."ssObjectId" IS NOT NULL\(kept) ORDER BY 1, 2
            """)
    }

    /// Designations of objects, as SSObject has them.
    public func designations() throws -> [Int64: String] {
        guard generation.document[table: "SSObject"]?[column: "designation"] != nil else { return [:] }
        let rows = try connection.copyOut(
            "SELECT \"ssObjectId\", \"designation\"::text AS \"designation\" FROM \(generation.table("SSObject")) WHERE \"designation\" IS NOT NULL"
        )
        let ids = rows["ssObjectId"]?.int64s ?? []
        return Dictionary(uniqueKeysWithValues: ids.indices.map { (ids[$0], rows["designation"]!.strings![$0]) })
    }

    /// Puts rows in the place of those of the same ssObjectId, in one transaction; rows that say the same are not touched.
    /// - Returns: how many were written.
    public func store(_ rows: Table) throws -> Int {
        let known = generation.document[table: "SSObject"]!
        let kept = Table(rows.columns.filter { known[column: $0.name] != nil })
        let names = kept.columnNames
        let target = generation.table("SSObject")
        let others = names.filter { $0 != "ssObjectId" }
        return try connection.transaction {
            try use.enter(generation.id, on: connection)
            try connection.execute(
                "CREATE TEMPORARY TABLE incoming_characterisation ON COMMIT DROP AS SELECT \(names.map(quoted).joined(separator: ", ")) FROM \(target) WITH NO DATA"
            )
            try connection.copyIn(kept, to: "incoming_characterisation")
            let assignments = others.map { "\(quoted($0)) = i.\(quoted($0))" }.joined(separator: ", ")
            func list(_ prefix: String) -> String { others.map { prefix + quoted($0) }.joined(separator: ", ") }
            let changed = try connection.run(
                """
                UPDATE \(target) AS t SET \(assignments) FROM incoming_characterisation AS i
                WHERE t."ssObjectId" = i."ssObjectId" AND ROW(\(list("t."))) IS DISTINCT FROM ROW(\(list("i.")))
                """)
            let new = try connection.run(
                """
                INSERT INTO \(target) (\(names.map(quoted).joined(separator: ", ")))
                SELECT \(names.map { "i." + quoted($0) }.joined(separator: ", ")) FROM incoming_characterisation AS i
                WHERE NOT EXISTS (SELECT FROM \(target) AS t WHERE t."ssObjectId" = i."ssObjectId")
                """)
            return changed + new
        }
    }
}
