import Association

extension ObjectTile {
    /// The tiles of two generations that are in memory as a whole, in ascending order, each with what is near it.
    /// - Parameter links: every link once, in any order (`LinkCounter.allLinks`).
    /// - Complexity: O(objects + links + pairs within the radius), and a sort of tiles
    public static func tiles(old: CrosswalkObjects, new: CrosswalkObjects, links: [ObjectLink], rules: CrosswalkRules) -> [ObjectTile] {
        var oldRows = rowsByTile(old)
        var newRows = rowsByTile(new)
        let pairs = NearPairs(old.positions, new.positions, radiusArcsec: rules.objectRadiusArcsec)
        var foreign: (old: Set<Visitor>, new: Set<Visitor>) = ([], [])
        for k in 0..<pairs.count where old.tile[Int(pairs.first[k])] != new.tile[Int(pairs.second[k])] {
            foreign.old.insert(Visitor(row: pairs.first[k], tile: new.tile[Int(pairs.second[k])]))
            foreign.new.insert(Visitor(row: pairs.second[k], tile: old.tile[Int(pairs.first[k])]))
        }
        for visitor in foreign.old { oldRows[visitor.tile, default: []].append(visitor.row) }
        for visitor in foreign.new { newRows[visitor.tile, default: []].append(visitor.row) }
        var linksOf: [Int64: [ObjectLink]] = [:]
        for link in links {
            linksOf[link.oldTile, default: []].append(link)
            if link.newTile != link.oldTile { linksOf[link.newTile, default: []].append(link) }
        }
        return Set(oldRows.keys).union(newRows.keys).union(linksOf.keys).sorted().map { tile in
            ObjectTile(
                tile: tile, old: old.rows(oldRows[tile] ?? []), new: new.rows(newRows[tile] ?? []), links: linksOf[tile] ?? [])
        }
    }

    /// An object that a tile must know besides its own.
    private struct Visitor: Hashable {
        var row: Int32
        var tile: Int64
    }

    private static func rowsByTile(_ objects: CrosswalkObjects) -> [Int64: [Int32]] {
        var out: [Int64: [Int32]] = [:]
        for row in 0..<objects.count { out[objects.tile[row], default: []].append(Int32(row)) }
        return out
    }
}

extension CrosswalkObjects {
    /// The rows named, in that order.
    func rows(_ rows: [Int32]) -> CrosswalkObjects {
        let rows = rows.map(Int.init)
        return CrosswalkObjects(positions: positions.gather(rows), tile: rows.map { tile[$0] })
    }
}
