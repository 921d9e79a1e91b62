import Columns
import Foundation
import TestSupport
import Testing

@testable import Release

@Suite("Sources of two generations")
struct SourceCrosswalkTests {
    private func pairs(_ matches: SourceMatches) -> Set<[Int64]> {
        Set((0..<matches.rowCount).map { [matches.oldDiaSourceId[$0], matches.newDiaSourceId[$0]] })
    }

    @Test("every source of both generations stands in exactly one row, with its own visit and detector", arguments: 1...8)
    func accounted(seed: UInt64) throws {
        let fixture = CrosswalkFixture(seed: seed)
        let matches = try SourceCrosswalk.match(old: fixture.old, new: fixture.new, rules: CrosswalkRules())
        for (ids, sources) in [(matches.oldDiaSourceId, fixture.old), (matches.newDiaSourceId, fixture.new)] {
            #expect(ids.filter { $0 != 0 }.sorted() == sources.positions.id.sorted())
            let key = Dictionary(
                uniqueKeysWithValues: (0..<sources.count).map {
                    (sources.positions.id[$0], VisitDetectorKey(visit: sources.visit[$0], detector: sources.detector[$0]))
                })
            for row in 0..<matches.rowCount where ids[row] != 0 {
                #expect(key[ids[row]] == VisitDetectorKey(visit: matches.visit[row], detector: matches.detector[row]))
            }
        }
    }

    @Test("counts by visit-detector are those of the rows, and add up to the sources of each side", arguments: 1...4)
    func counts(seed: UInt64) throws {
        let fixture = CrosswalkFixture(seed: seed)
        let matches = try SourceCrosswalk.match(old: fixture.old, new: fixture.new, rules: CrosswalkRules())
        #expect(matches.matchedCount + matches.vanishedCount == fixture.old.count)
        #expect(matches.matchedCount + matches.newCount == fixture.new.count)
        for count in matches.counts {
            let rows = (0..<matches.rowCount).filter { matches.visit[$0] == count.key.visit && matches.detector[$0] == count.key.detector }
            #expect(rows.count { matches.oldDiaSourceId[$0] != 0 && matches.newDiaSourceId[$0] != 0 } == count.matched)
            #expect(rows.count { matches.newDiaSourceId[$0] == 0 } == count.vanished)
        }
    }

    @Test("old and new exchanged give the same pairs, exchanged", arguments: 1...8)
    func symmetry(seed: UInt64) throws {
        let fixture = CrosswalkFixture(seed: seed)
        let there = try SourceCrosswalk.match(old: fixture.old, new: fixture.new, rules: CrosswalkRules())
        let back = try SourceCrosswalk.match(old: fixture.new, new: fixture.old, rules: CrosswalkRules())
        #expect(pairs(there) == Set(pairs(back).map { [$0[1], $0[0]] }))
    }

