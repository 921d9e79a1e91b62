import Columns
import Postgres
import Sphere

/// What sources and objects of one generation of a release are in the other, as far as an update asks.
///
/// A source is what the newest crosswalk of the two says; where that says nothing, the source of the same number, visit-detector and place:
/// what is caught up or joined keeps its number. An object is the one that most of its sources belong to, else what the crosswalk says, else the
/// one of the same number at its place.
struct UpdateTranslation {
    enum Finding: Equatable {
        case found(Int64)
        case left(ReleaseUpdate.Obstacle)
        /// It cannot be known yet: its visit-detector waits, or came after the newest crosswalk.
        case waits(String)
    }

    let from: Generation
    let to: Generation
    let connection: Connection
    /// How far from its place a source or object of the same number may be; arcseconds.
    let radiusArcsec: Double
    private let crosswalk: (number: Int32, lastChange: Int64, isBackward: Bool)?

    init(from: Generation, to: Generation, radiusArcsec: Double, on connection: Connection) throws {
        (self.from, self.to, self.connection, self.radiusArcsec) = (from, to, connection, radiusArcsec)
        let rows = try connection.query(
            """
            SELECT "crosswalk", "lastChange", "toGeneration" = $1 AS "isBackward" FROM skyledger."Crosswalk"
            WHERE ("fromGeneration", "toGeneration") IN (($1, $2), ($2, $1)) ORDER BY "crosswalk" DESC LIMIT 1
            """, [.int32(Int32(from.id)), .int32(Int32(to.id))])
        crosswalk = rows["crosswalk"]?.int32s?.first.map { ($0, rows["lastChange"]!.int64s![0], rows["isBackward"]!.bools![0]) }
    }

    /// What each of the sources is, by its number.
    func sources(_ sources: [UpdateRequest.Source]) throws -> [Int64: Finding] {
        guard !sources.isEmpty else { return [:] }
        let partners = try partners(sources.map(\.id))
        let stored = try stored(sources.map { source in partners[source.id].flatMap { $0 } ?? source.id })
        var out: [Int64: Finding] = [:]
        var unknown: [UpdateRequest.Source] = []
        for source in sources {
            if let partner = partners[source.id] {
                out[source.id] = partner.flatMap { stored[$0] == nil ? nil : .found($0) } ?? .left(.vanished)
            } else if let same = stored[source.id], same.visit == source.visit, same.detector == source.detector, isNear(same, source) {
                out[source.id] = .found(source.id)
            } else {
                unknown.append(source)
            }
        }
        let places = try visitDetectors(unknown)
        for source in unknown { out[source.id] = places[Key(source)] ?? .left(.noVisitDetector) }
        return out
    }

    /// What an object is; the finding of one that is not open is `closedObject`.
    func object(_ object: UpdateRequest.Object) throws -> Finding {
        let found = try sources(object.sources)
        let ids = found.values.compactMap { if case .found(let id) = $0 { id } else { nil } }
        let owners = try owners(of: ids)
        // Of owners with as many sources the one of the same number, else the lowest.
        let best = owners.max { a, b in
            (a.value, a.key == object.id ? 1 : 0, -a.key) < (b.value, b.key == object.id ? 1 : 0, -b.key)
        }
        if let best { return try isOpen(best.key) ? .found(best.key) : .left(.closedObject) }
        for case .waits(let reason) in found.values { return .waits(reason) }
        for candidate in try linked(to: object.id) where try isOpen(candidate) { return .found(candidate) }
        if let same = try OpenObject.read([object.id], to, on: connection)[object.id], isNear((same.ra, same.dec), (object.ra, object.dec))
        {
            return .found(object.id)
        }
        let isClosed = try object.sources.isEmpty && OpenObject.existing([object.id], to, on: connection).contains(object.id)
        return .left(isClosed ? .closedObject : .noObject)
    }

    func isOpen(_ id: Int64) throws -> Bool { try OpenObject.read([id], to, on: connection)[id] != nil }

    private struct Key: Hashable {
        var visit: Int64
        var detector: Int32
        init(_ source: UpdateRequest.Source) { (visit, detector) = (source.visit, source.detector) }
    }

    private struct Stored {
        var visit: Int64
        var detector: Int32
        var ra: Double
        var dec: Double
    }

    private func isNear(_ a: Stored, _ b: UpdateRequest.Source) -> Bool { isNear((a.ra, a.dec), (b.ra, b.dec)) }

    private func isNear(_ a: (Double, Double), _ b: (Double, Double)) -> Bool {
        (try? UnitVector(ra: a.0, dec: a.1)).flatMap { here in
            (try? UnitVector(ra: b.0, dec: b.1)).map { here.separation(to: $0) * 180 / .pi * 3600 <= radiusArcsec }
        } ?? false
    }

