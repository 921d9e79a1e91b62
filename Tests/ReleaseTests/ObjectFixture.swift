import Association
import TestSupport

@testable import Release

/// Made objects of two generations over a few tiles (squares of 10 arcseconds), so crowded that much crosses from tile to tile, and links
/// between some that lie near each other.
struct ObjectFixture {
    var old = CrosswalkObjects()
    var new = CrosswalkObjects()
    var links: [ObjectLink] = []

    struct Object {
        var id: Int64
        /// Arcseconds.
        var x: Double
        var y: Double
        var tile: Int64 { Int64(x / 10) * 10 + Int64(y / 10) + 1 }
    }

    init(seed: UInt64, count: Int = 150, sideArcsec: Double = 40) {
        var random = SeededGenerator(state: seed)
        func place() -> Double { Double.random(in: 0..<sideArcsec, using: &random) }
        let before = (0..<count).map { Object(id: Int64($0 + 1), x: place(), y: place()) }
        var after: [Object] = []
        for k in 0..<count {
            let shift = Double.random(in: -0.7...0.7, using: &random)
            let near = Object(id: Int64(9000 - k), x: abs(before[k].x + shift), y: abs(before[k].y - shift))
            after.append(Int.random(in: 0..<5, using: &random) == 0 ? Object(id: near.id, x: place(), y: place()) : near)
        }
        for one in before {
            for other in after where abs(one.x - other.x) < 1.5 && abs(one.y - other.y) < 1.5 && Bool.random(using: &random) {
                let shared = Int64(Bool.random(using: &random) ? 1 : Int.random(in: 5..<40, using: &random))
                links.append(
                    ObjectLink(
                        oldDiaObjectId: one.id, oldTile: one.tile, newDiaObjectId: other.id, newTile: other.tile, sharedSources: shared))
            }
        }
        (old, new) = (Self.objects(before), Self.objects(after))
    }

    static func objects(_ objects: [Object]) -> CrosswalkObjects {
        CrosswalkObjects(positions: CrosswalkFixture.positions(objects.map { ($0.id, $0.x, $0.y) }), tile: objects.map(\.tile))
    }

    func tiles(_ rules: CrosswalkRules = CrosswalkRules()) -> [ObjectTile] {
        ObjectTile.tiles(old: old, new: new, links: links, rules: rules)
    }

    /// The new generation as the old one, and the reverse.
    var exchanged: ObjectFixture {
        var out = self
        (out.old, out.new) = (new, old)
        out.links = links.map {
            ObjectLink(
                oldDiaObjectId: $0.newDiaObjectId, oldTile: $0.newTile, newDiaObjectId: $0.oldDiaObjectId, newTile: $0.oldTile,
                sharedSources: $0.sharedSources)
        }
        return out
    }

    /// The same with everything in one tile.
    var inOneTile: ObjectFixture {
        var out = self
        out.old.tile = old.tile.map { _ in 1 }
        out.new.tile = new.tile.map { _ in 1 }
        for k in out.links.indices { (out.links[k].oldTile, out.links[k].newTile) = (1, 1) }
        return out
    }
}

extension ObjectCrosswalk {
    /// All that comes out of the tiles in the order given, sorted.
    static func run(_ tiles: [ObjectTile], _ rules: CrosswalkRules = CrosswalkRules()) throws -> ObjectMatches {
        var crosswalk = try ObjectCrosswalk(rules: rules)
        var out = ObjectMatches()
        for tile in tiles { out.append(try crosswalk.add(tile)) }
        try crosswalk.finish()
        out.sort()
        return out
    }
}
