import Columns
import Postgres

/// What an update says of itself so that it can be repeated in the other generation of an open release.
struct FollowedUpdate {
    var kind: ReleaseUpdate.Kind
    var sources: [Int64] = []
    /// By source the object that it is given to.
    var targets: [Int64: Int64] = [:]
    /// By SSObject how it is called, where the update says so.
    var designations: [Int64: String] = [:]
    var objects: [Int64] = []
    var into: Int64?
    var forced: [Updates.ForcedKey] = []

    /// As many of an object's sources as tell which object of another generation it is.
    private static let sample = 50

    /// All that is needed to find what it is about in another generation. Read before anything is changed.
    func request(mjdTai: Double, _ generation: Generation, on connection: Connection) throws -> UpdateRequest {
        var request = UpdateRequest(mjdTai: mjdTai)
        request.into = into
        request.sources = try read("WHERE \"diaSourceId\" = ANY ($1)", [.int64Array(sources)], generation, connection).map(\.source)
        let names = try names(generation, connection)
        for row in request.sources.indices {
            request.sources[row].to = targets[request.sources[row].id]
            if kind == .reassignSSObject || kind == .link {
                request.sources[row].designation = request.sources[row].to.flatMap { names[$0] }
            }
        }
        let isTarget = kind == .reassign
        let named = Set(objects + forced.map(\.diaObjectId) + (isTarget ? Array(targets.values) : []) + (into.map { [$0] } ?? [])).sorted()
        request.objects = try read(objects: named, generation, connection)
        request.forced = forced.map { UpdateRequest.Forced(diaObjectId: $0.diaObjectId, visit: $0.visit, detector: $0.detector) }
        return request
    }

    private func names(_ generation: Generation, _ connection: Connection) throws -> [Int64: String] {
        guard kind == .reassignSSObject else { return designations }
        let rows = try connection.query(
            """
            SELECT "ssObjectId", min("designation") AS "designation" FROM \(generation.table("SSObjectDesignation"))
            WHERE "ssObjectId" = ANY ($1) GROUP BY 1
            """, [.int64Array(Set(targets.values).sorted())])
        guard let id = rows["ssObjectId"]?.int64s, let name = rows["designation"]?.strings else { return [:] }
        return Dictionary(uniqueKeysWithValues: id.indices.map { (id[$0], name[$0]) })
    }

    private func read(objects ids: [Int64], _ generation: Generation, _ connection: Connection) throws -> [UpdateRequest.Object] {
        guard !ids.isEmpty else { return [] }
        let known = try OpenObject.read(ids, generation, on: connection)
        let midpoint = quoted(generation.layout.roles.sourceMidpoint)
        // What is split off tells nothing of what stays.
        let sources = try read(
            """
            JOIN (SELECT n."diaSourceId" AS id, n.\(midpoint) AS midpoint FROM unnest($1::bigint[]) AS o(id) CROSS JOIN LATERAL (
                      SELECT "diaSourceId", \(midpoint) FROM \(generation.table("DiaSource"))
                      WHERE "diaObjectId" = o.id AND "diaSourceId" <> ALL ($2) ORDER BY \(midpoint) DESC, 1 LIMIT \(Self.sample)) AS n) AS n
                ON s."diaSourceId" = n.id AND s.\(midpoint) = n.midpoint
            """, [.int64Array(ids), .int64Array(kind == .split ? self.sources : [])], generation, connection)
        let byOwner = Dictionary(grouping: sources) { $0.owner }
        return ids.map { id in
            UpdateRequest.Object(
                id: id, ra: known[id]?.ra ?? 0, dec: known[id]?.dec ?? 0, sources: (byOwner[id] ?? []).map(\.source))
        }
    }

    private func read(
        _ condition: String, _ parameters: [Parameter], _ generation: Generation, _ connection: Connection
    ) throws -> [(source: UpdateRequest.Source, owner: Int64?)] {
        let rows = try connection.query(
            """
            SELECT s."diaSourceId", s."visit", s."detector"::integer AS "detector", s."ra", s.\(quoted(generation.layout.roles.dec)) AS "dec",
                   s."diaObjectId" FROM \(generation.table("DiaSource")) AS s \(condition) ORDER BY 1
            """, parameters)
        guard let id = rows["diaSourceId"]?.int64s, let visit = rows["visit"]?.int64s, let detector = rows["detector"]?.int32s,
            let ra = rows["ra"]?.doubles, let dec = rows["dec"]?.doubles, let owner = rows["diaObjectId"]
        else { return [] }
        return id.indices.map { row in
            (
                UpdateRequest.Source(id: id[row], visit: visit[row], detector: detector[row], ra: ra[row], dec: dec[row]),
                owner.isNull(row) ? nil : owner.int64s![row]
            )
        }
    }
}