    /// The crosswalk's partner of each number that it names; nil for those that vanished.
    private func partners(_ ids: [Int64]) throws -> [Int64: Int64?] {
        guard let crosswalk else { return [:] }
        let (own, other) = crosswalk.isBackward ? ("newDiaSourceId", "oldDiaSourceId") : ("oldDiaSourceId", "newDiaSourceId")
        let rows = try connection.query(
            "SELECT \"\(own)\" AS id, \"\(other)\" AS partner FROM skyledger.\"CrosswalkSource\" WHERE \"crosswalk\" = $1 AND \"\(own)\" = ANY ($2)",
            [.int32(crosswalk.number), .int64Array(ids)])
        guard let id = rows["id"]?.int64s, let partner = rows["partner"] else { return [:] }
        return Dictionary(uniqueKeysWithValues: id.indices.map { (id[$0], partner.isNull($0) ? nil : partner.int64s![$0]) })
    }

    private func stored(_ ids: [Int64]) throws -> [Int64: Stored] {
        let rows = try connection.query(
            """
            SELECT "diaSourceId", "visit", "detector"::integer AS "detector", "ra", \(quoted(to.layout.roles.dec)) AS "dec"
            FROM \(to.table("DiaSource")) WHERE "diaSourceId" = ANY ($1)
            """, [.int64Array(ids)])
        guard let id = rows["diaSourceId"]?.int64s else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: id.indices.map { row in
                (
                    id[row],
                    Stored(
                        visit: rows["visit"]!.int64s![row], detector: rows["detector"]!.int32s![row], ra: rows["ra"]!.doubles![row],
                        dec: rows["dec"]!.doubles![row])
                )
            })
    }

    /// What is to be said of sources of visit-detectors of which nothing else is known.
    private func visitDetectors(_ sources: [UpdateRequest.Source]) throws -> [Key: Finding] {
        let keys = Array(Set(sources.map(Key.init)))
        guard !keys.isEmpty else { return [:] }
        // Before both generations had it no crosswalk could say anything of it.
        let rows = try connection.query(
            """
            SELECT k.place::integer AS place, v."visit" IS NOT NULL AS "isStored", q."visit" IS NOT NULL AS "isQueued",
                   EXISTS (SELECT FROM skyledger."Change" AS c WHERE c."generation" IN ($3, $4) AND c."kind" = 'store'
                           AND c."visit" = k.visit AND c."detector" = k.detector AND c."change" > $5) AS "isYounger"
            FROM unnest($1::bigint[], $2::integer[]) WITH ORDINALITY AS k(visit, detector, place)
            LEFT JOIN \(to.table("VisitDetector")) AS v ON v."visit" = k.visit AND v."detector" = k.detector
            LEFT JOIN skyledger."ReleaseQueue" AS q ON q."generation" = $4 AND q."visit" = k.visit AND q."detector" = k.detector
            """,
            [
                .int64Array(keys.map(\.visit)), .int32Array(keys.map(\.detector)), .int32(Int32(from.id)), .int32(Int32(to.id)),
                .int64(crosswalk?.lastChange ?? -1),
            ])
        var out: [Key: Finding] = [:]
        for row in 0..<rows.rowCount {
            let key = keys[Int(rows["place"]!.int32s![row]) - 1]
            if rows["isQueued"]!.bools![row] {
                out[key] = .waits("visit \(key.visit) detector \(key.detector) waits itself")
            } else if rows["isStored"]!.bools![row] {
                out[key] =
                    crosswalk == nil || rows["isYounger"]!.bools![row]
                    ? .waits("its sources have other numbers there: a crosswalk is needed") : .left(.vanished)
            }
        }
        return out
    }

    /// Owners of sources and how many each has of them.
    private func owners(of ids: [Int64]) throws -> [Int64: Int64] {
        guard !ids.isEmpty else { return [:] }
        let rows = try connection.query(
            """
            SELECT "diaObjectId" AS id, count(*) AS n FROM \(to.table("DiaSource"))
            WHERE "diaSourceId" = ANY ($1) AND "diaObjectId" IS NOT NULL GROUP BY 1
            """, [.int64Array(ids)])
        return Dictionary(uniqueKeysWithValues: zip(rows["id"]?.int64s ?? [], rows["n"]?.int64s ?? []).map { ($0, $1) })
    }

    /// Objects that the crosswalk links with one, the most alike first.
    private func linked(to id: Int64) throws -> [Int64] {
        guard let crosswalk else { return [] }
        let (own, other) = crosswalk.isBackward ? ("newDiaObjectId", "oldDiaObjectId") : ("oldDiaObjectId", "newDiaObjectId")
        return try connection.query(
            """
            SELECT "\(other)" AS id FROM skyledger."CrosswalkObject"
            WHERE "crosswalk" = $1 AND "\(own)" = $2 AND "kind" <> 'minor' AND "\(other)" IS NOT NULL ORDER BY "nShared" DESC, 1
            """, [.int32(crosswalk.number), .int64(id)])["id"]?.int64s ?? []
    }
}
