import Association
import Catalog
import Columns
import Foundation
import Ingest
import Testing

@Suite("Founding rules", .serialized) struct FoundingRulesTests {
    @Test("each flag of the rules keeps a source from founding an object, and it is stored as marginal")
    func flags() throws {
        let test = try TestInstance()
        let flags = FoundingRules().flags
        var sources = flags.enumerated().map { MadeSource(id: Int64($0) + 1, ra: 10 + Double($0) / 100, flag: $1) }
        sources.append(MadeSource(id: 99, ra: 11))
        let file = try MadeSource.write(sources, flags: flags)
        defer { try? FileManager.default.removeItem(atPath: file) }
        try test.load(file)
        let stored = try test.dispositions()
        #expect(stored.count == flags.count + 1)
        #expect(stored.filter { $0.value.disposition == "founded" }.map(\.key) == [99])
        #expect(stored.allSatisfy { $0.key == 99 || ($0.value.disposition == "marginal" && $0.value.object == nil) })
    }

    @Test("reliability and signal-to-noise ratio below the minimum found nothing; at the minimum, and where null, they do")
    func minima() throws {
        let test = try TestInstance()
        try test.configure {
            $0.founding.minimumReliability = 0.25
            $0.founding.minimumSnr = 5
        }
        let file = try MadeSource.write([
            MadeSource(id: 1, ra: 10.00, reliability: 0.2), MadeSource(id: 2, ra: 10.01, reliability: 0.25),
            MadeSource(id: 3, ra: 10.02, reliability: nil), MadeSource(id: 4, ra: 10.03, snr: 4.9), MadeSource(id: 5, ra: 10.04, snr: 5),
            MadeSource(id: 6, ra: 10.05, snr: nil),
        ])
        defer { try? FileManager.default.removeItem(atPath: file) }
        try test.load(file)
        let stored = try test.dispositions().mapValues(\.disposition)
        #expect(stored == [1: "marginal", 2: "founded", 3: "founded", 4: "marginal", 5: "founded", 6: "founded"])
        #expect(try test.connection().int64("SELECT count(*) FROM \"DiaObject\"") == 4)
    }

    @Test("sources below association's reliability and trails of its speed or more join nothing, not even an object that is there")
    func excluded() throws {
        let test = try TestInstance()
        try test.configure { $0.association.minimumReliability = 0.5 }
        let (first, second) = (
            try MadeSource.write([MadeSource(id: 1, ra: 10)]),
            try MadeSource.write([
                MadeSource(id: 2, ra: 10, visit: 2, midpointMjdTai: 61001, reliability: 0.4),
                // 0.416 arcsec/s in 30 s is 12.48 arcsec.
                MadeSource(id: 3, ra: 10, visit: 2, midpointMjdTai: 61001, trailLength: 12.49),
                MadeSource(id: 4, ra: 10.1, visit: 2, midpointMjdTai: 61001, trailLength: 12.47),
            ])
        )
        defer { for file in [first, second] { try? FileManager.default.removeItem(atPath: file) } }
        try test.load(first)
        try test.load(second)
        let stored = try test.dispositions()
        #expect(stored.mapValues(\.disposition) == [1: "founded", 2: "unreliable", 3: "longTrail", 4: "founded"])
        #expect(stored[2]?.object == nil && stored[3]?.object == nil)
        #expect(try test.faults() == [])
    }

    @Test("of more new objects than the limit the most reliable are founded, the rest is stored as limited, and the load says so")
    func limit() throws {
        let test = try TestInstance()
        try test.configure { $0.founding.maximumNewObjects = 3 }
        // 10 different values in no order.
        let sources = (1...10).map { (i: Int) -> MadeSource in
            MadeSource(id: Int64(i), ra: 10 + Double(i) / 100, reliability: 0.5 + Float(i * 7 % 10) / 100)
        }
        let file = try MadeSource.write(sources)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let summary = try test.load(file)
        #expect(summary.limitedDetectors == 1 && summary.diaSources == 10 && summary.diaObjectsNew == 3 && summary.unassociated == 7)
        let sorted = sources.sorted { $0.reliability! > $1.reliability! }
        let best = Set(sorted.prefix(3).map(\.id))
        let stored = try test.dispositions()
        #expect(Set(stored.filter { $0.value.disposition == "founded" }.map(\.key)) == best)
        #expect(stored.values.count { $0.disposition == "limited" && $0.object == nil } == 7)
        #expect(try test.connection().int64("SELECT count(*) FROM \"VisitDetector\" WHERE \"isLimited\"") == 1)
    }

