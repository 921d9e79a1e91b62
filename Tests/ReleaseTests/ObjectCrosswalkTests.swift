import TestSupport
import Testing

@testable import Release

@Suite("Objects of two generations")
struct ObjectCrosswalkTests {
    @Test("links, minor links and classes are those of a plain computation over everything", arguments: 1...20)
    func plain(seed: UInt64) throws {
        let fixture = ObjectFixture(seed: seed)
        var rules = CrosswalkRules()
        rules.objectRadiusArcsec = [1, 0.4, 1.6][Int(seed % 3)]
        rules.minorFraction = [0.1, 0.3, 0.5, 0][Int(seed % 4)]
        let expected = PlainCrosswalk(fixture, rules)
        let matches = try ObjectCrosswalk.run(fixture.tiles(rules), rules)
        let links = matches.rows.filter { $0.oldDiaObjectId != 0 && $0.newDiaObjectId != 0 }
        #expect(
            Set(links.map { PlainCrosswalk.Link(old: $0.oldDiaObjectId, new: $0.newDiaObjectId, shared: $0.sharedSources) })
                == expected.links)
        #expect(Set(links.filter { !$0.isMinor }.map { [$0.oldDiaObjectId, $0.newDiaObjectId] }) == expected.major)
        var found: [String: Correspondence] = [:]
        for row in matches.rows where !row.isMinor {
            if row.oldDiaObjectId != 0 { found["old \(row.oldDiaObjectId)"] = row.correspondence }
            if row.newDiaObjectId != 0 { found["new \(row.newDiaObjectId)"] = row.correspondence }
        }
        #expect(found == expected.correspondence)
    }

    @Test("the made objects give every class, minor links and links by position, or the tests above would prove little")
    func variety() throws {
        var (classes, minor, byPosition): (Set<Correspondence>, Int, Int) = ([], 0, 0)
        for seed in 1...20 {
            let rows = try ObjectCrosswalk.run(ObjectFixture(seed: UInt64(seed)).tiles()).rows
            classes.formUnion(rows.compactMap(\.correspondence))
            minor += rows.count(where: \.isMinor)
            byPosition += rows.count { $0.sharedSources == 0 && $0.oldDiaObjectId != 0 && $0.newDiaObjectId != 0 }
        }
        #expect(classes == Set(Correspondence.allCases))
        #expect(minor > 0 && byPosition > 100)
    }

    @Test("neither the order of tiles nor that of rows changes what comes out", arguments: 1...10)
    func order(seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        let tiles = ObjectFixture(seed: seed).tiles()
        let first = try ObjectCrosswalk.run(tiles)
        let shuffled = tiles.shuffled(using: &random).map { tile in
            var tile = tile
            tile.old = tile.old.rows((0..<Int32(tile.old.count)).shuffled(using: &random))
            tile.new = tile.new.rows((0..<Int32(tile.new.count)).shuffled(using: &random))
            tile.links.shuffle(using: &random)
            return tile
        }
        #expect(try ObjectCrosswalk.run(shuffled) == first)
    }

    @Test("how the sky is cut into tiles changes nothing but their numbers", arguments: 1...10)
    func tiling(seed: UInt64) throws {
        func plain(_ matches: ObjectMatches) -> [ObjectMatch] {
            matches.rows.map { row in
                var row = row
                (row.oldTile, row.newTile) = (0, 0)
                return row
            }
        }
        let fixture = ObjectFixture(seed: seed)
        #expect(try plain(ObjectCrosswalk.run(fixture.tiles())) == plain(ObjectCrosswalk.run(fixture.inOneTile.tiles())))
    }

    @Test("old and new exchanged give the same links, with split and merged exchanged, vanished and new", arguments: 1...10)
    func symmetry(seed: UInt64) throws {
        let mirror: [Correspondence: Correspondence] = [
            .same: .same, .mixed: .mixed, .split: .merged, .merged: .split, .vanished: .new, .new: .vanished,
        ]
        func text(_ row: ObjectMatch, _ old: Int64, _ new: Int64, _ kind: Correspondence?) -> String {
            "\(old) \(new) \(row.sharedSources) \(kind?.rawValue ?? "minor")"
        }
        let fixture = ObjectFixture(seed: seed)
        let there = try ObjectCrosswalk.run(fixture.tiles()).rows
        let back = try ObjectCrosswalk.run(fixture.exchanged.tiles()).rows
        #expect(
            Set(there.map { text($0, $0.oldDiaObjectId, $0.newDiaObjectId, $0.correspondence) })
                == Set(back.map { text($0, $0.newDiaObjectId, $0.oldDiaObjectId, $0.correspondence.flatMap { mirror[$0] }) }))
    }

    @Test("counts by class are those of the rows, and each object is counted once", arguments: 1...5)
    func counts(seed: UInt64) throws {
        let fixture = ObjectFixture(seed: seed)
        let matches = try ObjectCrosswalk.run(fixture.tiles())
        #expect(matches.oldCounts.values.reduce(0, +) == fixture.old.count)
        #expect(matches.newCounts.values.reduce(0, +) == fixture.new.count)
        for kind in Correspondence.allCases {
            let rows = matches.rows.filter { $0.correspondence == kind }
            #expect(Set(rows.map(\.oldDiaObjectId)).subtracting([0]).count == matches.oldCounts[kind] ?? 0)
            #expect(Set(rows.map(\.newDiaObjectId)).subtracting([0]).count == matches.newCounts[kind] ?? 0)
        }
    }

    @Test("shared sources are neither lost nor made: by object they add up to those of the links", arguments: 1...5)
    func shared(seed: UInt64) throws {
        let fixture = ObjectFixture(seed: seed)
        let rows = try ObjectCrosswalk.run(fixture.tiles()).rows
        #expect(rows.reduce(0) { $0 + $1.sharedSources } == fixture.links.reduce(0) { $0 + $1.sharedSources })
        var sums: [Int64: Double] = [:]
        for row in rows where row.sharedSources > 0 { sums[row.oldDiaObjectId, default: 0] += row.oldFraction ?? .nan }
        for (id, sum) in sums { #expect(abs(sum - 1) < 1e-12, "fractions of \(id)") }
    }

    @Test("nothing waits once the last tile was given, and little before")
    func waiting() throws {
        var crosswalk = try ObjectCrosswalk(rules: CrosswalkRules())
        let fixture = ObjectFixture(seed: 3, count: 4000, sideArcsec: 400)
        var most = 0
        for tile in fixture.tiles() {
            _ = try crosswalk.add(tile)
            most = max(most, crosswalk.waitingCount)
        }
        #expect(crosswalk.waitingCount == 0)
        #expect(most < 800)
    }
}
