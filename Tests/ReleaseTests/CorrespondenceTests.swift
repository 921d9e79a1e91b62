import Foundation
import Testing

@testable import Catalog
@testable import Release

@Suite("Sources and objects across releases", .serialized) struct CorrespondenceTests {
    private let shift = TwoGenerations.shift

    /// Generation 1 gave way to 2, and 2 to 3; the tables of 1 are gone.
    private func threeGenerations() throws -> (sky: TwoGenerations, sources: [Int64], objects: [Int64]) {
        let sky = try TwoGenerations()
        let rows = try sky.reader().query("SELECT \"diaSourceId\" FROM l1_0001.\"DiaSource\" ORDER BY 1")
        let objects = try sky.reader().query("SELECT \"diaObjectId\" FROM l1_0001.\"DiaObjectLast\" ORDER BY 1")
        try sky.crosswalk()
        try sky.owner().execute("UPDATE skyledger.\"Release\" SET \"state\" = 'retired'")
        try sky.addRelease("DR2", from: 2, to: 3, shift: 10 * shift)
        try sky.crosswalk(release: "DR2")
        try sky.owner().execute(
            """
            UPDATE skyledger."Generation" SET "state" = 'former' WHERE "generationId" = 1;
            UPDATE skyledger."Generation" SET "state" = 'current' WHERE "generationId" = 3;
            DROP SCHEMA l1_0001 CASCADE
            """)
        return (sky, rows["diaSourceId"]!.int64s!, objects["diaObjectId"]!.int64s!)
    }

    @Test("every source of the first generation is traced to the third, though the first is gone")
    func sources() throws {
        let (sky, ids, _) = try threeGenerations()
        let walk = try Correspondences(instance: sky.instance, connection: sky.reader())
        #expect(walk.present == [2, 3] && walk.current == 3)
        let steps = try walk.sources(ids, from: 1, to: 3)
        let there = Set(try sky.reader().query("SELECT \"diaSourceId\" FROM l1_0003.\"DiaSource\"")["diaSourceId"]!.int64s!)
        var vanished = 0
        for id in ids {
            let mine = try #require(steps[id])
            switch mine.last?.finding {
            case .matched: #expect(mine.count == 2 && mine.last?.becomes == id + 11 * shift && there.contains(id + 11 * shift))
            case .vanished:
                #expect(!there.contains(id + 11 * shift))
                vanished += 1
            default: Issue.record("\(id): \(mine)")
            }
        }
        #expect(vanished > 5 && vanished < ids.count / 5)
        // Back again.
        let found = ids.first { steps[$0]?.last?.finding == .matched }!
        let back = try walk.sources([found + 11 * shift], from: 3, to: 1)[found + 11 * shift]
        #expect(back?.map(\.becomes) == [found + shift, found])
    }

    @Test("an object that was split twice is all its parts, with counts that are those of the sources")
    func objects() throws {
        let (sky, _, ids) = try threeGenerations()
        let walk = try Correspondences(instance: sky.instance, connection: sky.reader())
        var splits = 0
        for id in ids {
            let steps = try walk.objects(id, from: 1, to: 2)
            #expect(!steps.isEmpty)
            for step in steps where step.isFollowed && (step.nShared ?? 0) > 0 {
                let mine = try sky.int(
                    """
                    SELECT count(*) FROM skyledger."CrosswalkSource" AS x JOIN l1_0002."DiaSource" AS n ON n."diaSourceId" = x."newDiaSourceId"
                    WHERE x."crosswalk" = 1 AND x."oldDiaSourceId" IS NOT NULL AND n."diaObjectId" = \(step.becomes!)
                    """)
                #expect(step.nShared == Int(mine) && step.nOther == Int(mine))
            }
            guard steps.contains(where: { $0.finding == .split }) else { continue }
            splits += 1
            #expect(Set(steps.filter(\.isFollowed).compactMap(\.becomes)) == [id + shift, id + 2 * shift])
            let all = try walk.whatBecame(of: id, from: 1, to: 3)
            #expect(all.count >= 2 && all.allSatisfy { [11, 12, 21, 22].contains(($0 - id) / shift) }, "\(all)")
            let former = try #require(try walk.formerObjects([id])[id])
            #expect(former.generation == 1 && former.now == all && former.principal.map(all.contains) == true)
        }
        #expect(splits > 0)
        #expect(try walk.formerObjects([77]).isEmpty)
    }

    @Test("what was stored after the crosswalk keeps its number, and its object is found by its sources")
    func younger() throws {
        let sky = try TwoGenerations(visits: 4)
        try sky.crosswalk()
        let walk = try Correspondences(instance: sky.instance, connection: sky.reader())
        // A source in both under one number, of an object that has different numbers.
        for (generation, object) in [(1, 500), (2, 600)] {
            try sky.owner().execute(
                """
                INSERT INTO l1_000\(generation)."DiaSource"
                SELECT (jsonb_populate_record(s, '{"diaSourceId": 4711, "diaObjectId": \(object)}')).* FROM l1_000\(generation)."DiaSource" AS s LIMIT 1
                """)
        }
        #expect(try walk.sources([4711], from: 1, to: 2)[4711]?.map(\.finding) == [.sameId])
        let steps = try walk.objects(500, from: 1, to: 2)
        #expect(steps.map(\.finding) == [.bySources] && steps.first?.becomes == 600 && steps.first?.nShared == 1)
        #expect(try walk.generations(of: 4711, .source) == [1, 2])
    }

    @Test("without a crosswalk the answer says which command makes one")
    func noCrosswalk() throws {
        let sky = try TwoGenerations(visits: 2)
        let walk = try Correspondences(instance: sky.instance, connection: sky.reader())
        let step = try #require(try walk.sources([1], from: 1, to: 2)[1]?.first)
        #expect(step.finding == .noCrosswalk && step.becomes == nil && step.sentence.contains("skyledger release crosswalk DR1"))
        #expect(throws: CatalogError.self) { try walk.sources([1], from: 1, to: 9) }
    }

    @Test("the way between generations is the shortest, forward and back")
    func legs() {
        let ways = [
            Correspondences.Way(release: "A", from: 1, to: 2, crosswalk: 1), .init(release: "B", from: 1, to: 3, crosswalk: 2),
            .init(release: "C", from: 3, to: 4, crosswalk: nil),
        ]
        #expect(Correspondences.legs(ways, from: 2, to: 4)?.map(\.way.release) == ["A", "B", "C"])
        #expect(Correspondences.legs(ways, from: 2, to: 4)?.map(\.isBackward) == [true, false, false])
        #expect(Correspondences.legs(ways, from: 4, to: 1)?.map(\.to) == [3, 1])
        #expect(Correspondences.legs(ways, from: 3, to: 3) == [])
        #expect(Correspondences.legs(ways, from: 1, to: 5) == nil)
    }
}
