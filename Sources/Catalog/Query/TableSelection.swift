import Columns
import Postgres
import Schema
import Sphere

/// Which rows and columns of a Level-1 table a query gives, wherever it looks for them: times, withdrawals, the state at a past time.
///
/// As of a time T an object's version is the one valid then. A source was there if its visit-detector was processed by then, and what was
/// changed after T has the value from before the first such change. A forced source was there if it was processed by then.
struct TableSelection {
    let generation: Generation
    let definition: TableDefinition
    /// Columns of the answer, in order.
    let columns: [String]
    let since: Double?
    let until: Double?
    let asOf: Double?
    let includesWithdrawn: Bool

    var table: String { definition.name }
    private var roles: ColumnRoles { generation.layout.roles }

    static let tables = ["DiaObject", "DiaObjectLast", "DiaSource", "DiaForcedSource"]

    /// - Throws: `CatalogError.badRequest` where table or column do not exist, or the table keeps no past.
    init(
        _ generation: Generation, table: String, columns: [String]?, since: Double?, until: Double?, asOf: Double?,
        includesWithdrawn: Bool
    ) throws {
        guard Self.tables.contains(table), let definition = generation.document[table: table] else {
            throw CatalogError.badRequest("there is no table \(table) to query: choose one of \(Self.tables.joined(separator: ", "))")
        }
        let own = GenerationLayout.ownColumns(of: table).map(\.name).filter { definition[column: $0] == nil }
        let known = definition.columns.map(\.name) + own
        for column in columns ?? [] where !known.contains(column) {
            throw CatalogError.badRequest("\(table) has no column \(column): `skyledger schema show --table \(table)` lists them")
        }
        if let columns, Set(columns).count < columns.count {
            throw CatalogError.badRequest("a column is named twice in \(columns.joined(separator: ", ")): name each once")
        }
        for (name, time) in [("since", since), ("until", until), ("the time asked for", asOf)] {
            if let time, time.isNaN { throw CatalogError.badRequest("\(name) is no number: give an MJD") }
        }
        if asOf != nil {
            if table == "DiaObjectLast" {
                throw CatalogError.badRequest("DiaObjectLast holds the present only: choose DiaObject for a past time")
            }
            let needed = ["DiaSource": "visit", "DiaForcedSource": "timeProcessedMjdTai"][table]
            guard generation.layout.roles.hasMjdValidity, needed.map({ definition[column: $0] != nil }) ?? true else {
                throw CatalogError.documentLacks(
                    what: "times of processing in MJD", document: generation.document.label,
                    advice: "past states need version 9.0.0 or newer; migrate the instance with `skyledger schema migrate`")
            }
        }
        self.generation = generation
        self.definition = definition
        self.columns = columns ?? known
        (self.since, self.until, self.asOf, self.includesWithdrawn) = (since, until, asOf, includesWithdrawn)
    }

    /// A number as SQL, infinities too.
    static func number(_ value: Double) -> String { "'\(value)'::double precision" }

    // MARK: Parts of the statement; the table is called t

    /// Columns to select. A tile that must be computed from the pixel is null, see `completed`.
    var selected: String {
        (columns + hidden).map { "\(expression($0)) AS \(quoted($0))" }.joined(separator: ", ")
    }

    /// Columns that `completed` needs and the caller did not ask for.
    private var hidden: [String] { hasState && columns.contains("tile") && !columns.contains("pixelId") ? ["pixelId"] : [] }

    /// Whether a lateral join `u` gives changed columns as they were.
    private var hasState: Bool { asOf != nil && (table == "DiaSource" || table == "DiaForcedSource") }

    /// Columns that updates change, and their types.
    private var changing: [String: String] {
        switch table {
        case "DiaSource":
            [
                "diaObjectId": "bigint", "ssObjectId": "bigint", "disposition": "text", "timeWithdrawnMjdTai": "double precision",
                "ssObjectReassocTimeMjdTai": "double precision",
            ]
        case "DiaForcedSource": ["timeWithdrawnMjdTai": "double precision"]
        default: [:]
        }
    }

    /// A column's value at the time asked for.
    func expression(_ column: String) -> String {
        let present = "t.\(quoted(column))"
        guard asOf != nil else { return present }
        if table == "DiaObject" {
            // The version that was valid then was open then.
            return column == roles.validityEnd ? "NULL::double precision" : present
        }
        if table == "DiaSource", column == "tile" {
            return """
                CASE WHEN u.state ? 'diaObjectId' THEN
                    (SELECT o."tile" FROM \(generation.table("DiaObject")) AS o
                     WHERE o."diaObjectId" = (u.state->>'diaObjectId')::bigint LIMIT 1)
                ELSE t."tile" END
                """
        }
        guard let type = changing[column] else { return present }
        return "CASE WHEN u.state ? '\(column)' THEN (u.state->>'\(column)')::\(type) ELSE \(present) END"
    }

