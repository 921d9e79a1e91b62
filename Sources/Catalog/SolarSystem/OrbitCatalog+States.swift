import Columns
import Postgres

extension OrbitCatalog {
    /// Columns of `elements` that are wanted where the document has them.
    static let elementColumns =
        [
            "q", "e", "i", "node", "argperi", "peri_time", "epoch_mjd", "h", "g", "u_param", "yarkovsky", "a1", "a2", "a3",
            "arc_length_total",
            "nobs_total",
        ] + ["q", "e", "i", "node", "argperi", "peri_time"].map { $0 + "_unc" }

    /// The orbits of today, a row an object in the order of `ssObjectId`, as any role.
    ///
    /// Columns: `ssObjectId`, `designation` (the primary one, unpacked), and of `mpc_orbits` the elements `q`, `e`, `i`, `node`,
    /// `argperi`, `peri_time`, `epoch_mjd` with their errors (`q_unc` and so on), `h`, `g`, `u_param`, `yarkovsky`, `a1` to `a3`,
    /// `arc_length_total`, `nobs_total`: degrees, au, MJD.
    /// - Parameter ids: nil for all.
    /// - Throws: `CatalogError.documentLacks`, `PostgresError`
    public func elements(of ids: [Int64]? = nil) throws -> Table {
        guard let definition = generation.document[table: "mpc_orbits"] else {
            throw CatalogError.documentLacks(
                what: "table mpc_orbits", document: generation.document.label, advice: "use version 9.1 or later of Rubin's apdb.yaml")
        }
        let columns = Self.elementColumns.filter { definition[column: $0] != nil }
        let chosen = ids.map { "WHERE s.\"ssObjectId\" = ANY (\(StoreTransaction.array($0)))" } ?? ""
        return try connection.copyOut(
            """
            SELECT s."ssObjectId", m."unpacked_primary_provisional_designation"::text AS "designation",
                   \(columns.map { "m.\(quoted($0))" }.joined(separator: ", "))
            FROM \(table("mpc_orbits")) AS m
            JOIN \(table("SSObjectDesignation")) AS s ON s."designation" = m."unpacked_primary_provisional_designation"
            \(chosen) ORDER BY s."ssObjectId"
            """)
    }

    /// Rows of `mpc_orbits` of some objects with all columns of the document, and `ssObjectId`; those without orbit are missing, and all are
    /// where the document has no such table.
    public func rows(of ids: [Int64]) throws -> Table {
        guard let definition = generation.document[table: "mpc_orbits"], !ids.isEmpty else { return Table() }
        return try connection.copyOut(
            """
            SELECT s."ssObjectId", \(definition.columns.map { "m.\(quoted($0.name))" }.joined(separator: ", "))
            FROM \(table("mpc_orbits")) AS m
            JOIN \(table("SSObjectDesignation")) AS s ON s."designation" = m."unpacked_primary_provisional_designation"
            WHERE s."ssObjectId" = ANY (\(StoreTransaction.array(ids))) ORDER BY s."ssObjectId"
            """)
    }

    /// Identifiers of designations in unpacked form; those that are unknown are missing.
    public func ids(of designations: [String]) throws -> [String: Int64] {
        let rows = try connection.query(
            "SELECT \"designation\", \"ssObjectId\" FROM \(table("SSObjectDesignation")) WHERE \"designation\" = ANY ($1)",
            [.textArray(designations)])
        guard let names = rows["designation"]?.strings, let ids = rows["ssObjectId"]?.int64s else { return [:] }
        return Dictionary(zip((0..<names.count).map { names[$0] }, ids), uniquingKeysWith: { first, _ in first })
    }

    /// States that were carried to a night: `ssObjectId`, `epochMjdTdb`, `x` to `z` (au), `vx` to `vz` (au/day), heliocentric in ICRF axes,
    /// and `orbitKey`; in the order of `ssObjectId`.
    public func states() throws -> Table {
        try connection.copyOut(
            "SELECT \(Self.stateColumns.map(quoted).joined(separator: ", ")) FROM \(table("SSObjectState")) ORDER BY \"ssObjectId\"")
    }

    /// Orbits and states as they are at one moment.
    public func snapshot() throws -> (elements: Table, states: Table) {
        try connection.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") { (try elements(), try states()) }
    }

    static let stateColumns = ["ssObjectId", "epochMjdTdb", "x", "y", "z", "vx", "vy", "vz", "orbitKey"]

    /// Makes the states those of a table with the columns of `states`, in one transaction, as the role `ingest`. Rows that do not differ are
    /// not touched, and states that the table does not have go.
    /// - Returns: rows written and removed.
    @discardableResult
    public func storeStates(_ states: Table) throws -> (written: Int, removed: Int) {
        let target = table("SSObjectState")
        let columns = Self.stateColumns.map(quoted)
        let values = columns.dropFirst()
        return try connection.retryingTransaction {
            try use.enter(generation.id, on: connection)
            try lock()
            try connection.execute("CREATE TEMPORARY TABLE incoming_state ON COMMIT DROP AS SELECT * FROM \(target) WITH NO DATA")
            try connection.copyIn(states.selecting(Self.stateColumns)!, to: "incoming_state")
            try connection.execute("ANALYZE incoming_state")
            let removed = try connection.run(
                """
                DELETE FROM \(target) AS t
                WHERE NOT EXISTS (SELECT FROM incoming_state AS i WHERE i."ssObjectId" = t."ssObjectId")
                """)
            let written = try connection.run(
                """
                INSERT INTO \(target) AS t (\(columns.joined(separator: ", ")))
                SELECT \(columns.joined(separator: ", ")) FROM incoming_state
                ON CONFLICT ("ssObjectId") DO UPDATE SET \(values.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
                WHERE ROW(\(values.map { "t." + $0 }.joined(separator: ", ")))
                    IS DISTINCT FROM ROW(\(values.map { "excluded." + $0 }.joined(separator: ", ")))
                """)
            return (written, removed)
        }
    }
}
