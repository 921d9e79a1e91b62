import Association
import Columns
import Postgres
import Sphere

/// Finds DiaObjects that are one object twice, and merges them: created by detectors at the same moment, or beside a first position that
/// was off.
///
/// Two objects within the radius are taken for one unless visit-detectors have seen both: two stars that an exposure resolves are two.
public struct Deduplication {
    public var radiusArcsec: Double
    /// Only objects whose open version began after this time and what is near them, MJD TAI; nil for all.
    public var since: Double?
    /// Share of the lesser object's sources that may have come with one of the other in the same visit-detector.
    public var maximumSharedFraction = 0.1

    public init(radiusArcsec: Double, since: Double? = nil) {
        self.radiusArcsec = radiusArcsec
        self.since = since
    }

    public struct Pair: Sendable, Equatable {
        public var first: Int64
        public var second: Int64
        public var separationArcsec: Double
        /// Visit-detectors that saw both.
        public var shared: Int
        public var isOne: Bool
    }

    public struct Findings: Sendable {
        public var pairs: [Pair] = []
        public var merges: [Duplicates.Merge] = []
    }

    private static let batch = 10_000

    /// Looks, and changes nothing.
    /// - Parameter progress: objects looked at so far and in all; return false to stop.
    public func find(
        on connection: Connection, generation: Generation, pixelization: any Pixelization, driftArcsec: Double,
        progress: (Int, Int) -> Bool = { _, _ in true }
    ) throws -> Findings {
        guard radiusArcsec > 0, radiusArcsec <= 60 else {
            throw CatalogError.badRequest("the radius is \(radiusArcsec) arcsec: it must be more than 0 and at most 60")
        }
        let roles = generation.layout.roles
        let condition = since.map { " WHERE \(quoted(roles.validityStart)) > \($0)" } ?? ""
        let objects = try connection.copyOut(
            "SELECT \"diaObjectId\", \"ra\", \(quoted(roles.dec)) AS \"dec\", \"nDiaSources\"::integer AS \"nDiaSources\" FROM \(generation.table("DiaObjectLast"))\(condition) ORDER BY \"pixelId\""
        )
        var counts: [Int64: Int32] = [:]
        var pairs: [Pair] = []
        var seen: Set<[Int64]> = []
        for first in stride(from: 0, to: objects.rowCount, by: Self.batch) {
            let rows = Array(first..<min(first + Self.batch, objects.rowCount))
            let near = try neighbours(of: objects.gather(rows), on: connection, generation, pixelization, driftArcsec)
            for (pair, n) in near where seen.insert([pair.first, pair.second]).inserted {
                pairs.append(pair)
                for (id, count) in n { counts[id] = count }
            }
            if !progress(rows.count + first, objects.rowCount) { return Findings() }
        }
        try count(&pairs, of: counts, on: connection, generation)
        pairs.sort { ($0.first, $0.second) < ($1.first, $1.second) }
        return Findings(
            pairs: pairs,
            merges: Duplicates.merges(
                counts.map { Duplicates.Candidate(diaObjectId: $0.key, nDiaSources: $0.value) },
                pairs: pairs.filter(\.isOne).map { ($0.first, $0.second) }))
    }

    /// Objects within the radius of those given, each pair with the lower identifier first, and the counts of both.
    private func neighbours(
        of objects: Table, on connection: Connection, _ generation: Generation, _ pixelization: any Pixelization, _ driftArcsec: Double
    ) throws -> [(Pair, [(Int64, Int32)])] {
        let (id, ra, dec) = (objects["diaObjectId"]!.int64s!, objects["ra"]!.doubles!, objects["dec"]!.doubles!)
        let n = objects["nDiaSources"]!.int32s!
        var owner: [Int32] = []
        var low: [Int64] = []
        var high: [Int64] = []
        for row in id.indices {
            // The neighbour's pixel is that of its first position.
            let circle = try Circle(ra: ra[row], dec: dec[row], radiusDegrees: (radiusArcsec + driftArcsec) / 3600)
            for range in pixelization.envelope(of: .circle(circle), maxRanges: 8).ranges {
                owner.append(Int32(row))
                low.append(range.lowerBound)
                high.append(range.upperBound)
            }
        }
        let found = try connection.query(
            """
            SELECT DISTINCT a.id AS a, b."diaObjectId" AS b, a.n AS an, b."nDiaSources"::integer AS bn,
                   skyledger.separation_arcsec(a.ra, a."dec", b."ra", b.\(quoted(generation.layout.roles.dec))) AS arcsec
            FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS r(place, low, high)
            JOIN unnest($4::bigint[], $5::double precision[], $6::double precision[], $7::integer[]) WITH ORDINALITY AS a(id, ra, "dec", n, place)
                ON a.place = r.place + 1
            JOIN \(generation.table("DiaObjectLast")) AS b ON b."pixelId" BETWEEN r.low AND r.high
            WHERE b."diaObjectId" <> a.id
              AND skyledger.separation_arcsec(a.ra, a."dec", b."ra", b.\(quoted(generation.layout.roles.dec))) <= $8
            """,
            [
                .int32Array(owner), .int64Array(low), .int64Array(high), .int64Array(id), .doubleArray(ra), .doubleArray(dec),
                .int32Array(n),
                .double(radiusArcsec),
            ])
        let (a, b) = (found["a"]!.int64s!, found["b"]!.int64s!)
        let (an, bn, arcsec) = (found["an"]!.int32s!, found["bn"]!.int32s!, found["arcsec"]!.doubles!)
        return a.indices.map { i in
            (
                Pair(first: min(a[i], b[i]), second: max(a[i], b[i]), separationArcsec: arcsec[i], shared: 0, isOne: false),
                [(a[i], an[i]), (b[i], bn[i])]
            )
        }
    }

    /// How often both of a pair were seen together, and what follows.
    private func count(_ pairs: inout [Pair], of counts: [Int64: Int32], on connection: Connection, _ generation: Generation) throws {
        guard !pairs.isEmpty else { return }
        let shared = try connection.query(
            """
            SELECT p.place::integer AS place, count(*)::integer AS shared
            FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS p(a, b, place)
            JOIN LATERAL (
                SELECT "visit", "detector" FROM \(generation.table("DiaSource")) WHERE "diaObjectId" = p.a
                INTERSECT SELECT "visit", "detector" FROM \(generation.table("DiaSource")) WHERE "diaObjectId" = p.b) AS s ON true
            GROUP BY 1
            """, [.int64Array(pairs.map(\.first)), .int64Array(pairs.map(\.second))])
        for (place, n) in zip(shared["place"]?.int32s ?? [], shared["shared"]?.int32s ?? []) { pairs[Int(place) - 1].shared = Int(n) }
        for i in pairs.indices {
            let least = min(counts[pairs[i].first] ?? 0, counts[pairs[i].second] ?? 0)
            pairs[i].isOne = Double(pairs[i].shared) <= maximumSharedFraction * Double(least)
        }
    }
}
