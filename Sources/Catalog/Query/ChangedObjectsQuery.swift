import Columns
import Postgres

/// Objects that changed since a time, for copies that follow the catalog.
///
/// Each object comes once, with its newest version and a column `change` of its own: `created` where no version is older than the time,
/// `changed` where one began since, `closed` where its validity has ended since and none is open.
public struct ChangedObjectsQuery: Sendable {
    /// MJD TAI by the clock that stamps versions, inclusive. It must lie after what retention has dropped.
    public var since: Double
    /// Whether only objects created since, and not closed again, are wanted.
    public var onlyCreated = false
    /// Columns of DiaObject beside `change`; nil for all.
    public var columns: [String]?

    public init(since: Double) { self.since = since }

    /// Rows in the order of diaObjectId. DiaObjectLast is read whole: its rows are not in the order of time.
    ///
    /// - Throws: `CatalogError.badRequest` where a column does not exist.
    public func run(on connection: Connection, generation: Generation) throws -> Table {
        let selection = try TableSelection(
            generation, table: "DiaObject", columns: columns, since: nil, until: nil, asOf: nil, includesWithdrawn: true)
        guard generation.layout.roles.hasMjdValidity, !since.isNaN else {
            throw since.isNaN
                ? CatalogError.badRequest("since is no number: give an MJD")
                : CatalogError.documentLacks(
                    what: "validity in MJD", document: generation.document.label,
                    advice: "migrate the instance to version 9.0.0 or newer with `skyledger schema migrate`")
        }
        var rows = try connection.copyOut(sql(selection))
        rows.remove("key")
        return rows
    }

    func sql(_ selection: TableSelection) -> String {
        let generation = selection.generation
        let (start, end) = (quoted(generation.layout.roles.validityStart), quoted(generation.layout.roles.validityEnd))
        let time = TableSelection.number(since)
        let (opened, closed) = (generation.table("DiaObject_open"), generation.table("DiaObject_closed"))
        let isNew = "NOT EXISTS (SELECT FROM \(closed) AS e WHERE e.\"diaObjectId\" = t.\"diaObjectId\" AND e.\(start) < \(time))"
        let columns = selection.columns.map { "t.\(quoted($0)) AS \(quoted($0))" }.joined(separator: ", ")
        let open = """
            SELECT \(columns), CASE WHEN \(isNew) THEN 'created' ELSE 'changed' END AS "change", t."diaObjectId" AS "key"
            FROM \(generation.table("DiaObjectLast")) AS l JOIN \(opened) AS t ON t."diaObjectId" = l."diaObjectId"
            WHERE l.\(start) >= \(time)\(onlyCreated ? " AND " + isNew : "")
            """
        if onlyCreated { return open + " ORDER BY \"key\"" }
        return """
            \(open)
            UNION ALL
            SELECT \(columns), 'closed', t."diaObjectId"
            FROM (SELECT DISTINCT "diaObjectId" FROM \(generation.table("UpdateRecord"))
                  WHERE "updateType" = '\(UpdateType.closeObject.rawValue)' AND "updateMjdTai" >= \(time)) AS c
            CROSS JOIN LATERAL (
                SELECT * FROM \(closed) AS o WHERE o."diaObjectId" = c."diaObjectId" AND o.\(end) >= \(time)
                ORDER BY o.\(start) DESC LIMIT 1) AS t
            WHERE NOT EXISTS (SELECT FROM \(opened) AS o WHERE o."diaObjectId" = c."diaObjectId")
            ORDER BY "key"
            """
    }
}