    /// Joins that follow the table.
    var joins: String {
        guard hasState, let asOf else { return "" }
        let time = Self.number(asOf)
        let row =
            table == "DiaSource"
            ? "r.\"diaSourceId\" = t.\"diaSourceId\""
            : "r.\"diaObjectId\" = t.\"diaObjectId\" AND r.\"visit\" = t.\"visit\" AND r.\"detector\" = t.\"detector\""
        let records = "\(generation.table("UpdateRecord")) AS r"
        // Of each column the value before the first later change; where a record does not say that, what earlier records left.
        let isRow = "r.\"tableName\" = '\(table)' AND \(row)"
        let lateral = """
            LEFT JOIN LATERAL (
                SELECT jsonb_object_agg(e.key, e.value ORDER BY e.rank, e.operation, e.place) AS state
                FROM (
                    SELECT a.key, 'null'::jsonb AS value, 0 AS rank, r."operation" AS operation, r."updateOrder" AS place
                    FROM \(records), jsonb_each(r."after") AS a WHERE \(isRow) AND r."updateMjdTai" > \(time)
                    UNION ALL
                    SELECT a.key, a.value, 1, r."operation", r."updateOrder"
                    FROM \(records), jsonb_each(r."after") AS a WHERE \(isRow) AND r."updateMjdTai" <= \(time)
                    UNION ALL
                    SELECT b.key, b.value, 2, -r."operation", -r."updateOrder"
                    FROM \(records), jsonb_each(r."before") AS b WHERE \(isRow) AND r."updateMjdTai" > \(time)
                ) AS e
            ) AS u ON true
            """
        guard table == "DiaSource" else { return lateral }
        return """
            JOIN \(generation.table("VisitDetector")) AS v
                ON v."visit" = t."visit" AND v."detector" = t."detector" AND v."processedMjdTai" <= \(time)
            \(lateral)
            """
    }

    /// What must hold of a row, beside what the query itself looks for.
    var conditions: [String] { rowConditions + stateConditions }

    /// Those of the conditions that the stored row decides, whatever was changed later: about `t` alone.
    var rowConditions: [String] {
        var out: [String] = []
        let (first, last) = timeColumns
        if let since { out.append("t.\(quoted(last)) >= \(Self.number(since))") }
        if let until { out.append("t.\(quoted(first)) <= \(Self.number(until))") }
        if leavesOutWithdrawn, !hasState { out.append(notWithdrawn) }
        switch (table, asOf) {
        case ("DiaObject", nil): out.append("t.\(quoted(roles.validityEnd)) IS NULL")
        case ("DiaObject", let asOf?): out.append("t.\(quoted(roles.validityStart)) <= \(Self.number(asOf))")
        case ("DiaForcedSource", let asOf?): out.append("t.\"timeProcessedMjdTai\" <= \(Self.number(asOf))")
        default: break
        }
        return out
    }

    /// Those that need the row as it was: about `t` and `u` of the joins.
    var stateConditions: [String] { leavesOutWithdrawn && hasState ? [notWithdrawn] : [] }

    private var leavesOutWithdrawn: Bool { !includesWithdrawn && definition[column: "timeWithdrawnMjdTai"] != nil }
    private var notWithdrawn: String { "\(expression("timeWithdrawnMjdTai")) IS NULL" }

    /// The time of a row: of the exposure, or of the last source.
    var time: String { timeColumns.last }

    private var timeColumns: (first: String, last: String) {
        switch table {
        case "DiaSource": (roles.sourceMidpoint, roles.sourceMidpoint)
        case "DiaForcedSource": (roles.forcedMidpoint, roles.forcedMidpoint)
        default:
            definition[column: "firstDiaSourceMjdTai"] != nil
                ? ("firstDiaSourceMjdTai", "lastDiaSourceMjdTai") : (roles.validityStart, roles.validityStart)
        }
    }

    // MARK: The answer

    /// The rows with the tiles of sources that had no object, and without columns that nobody asked for.
    func completed(_ rows: Table, pixelization: any Pixelization) -> Table {
        guard hasState, let tile = rows["tile"], let tiles = tile.int32s, let pixels = rows["pixelId"]?.int64s else { return rows }
        var out = rows
        out.set(Column("tile", .int32(tiles.indices.map { tile.isNull($0) ? pixelization.tile(of: pixels[$0]) : tiles[$0] })))
        for name in hidden { out.remove(name) }
        return out
    }
}
