import Association
import Columns

/// DiaObjects of one generation as a crosswalk takes them.
public struct CrosswalkObjects: Sendable {
    /// The diaObjectId and the unit vector of each.
    public var positions: Positions
    public var tile: [Int64]

    public init(positions: Positions, tile: [Int64]) {
        precondition(positions.count == tile.count)
        self.positions = positions
        self.tile = tile
    }

    public init() { self.init(positions: Positions(id: [], x: [], y: [], z: []), tile: []) }

    /// From DiaObject rows: diaObjectId, ra, dec (degrees) and tile.
    /// - Throws: `ReleaseError.column` where one is missing or of another type.
    public init(_ rows: Table) throws {
        func int64s(_ name: String) throws -> [Int64] {
            guard let out = rows[name]?.int64s else { throw ReleaseError.column(table: "objects", name: name, need: "int64") }
            return out
        }
        func numbers(_ name: String) throws -> [Double] {
            guard let out = rows[name]?.numbers else { throw ReleaseError.column(table: "objects", name: name, need: "numbers") }
            return out
        }
        self.init(
            positions: Positions(id: try int64s("diaObjectId"), ra: try numbers("ra"), dec: try numbers("dec")), tile: try int64s("tile"))
    }

    public var count: Int { tile.count }
}

/// Everything that a crosswalk of objects needs of one tile.
public struct ObjectTile: Sendable {
    public var tile: Int64
    /// All objects of this tile, in any order; and of other tiles, all that lie within the object radius of one of them. More of the latter
    /// do no harm.
    public var old: CrosswalkObjects
    public var new: CrosswalkObjects
    /// Every link of an object of this tile, old or new, once.
    public var links: [ObjectLink]

    public init(tile: Int64, old: CrosswalkObjects, new: CrosswalkObjects, links: [ObjectLink]) {
        self.tile = tile
        self.old = old
        self.new = new
        self.links = links
    }
}
