import Catalog
import Columns
import Foundation
import Testing

@Suite("Forced targets", .serialized) struct ForcedTargetsTests {
    /// A visit-detector, an object version and a source as their tables say, for a computation that shares nothing with the program's.
    private struct Detector {
        var visit: Int64
        var detector: Int64
        var midpoint: Double
        var processed: Double
        /// Unit vectors of the corners.
        var corners: [SIMD3<Double>]

        /// Whether a point is on the same side of every edge's great circle; the polygons are convex.
        func contains(_ point: SIMD3<Double>) -> Bool {
            let sides = corners.indices.map { i in
                (Self.cross(corners[i], corners[(i + 1) % corners.count]) * point).sum()
            }
            return sides.allSatisfy { $0 > 0 } || (sides.allSatisfy { $0 < 0 } && (corners[0] * point).sum() > 0)
        }

        private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
            SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
        }
    }

    private static func vector(_ ra: Double, _ dec: Double) -> SIMD3<Double> {
        let (a, d) = (ra * .pi / 180, dec * .pi / 180)
        return SIMD3(cos(d) * cos(a), cos(d) * sin(a), sin(d))
    }

    private struct Version {
        var id: Int64
        var start: Double
        var end: Double
        var place: SIMD3<Double>
        var first: Double
        var last: Double
    }

    private struct Rows {
        var detectors: [Detector]
        var versions: [Version]
        /// By object: visit, detector, time, and whether the source is good.
        var sources: [Int64: [(visit: Int64, detector: Int64, time: Double, isGood: Bool)]]

        init(_ test: TestInstance) throws {
            let connection = try test.connection()
            let d = try connection.query(
                "SELECT \"visit\", \"detector\", \"midpointMjdTai\" AS t, \"processedMjdTai\" AS p, \"region\" FROM \"VisitDetector\"")
            detectors = (0..<d.rowCount).map { row in
                let corners = d["region"]!.strings![row].dropFirst("polygon".count).split(separator: ",").map { corner in
                    let numbers = corner.split(separator: " ").compactMap { Double($0) }
                    return ForcedTargetsTests.vector(numbers[0], numbers[1])
                }
                return Detector(
                    visit: d["visit"]!.int64s![row], detector: Int64(d["detector"]!.int32s![row]), midpoint: d["t"]!.doubles![row],
                    processed: d["p"]!.doubles![row], corners: corners)
            }
            let o = try connection.query(
                """
                SELECT "diaObjectId" AS id, "validityStartMjdTai" AS a, "validityEndMjdTai" AS z, "ra", "dec", "firstDiaSourceMjdTai" AS f,
                       "lastDiaSourceMjdTai" AS l FROM "DiaObject"
                """)
            let end = o["z"]!.numbers!
            versions = (0..<o.rowCount).map { row in
                Version(
                    id: o["id"]!.int64s![row], start: o["a"]!.doubles![row], end: end[row].isNaN ? .infinity : end[row],
                    place: ForcedTargetsTests.vector(o["ra"]!.doubles![row], o["dec"]!.doubles![row]), first: o["f"]!.doubles![row],
                    last: o["l"]!.doubles![row])
            }
            let s = try connection.query(
                """
                SELECT "diaObjectId" AS id, "visit", "detector"::integer AS d, "midpointMjdTai" AS t,
                       coalesce("reliability" >= 0.5 AND NOT coalesce("trailLength" > 1.4, false) AND NOT coalesce("isDipole", false)
                       AND NOT coalesce("glint_trail", false), false) AS good
                FROM "DiaSource" WHERE "diaObjectId" IS NOT NULL
                """)
            sources = [:]
            for row in 0..<s.rowCount {
                sources[s["id"]!.int64s![row], default: []].append(
                    (s["visit"]!.int64s![row], Int64(s["d"]!.int32s![row]), s["t"]!.doubles![row], s["good"]!.bools![row]))
            }
        }

        /// Objects due at a detector: seen in it, or on it and seen within the days, with as many good sources until then.
        func due(_ d: Detector, minimum: Int, days: Double) -> Set<[Int64]> {
            var out: Set<[Int64]> = []
            for v in versions where v.start <= d.processed && v.end > d.processed {
                let mine = sources[v.id]!.filter { $0.time <= d.midpoint }
                let isSeen = mine.contains { $0.visit == d.visit && $0.detector == d.detector }
                let isNear = d.contains(v.place) && v.last >= d.midpoint - days
                if isSeen || isNear, mine.count(where: \.isGood) >= minimum { out.insert([v.id, d.visit, d.detector]) }
            }
            return out
        }

        func precovery(since: Double, days: Double) -> Set<[Int64]> {
            var out: Set<[Int64]> = []
            for (id, mine) in Dictionary(grouping: versions, by: \.id) {
                let (founding, present) = (mine.min { $0.start < $1.start }!, mine.max { $0.start < $1.start }!)
                guard founding.start >= since else { continue }
                for d in detectors
                where d.midpoint >= present.first - days && d.midpoint < founding.last && d.contains(present.place) {
                    out.insert([id, d.visit, d.detector])
                }
            }
            return out
        }
    }

    @Test(
        "the targets of each visit-detector are those that a computation over all rows finds, under several rules",
        arguments: [(2, 30.0), (1, 3.0), (3, 1.5), (0, 30.0)])
    func due(minimum: Int, days: Double) throws {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(8, sources: 120))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        try test.configure {
            $0.forced.minimumSources = minimum
            $0.forced.seenWithinDays = days
        }
        try test.load(visits)
        let (rows, targets) = (try Rows(test), try test.targets())
        var found = 0
        for d in rows.detectors {
            let ours = try targets.targets(visit: d.visit, detector: Int32(d.detector)).forcedKeys
            #expect(ours == rows.due(d, minimum: minimum, days: days), "visit \(d.visit) detector \(d.detector)")
            found += ours.count
        }
        #expect(found > 30)
    }

    @Test("what is measured is no target any more")
    func measured() throws {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(6, sources: 120))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        try test.load(visits)
        let all = try test.allTargets()
        let half = all.gather((0..<all.rowCount).filter { $0 % 2 == 0 })
        _ = try test.forcedLoad().run(Measurement.of(half), source: "half")
        #expect(try test.allTargets().forcedKeys == all.forcedKeys.subtracting(half.forcedKeys))
        _ = try test.forcedLoad().run(Measurement.of(try test.allTargets()), source: "the rest", refresh: true)
        #expect(try test.allTargets().rowCount == 0)
        #expect(throws: CatalogError.self) { try test.targets().targets(visit: 7) }
    }

    @Test("precovery finds the stored images of the days before an object's first source that cover it", arguments: [30.0, 2.5])
    func precovery(days: Double) throws {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(8, sources: 120))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        try test.configure { $0.forced.precoveryDays = days }
        try test.load(visits)
        let rows = try Rows(test)
        let since = rows.detectors.map(\.processed).sorted()[rows.detectors.count / 2]
        let ours = try test.targets().precovery(since: since)
        let expected = rows.precovery(since: since, days: days)
        #expect(ours.forcedKeys == expected)
        #expect(expected.count > 50)
        // Once measured they are none; those before the first source say so.
        _ = try test.forcedLoad().run(Measurement.of(ours), source: "precovery")
        #expect(try test.targets().precovery(since: since).rowCount == 0)
        let wrong = try test.connection().int64(
            """
            SELECT count(*) FROM "DiaForcedSource" AS f JOIN "DiaObjectLast" AS o USING ("diaObjectId")
            WHERE "isPrecovery" IS DISTINCT FROM (f."midpointMjdTai" < o."firstDiaSourceMjdTai")
            """)
        #expect(wrong == 0)
    }
}