    @Test("the order of rows changes nothing, to the last bit", arguments: 1...4)
    func order(seed: UInt64) throws {
        let fixture = CrosswalkFixture(seed: seed)
        let rules = CrosswalkRules()
        let first = try SourceCrosswalk.match(old: fixture.old, new: fixture.new, rules: rules).table
        #expect(
            try SourceCrosswalk.match(old: fixture.old.shuffled(seed: 5), new: fixture.new.shuffled(seed: 6), rules: rules).table == first)
    }

    @Test("batches of single visit-detectors give the same as one batch of all")
    func batches() throws {
        let fixture = CrosswalkFixture(seed: 11)
        let rules = CrosswalkRules()
        let whole = try SourceCrosswalk.match(old: fixture.old, new: fixture.new, rules: rules)
        var parts = SourceMatches()
        for key in whole.counts.map(\.key) {
            func part(_ sources: CrosswalkSources) -> CrosswalkSources {
                sources.rows((0..<sources.count).filter { sources.visit[$0] == key.visit && sources.detector[$0] == key.detector })
            }
            parts.append(try SourceCrosswalk.match(old: part(fixture.old), new: part(fixture.new), rules: rules))
        }
        #expect(parts.table == whole.table)
        #expect(parts.counts == whole.counts)
    }

    @Test("sources of different visits or detectors at one place are no pair")
    func apart() throws {
        let old = CrosswalkFixture.sources([
            .init(visit: 1, detector: 0, id: 5, x: 0, y: 0), .init(visit: 1, detector: 1, id: 6, x: 0, y: 0),
        ])
        let new = CrosswalkFixture.sources([
            .init(visit: 2, detector: 0, id: 7, x: 0, y: 0), .init(visit: 1, detector: 1, id: 8, x: 0, y: 0),
        ])
        #expect(pairs(try SourceCrosswalk.match(old: old, new: new, rules: CrosswalkRules())) == [[5, 0], [6, 8], [0, 7]])
    }

    @Test("a pair within the radius that was asked for counts, one beyond it does not", arguments: [0.3, 1, 2.5], [0.999, 1.001])
    func radius(radius: Double, share: Double) throws {
        var rules = CrosswalkRules()
        rules.sourceRadiusArcsec = radius
        let old = CrosswalkFixture.sources([.init(visit: 1, detector: 0, id: 5, x: 0, y: 0)])
        let new = CrosswalkFixture.sources([.init(visit: 1, detector: 0, id: 6, x: 0, y: radius * share)])
        #expect(try SourceCrosswalk.match(old: old, new: new, rules: rules).matchedCount == (share < 1 ? 1 : 0))
    }

    @Test("a source without a position is in its row, alone")
    func nowhere() throws {
        let old = CrosswalkFixture.sources([.init(visit: 1, detector: 0, id: 5, x: .nan, y: 0)])
        let new = CrosswalkFixture.sources([.init(visit: 1, detector: 0, id: 6, x: 0, y: 0)])
        #expect(pairs(try SourceCrosswalk.match(old: old, new: new, rules: CrosswalkRules())) == [[5, 0], [0, 6]])
    }

    @Test("an identifier twice in a visit-detector is refused by name")
    func duplicate() {
        let twice = CrosswalkFixture.sources([
            .init(visit: 3, detector: 4, id: 5, x: 0, y: 0), .init(visit: 3, detector: 4, id: 5, x: 9, y: 0),
        ])
        #expect { try SourceCrosswalk.match(old: CrosswalkFixture.sources([]), new: twice, rules: CrosswalkRules()) } throws: {
            "\($0)" == "diaSourceId 5 stands twice in visit 3, detector 4 of the new generation: give every one once"
        }
    }

    @Test(
        "a table without a column that is needed is refused by that name",
        arguments: ["visit", "detector", "diaSourceId", "ra", "diaObjectId"])
    func columns(name: String) {
        var table = CrosswalkFixture(seed: 1).old.table
        table.remove(name)
        #expect { try CrosswalkSources(table) } throws: { "\($0)".contains("no column \(name) ") }
    }

    @Test(
        "the total is that of scipy's linear_sum_assignment, and so are the pairs", .enabled(if: PackageFolder.hasPython), arguments: 1...3)
    func scipy(seed: UInt64) throws {
        let fixture = CrosswalkFixture(seed: seed, groups: 10, perGroup: 120)
        let matches = try SourceCrosswalk.match(old: fixture.old, new: fixture.new, rules: CrosswalkRules())
        let answer = try withFolder { folder in
            let paths = ["old", "new", "matches"].map { "\(folder)/\($0).parquet" }
            for (table, path) in zip([fixture.old.table, fixture.new.table, matches.table], paths) {
                try ParquetWriter.write(table, to: path)
            }
            let text = try GoldenScript.run("crosswalk_sources.py", [paths[0], paths[1], "1.0", paths[2]])
            return try JSONDecoder().decode(Answer.self, from: Data(text.utf8))
        }
        #expect(abs(answer.givenCost - answer.leastCost) < 1e-6)
        #expect(Set(answer.pairs) == pairs(matches).filter { $0[0] != 0 && $0[1] != 0 })
    }

    @Test("no pairing of a few sources, of all that there are, costs less", arguments: 1...40)
    func allPairings(seed: UInt64) throws {
        let fixture = CrosswalkFixture(seed: seed, groups: 1, perGroup: 7, sideArcsec: 1.6)
        let (old, new) = (fixture.old.positions, fixture.new.positions)
        func angle(_ a: Int, _ b: Int) -> Double {
            let (dx, dy, dz) = (old.x[a] - new.x[b], old.y[a] - new.y[b], old.z[a] - new.z[b])
            return 2 * asin((dx * dx + dy * dy + dz * dz).squareRoot() / 2) * 180 / .pi * 3600
        }
        /// The least cost of old sources from `row` on, with those of the new that are free.
        func least(_ row: Int, _ free: Set<Int>) -> Double {
            if row == old.count { return 0 }
            return free.filter { angle(row, $0) <= 1 }.reduce(1.01 + least(row + 1, free)) {
                min($0, angle(row, $1) + least(row + 1, free.subtracting([$1])))
            }
        }
        let matches = try SourceCrosswalk.match(old: fixture.old, new: fixture.new, rules: CrosswalkRules())
        let cost = matches.separationArcsec.filter { !$0.isNaN }.reduce(0, +) + 1.01 * Double(matches.vanishedCount)
        #expect(abs(cost - least(0, Set(0..<new.count))) < 1e-8)
    }

    private struct Answer: Decodable {
        var leastCost: Double
        var givenCost: Double
        var pairs: [[Int64]]
    }
}
