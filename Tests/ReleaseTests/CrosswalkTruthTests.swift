import Columns
import Foundation
import TestSupport
import Testing

@testable import Release

/// A reprocessing made by tools/golden/crosswalk_truth.py, whose script knows what became of everything.
@Suite("A crosswalk of a reprocessed catalog agrees with the script that made it", .enabled(if: PackageFolder.hasPython))
struct CrosswalkTruthTests {
    private let world: World

    init() throws { world = try World.shared.get() }

    @Test("99.9 percent of the sources have the partner, or none, that the script gave them")
    func sources() throws {
        var found: [Int64: Int64] = [:]
        for row in 0..<world.matches.rowCount where world.matches.oldDiaSourceId[row] != 0 {
            found[world.matches.oldDiaSourceId[row]] = world.matches.newDiaSourceId[row]
        }
        let lone = Set(
            (0..<world.matches.rowCount).filter { world.matches.oldDiaSourceId[$0] == 0 }.map { world.matches.newDiaSourceId[$0] })
        let (old, new) = (world.truthSources["oldDiaSourceId"]!, world.truthSources["newDiaSourceId"]!)
        let right = (0..<old.count).count { row in
            old.isNull(row) ? lone.contains(new.int64s![row]) : found[old.int64s![row]] == (new.isNull(row) ? 0 : new.int64s![row])
        }
        #expect(Double(right) / Double(old.count) >= 0.999, "\(right) of \(old.count)")
    }

    @Test("the fraction of sources without partner on each side is the script's, to a tenth of a percent")
    func fractions() {
        let (old, new) = (world.truthSources["oldDiaSourceId"]!, world.truthSources["newDiaSourceId"]!)
        let count = Double(old.count)
        #expect(abs(Double(world.matches.vanishedCount - new.nullCount)) / count < 0.001)
        #expect(abs(Double(world.matches.newCount - old.nullCount)) / count < 0.001)
    }

    @Test("99 percent of the objects are called what the script made of them: same, split or merged")
    func objects() throws {
        var found: [Int64: Correspondence] = [:]
        for row in world.objects.rows where row.oldDiaObjectId != 0 && !row.isMinor { found[row.oldDiaObjectId] = row.correspondence }
        let (ids, kinds) = (world.truthObjects["diaObjectId"]!.int64s!, world.truthObjects["correspondence"]!.strings!)
        for kind in [Correspondence.same, .split, .merged] {
            let rows = ids.indices.filter { kinds[$0] == kind.rawValue }
            let right = rows.count { found[ids[$0]] == kind }
            #expect(rows.count > 50 && Double(right) / Double(rows.count) >= 0.99, "\(kind): \(right) of \(rows.count)")
        }
    }

    @Test("every object of both generations is in it")
    func complete() {
        #expect(world.objects.oldCounts.values.reduce(0, +) == world.oldObjects.count)
        #expect(world.objects.newCounts.values.reduce(0, +) == world.newObjects.count)
    }

    @Test("tiles in any order, with links counted from batches in any order, give the same")
    func order() throws {
        var random = SeededGenerator(state: 4)
        var counter = LinkCounter()
        for key in world.matches.counts.map(\.key).shuffled(using: &random) {
            func part(_ sources: CrosswalkSources) -> CrosswalkSources {
                sources.rows((0..<sources.count).filter { sources.visit[$0] == key.visit && sources.detector[$0] == key.detector })
            }
            counter.add(try SourceCrosswalk.match(old: part(world.old), new: part(world.new), rules: CrosswalkRules()))
        }
        let tiles = ObjectTile.tiles(
            old: world.oldObjects, new: world.newObjects, links: counter.allLinks().shuffled(using: &random), rules: CrosswalkRules())
        #expect(try ObjectCrosswalk.run(tiles.shuffled(using: &random)) == world.objects)
    }

    struct World {
        var old: CrosswalkSources
        var new: CrosswalkSources
        var oldObjects: CrosswalkObjects
        var newObjects: CrosswalkObjects
        var truthSources: Table
        var truthObjects: Table
        var matches: SourceMatches
        var objects: ObjectMatches

        static let shared = Result { try World() }

        private init() throws {
            func read(_ name: String, _ folder: String) throws -> Table { try ParquetReader(path: "\(folder)/\(name).parquet").read() }
            let tables = try withFolder { folder in
                try GoldenScript.run("crosswalk_truth.py", [folder, "20260801"])
                return try ["oldSources", "newSources", "oldObjects", "newObjects", "truthSources", "truthObjects"].map {
                    try read($0, folder)
                }
            }
            (old, new) = (try CrosswalkSources(tables[0]), try CrosswalkSources(tables[1]))
            (oldObjects, newObjects) = (try CrosswalkObjects(tables[2]), try CrosswalkObjects(tables[3]))
            (truthSources, truthObjects) = (tables[4], tables[5])
            matches = try SourceCrosswalk.match(old: old, new: new, rules: CrosswalkRules())
            var counter = LinkCounter()
            counter.add(matches)
            objects = try ObjectCrosswalk.run(
                ObjectTile.tiles(old: oldObjects, new: newObjects, links: counter.allLinks(), rules: CrosswalkRules()))
        }
    }
}