    @Test("a new object adopts earlier sources within the radius that founded nothing, and no others", arguments: [true, false])
    func adoption(adopts: Bool) throws {
        let test = try TestInstance()
        try test.configure { $0.founding.adoptsEarlierSources = adopts }
        let arcsec = 1 / 3600.0
        let earlier = try MadeSource.write(
            [
                MadeSource(id: 1, ra: 10, flag: "centroid_flag"), MadeSource(id: 2, ra: 10, dec: -30 + 0.9 * arcsec, reliability: 0.05),
                MadeSource(id: 3, ra: 10, dec: -30 + 1.1 * arcsec, reliability: 0.05),
                MadeSource(id: 4, ra: 10, dec: -30, trailLength: 20),
            ], flags: ["centroid_flag"])
        let later = try MadeSource.write([MadeSource(id: 5, ra: 10, visit: 2, midpointMjdTai: 61003)])
        defer { for file in [earlier, later] { try? FileManager.default.removeItem(atPath: file) } }
        try test.load(earlier)
        let summary = try test.load(later)
        #expect(summary.adopted == (adopts ? 2 : 0))
        let stored = try test.dispositions()
        let expected: [Int64: String] =
            adopts
            ? [1: "adopted", 2: "adopted", 3: "marginal", 4: "longTrail", 5: "founded"]
            : [1: "marginal", 2: "marginal", 3: "marginal", 4: "longTrail", 5: "founded"]
        #expect(stored.mapValues(\.disposition) == expected)
        #expect(stored.filter { $0.value.object == 5 }.count == (adopts ? 3 : 1))
        let object = try test.connection().query(
            "SELECT \"nDiaSources\"::bigint AS n, \"firstDiaSourceMjdTai\" AS t FROM \"DiaObjectLast\"")
        #expect(object["n"]?.int64s == [adopts ? 3 : 1] && object["t"]?.doubles == [adopts ? 61000 : 61003])
        #expect(try test.faults() == [])
    }

    @Test("what becomes of each source does not depend on the order of the rows")
    func order() throws {
        var generator = SystemRandomNumberGenerator()
        // Crowded: many pairs within the radius, of all kinds.
        let reliabilities: [Float?] = [0.05, 0.3, 0.9, nil]
        func scatter(_ visit: Int64, _ count: Int) -> [MadeSource] {
            (0..<count).map { (i: Int) -> MadeSource in
                var source = MadeSource(id: visit * 1000 + Int64(i), ra: 10 + Double.random(in: 0..<20, using: &generator) / 3600)
                source.dec += Double.random(in: 0..<20, using: &generator) / 3600
                source.visit = visit
                source.midpointMjdTai += Double(visit)
                source.reliability = reliabilities.randomElement(using: &generator)!
                source.trailLength = i % 17 == 0 ? 15 : 0
                source.flag = i % 7 == 0 ? "centroid_flag" : nil
                return source
            }
        }
        let visits = [scatter(1, 120), scatter(2, 120), scatter(3, 120)]
        var results: [[String]] = []
        var kinds: Set<String> = []
        for shuffled in [false, true] {
            let test = try TestInstance()
            try test.configure { $0.founding.maximumNewObjects = 30 }
            for sources in visits {
                let file = try MadeSource.write(shuffled ? sources.shuffled(using: &generator) : sources, flags: ["centroid_flag"])
                defer { try? FileManager.default.removeItem(atPath: file) }
                try test.load(file)
            }
            kinds = Set(try test.dispositions().values.map(\.disposition))
            results.append(
                try test.rows("SELECT \"diaSourceId\", \"diaObjectId\", \"disposition\" FROM \"DiaSource\"")
                    + test.rows("SELECT * FROM \"DiaObjectLast\""))
        }
        #expect(kinds.isSuperset(of: ["associated", "founded", "adopted", "marginal", "limited", "longTrail"]))
        #expect(results[0] == results[1])
    }
}
