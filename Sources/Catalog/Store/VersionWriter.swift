import Association
import Columns
import Postgres
import Sphere

/// Ends object versions and writes the next ones, into DiaObject and DiaObjectLast. The caller holds the locks of the objects' tiles.
struct VersionWriter {
    let connection: Connection
    let generation: Generation
    let pixelization: any Pixelization

    /// Ends the open versions of objects at a time, or just after they began where the clock has not moved on.
    ///
    /// - Returns: by object the time at which its version ended.
    /// - Throws: `CatalogError.inconsistent` where one has no open version.
    func close(_ ids: [Int64], at mjdTai: Double) throws -> [Int64: Double] {
        guard !ids.isEmpty else { return [:] }
        let roles = generation.layout.roles
        let (start, end) = (quoted(roles.validityStart), quoted(roles.validityEnd))
        // A millionth of a day is 86 ms; doubles of today's MJD resolve a microsecond.
        let closed = try connection.query(
            """
            UPDATE \(generation.table("DiaObject")) AS o SET \(end) = greatest($2, o.\(start) + 1e-6)
            FROM unnest($1::bigint[]) AS v(id) WHERE o."diaObjectId" = v.id AND o.\(end) IS NULL
            RETURNING o."diaObjectId" AS id, o.\(end) AS "end"
            """, [.int64Array(ids), .double(mjdTai)], name: "close_versions")
        let ends = Dictionary(
            zip(closed["id"]?.int64s ?? [], closed["end"]?.doubles ?? []), uniquingKeysWith: { first, _ in first })
        if let missing = ids.first(where: { ends[$0] == nil }) {
            throw CatalogError.inconsistent(
                "DiaObject \(missing) is in DiaObjectLast but has no open version: run `skyledger doctor`")
        }
        return ends
    }

    /// Writes versions.
    /// - Parameters:
    ///   - rows: from `VersionTable`.
    ///   - areNew: whether the objects are new, rather than known to DiaObjectLast.
    func insert(_ rows: Table, areNew: Bool) throws {
        guard rows.rowCount > 0 else { return }
        let roles = generation.layout.roles
        var table = rows
        table.set(Column("pixelId", .int64(pixelization.index(ra: rows["ra"]?.doubles ?? [], dec: rows[roles.dec]?.doubles ?? []))))
        try connection.copyIn(table, to: generation.table("DiaObject"))
        let last = generation.document[table: "DiaObjectLast"]!
        let names = last.columns.map(\.name).filter { table[$0] != nil } + ["nDiaSourcesGood"]
        if areNew {
            try connection.copyIn(table.selecting(names + ["pixelId", "tile"])!, to: generation.table("DiaObjectLast"))
        } else {
            try updateLast(table, names: names)
        }
    }

    /// pixelId stays that of the first position, so that the update touches no index.
    private func updateLast(_ table: Table, names: [String]) throws {
        let changing = names.filter { $0 != "diaObjectId" }
        let assignments = changing.map { "\(quoted($0)) = v.\(quoted($0))" }.joined(separator: ", ")
        let fields = (["diaObjectId", "tile"] + changing).map { Self.arrayParameter(table[$0]!) }
        let casts = fields.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        let columns = (["diaObjectId", "tile"] + changing).map(quoted).joined(separator: ", ")
        try connection.query(
            """
            UPDATE \(generation.table("DiaObjectLast")) AS o SET \(assignments), "generation" = DEFAULT FROM unnest(\(casts)) AS v(\(columns))
            WHERE o."diaObjectId" = v."diaObjectId" AND o."tile" = v."tile"
            """, fields, name: "update_last")
    }

    private static func arrayParameter(_ column: Column) -> Parameter {
        switch column.values {
        case .int64(let v): .int64Array(v)
        case .int32(let v): .int32Array(v)
        case .float(let v): .floatArray(v.indices.map { column.isNull($0) ? nil : v[$0] })
        case .double(let v): .doubleArray(v.indices.map { column.isNull($0) ? nil : v[$0] })
        default: preconditionFailure("DiaObjectLast has a column of an unforeseen type: \(column.name)")
        }
    }
}
