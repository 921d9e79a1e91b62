import Association
import Columns
import Foundation
import Sphere

/// Objects whose surroundings are not of one tile.
///
/// A crosswalk gives each object to the tile of its present position, and to a tile also those of other tiles that lie within the radius of
/// one of its own. Which these are can be said of an object alone: it visits every tile that the circle about it touches. So two objects
/// within the radius of each other meet in the tiles of both, and only a strip along the tiles' edges is held in memory.
struct BorderObjects: Sendable {
    /// An object as it is given to tiles.
    struct Place: Sendable {
        var id: Int64
        var x: Double
        var y: Double
        var z: Double
        var tile: Int64
    }

    /// By object, the tile of the present position, of those whose rows say another (that of their first position).
    private(set) var moved: [Int64: Int64] = [:]
    /// Of the moved ones, by the tile of their position.
    private(set) var movedInto: [Int64: [Place]] = [:]
    /// By tile, objects of other tiles that may lie within the radius of its own.
    private(set) var visitors: [Int64: [Place]] = [:]
    private(set) var count = 0

    private let pixelization: any Pixelization
    private let radiusDegrees: Double

    init(_ pixelization: any Pixelization, radiusArcsec: Double) {
        self.pixelization = pixelization
        // A little more, so that rounding leaves out no pair that is just within the radius.
        radiusDegrees = radiusArcsec / 3600 * (1 + 1e-9) + 1e-12
    }

    /// Takes note of objects: columns diaObjectId, ra, dec and tile.
    /// - Complexity: O(rows), but for those at edges, whose tiles are found exactly.
    mutating func add(_ rows: Table) throws {
        let (ids, own) = (rows["diaObjectId"]?.int64s ?? [], rows["tile"]?.int64s ?? [])
        let (ra, dec) = (rows["ra"]?.numbers ?? [], rows["dec"]?.numbers ?? [])
        count += ids.count
        let centre = tiles(ra, dec)
        let isInside = inside(ra, dec, centre)
        for row in ids.indices where ra[row].isFinite && dec[row].isFinite {
            if isInside[row], centre[row] == own[row] { continue }
            let point = try UnitVector(ra: ra[row], dec: dec[row], place: "DiaObject \(ids[row])")
            let place = Place(id: ids[row], x: point.x, y: point.y, z: point.z, tile: centre[row])
            if centre[row] != own[row] {
                moved[ids[row]] = centre[row]
                movedInto[centre[row], default: []].append(place)
            }
            if isInside[row] { continue }
            let circle = try Circle(center: point, radius: radiusDegrees * .pi / 180)
            for range in pixelization.tileEnvelope(of: .circle(circle)).ranges {
                for tile in range where tile != centre[row] { visitors[tile, default: []].append(place) }
            }
        }
    }

    private func tiles(_ ra: [Double], _ dec: [Double]) -> [Int64] {
        pixelization.index(ra: ra, dec: dec).map { Int64(pixelization.tile(of: $0)) }
    }

    /// Whether the circle about a point lies in the point's tile for certain: four points at twice the radius around it are in the tile,
    /// which is convex.
    private func inside(_ ra: [Double], _ dec: [Double], _ centre: [Int64]) -> [Bool] {
        var out = ra.indices.map { abs(dec[$0]) < 89.9 }
        let radius = 2 * radiusDegrees
        func hold(_ ra: [Double], _ dec: [Double]) {
            for (row, tile) in tiles(ra, dec).enumerated() where tile != centre[row] { out[row] = false }
        }
        hold(ra, dec.map { min($0 + radius, 90) })
        hold(ra, dec.map { max($0 - radius, -90) })
        let aside = dec.map { radius / max(cos($0 * .pi / 180), 1e-3) }
        hold(zip(ra, aside).map { $0 + $1 }, dec)
        hold(zip(ra, aside).map { $0 - $1 }, dec)
        return out
    }
}
