import Association
import Foundation
import Release
import Simulation
import Sphere

/// Sources of a survey and of its reprocessing, made in memory: areas of 12,500 objects side by side on the equator (100,000 objects a
/// square degree), each seen in ten visits. New positions are shifted by 0.05 arcseconds and scattered by 0.02; 3 percent are dropped, 2
/// percent added, and the sources of 1 percent of the objects shared out to two.
struct MadeReprocessing {
    static let objectsInArea = 12_500
    static let visits = 10
    /// What a new identifier has more than that of the old source or object.
    static let idShift: Int64 = 1 << 40

    /// By area.
    var old: [CrosswalkSources] = []
    var new: [CrosswalkSources] = []
    var oldObjects = CrosswalkObjects()
    var newObjects = CrosswalkObjects()

    init(sources: Int) throws { try self.init(areas: 0..<Self.areas(sources)) }

    /// Some areas of a survey; each is the same whichever others are made.
    init(areas: Range<Int>) throws {
        let tiles = try HtmPixelization(9)
        for area in areas { try addArea(area, tiles) }
    }

    /// Areas of a survey of about so many sources.
    static func areas(_ sources: Int) -> Int { max(1, sources / (objectsInArea * visits)) }

    private mutating func addArea(_ area: Int, _ tiles: HtmPixelization) throws {
        var random = SplitMix(UInt64(area) + 1)
        let count = Self.objectsInArea
        // A square of 0.125 square degrees at any place of it.
        let side = 0.125.squareRoot()
        func place() -> (ra: Double, dec: Double) {
            (Double(area) * side + Double.random(in: 0..<side, using: &random), Double.random(in: -side / 2..<side / 2, using: &random))
        }
        let first = Int64(area * count + 1)
        var objects = (0..<count).map { _ in place() }
        let isSplit = (0..<count).map { _ in Int.random(in: 0..<100, using: &random) == 0 }
        let oldTile = tiles.index(ra: objects.map(\.ra), dec: objects.map(\.dec))
        append(&oldObjects, ids: (0..<count).map { first + Int64($0) }, objects, oldTile)
        append(&newObjects, ids: (0..<count).map { first + Int64($0) + Self.idShift }, objects, oldTile)
        // Second parts of split objects lie 0.8 arcseconds to the east, in the tile of the first.
        let parts = (0..<count).filter { isSplit[$0] }
        append(
            &newObjects, ids: parts.map { first + Int64($0) + 2 * Self.idShift },
            parts.map { (objects[$0].ra + 0.8 / 3600, objects[$0].dec) }, parts.map { oldTile[$0] })

        var (before, after) = (Rows(), Rows())
        for visit in 0..<Self.visits {
            for k in 0..<count {
                let second = isSplit[k] && visit % 2 == 1
                let ra = objects[k].ra + ((second ? 0.8 : 0) + noise(&random, 0.04)) / 3600
                let dec = objects[k].dec + noise(&random, 0.04) / 3600
                let id = (Int64(area) * Int64(Self.visits) + Int64(visit)) * Int64(count) + Int64(k) + 1
                before.add(visit, area, id, ra, dec, first + Int64(k), oldTile[k])
                if Int.random(in: 0..<100, using: &random) < 3 { continue }
                after.add(
                    visit, area, id + Self.idShift, ra + (0.05 + noise(&random, 0.02)) / 3600, dec + noise(&random, 0.02) / 3600,
                    first + Int64(k) + (second ? 2 : 1) * Self.idShift, oldTile[k])
            }
            for k in 0..<count / 50 {
                let at = place()
                let id = (Int64(area) * Int64(Self.visits) + Int64(visit)) * Int64(count) + Int64(k) + 1 + 4 * Self.idShift
                after.add(visit, area, id, at.ra, at.dec, 0, 0)
            }
        }
        old.append(before.sources)
        new.append(after.sources)
        objects.removeAll()
    }

    private func noise(_ random: inout SplitMix, _ arcsec: Double) -> Double {
        // The sum of four uniform numbers, near enough to a Gaussian.
        var sum = 0.0
        for _ in 0..<4 { sum += Double.random(in: -1..<1, using: &random) }
        return sum * arcsec * 0.866
    }

    private func append(_ objects: inout CrosswalkObjects, ids: [Int64], _ places: [(ra: Double, dec: Double)], _ tiles: [Int64]) {
        let more = Positions(id: ids, ra: places.map(\.ra), dec: places.map(\.dec))
        objects.positions.id += more.id
        objects.positions.x += more.x
        objects.positions.y += more.y
        objects.positions.z += more.z
        objects.tile += tiles
    }

    private struct Rows {
        var visit: [Int64] = []
        var detector: [Int32] = []
        var id: [Int64] = []
        var ra: [Double] = []
        var dec: [Double] = []
        var object: [Int64] = []
        var tile: [Int64] = []

        mutating func add(_ visit: Int, _ area: Int, _ id: Int64, _ ra: Double, _ dec: Double, _ object: Int64, _ tile: Int64) {
            self.visit.append(Int64(visit))
            detector.append(Int32(area))
            self.id.append(id)
            self.ra.append(ra)
            self.dec.append(dec)
            self.object.append(object)
            self.tile.append(tile)
        }

        var sources: CrosswalkSources {
            CrosswalkSources(
                visit: visit, detector: detector, positions: Positions(id: id, ra: ra, dec: dec), diaObjectId: object, tile: tile)
        }
    }
}
