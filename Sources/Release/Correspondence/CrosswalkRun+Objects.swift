import Association
import Catalog
import Columns

/// Objects by tile: four streams in the order of tiles (objects and links of both sides), and what crosses edges from memory.
extension CrosswalkRun {
    /// - Returns: false where the caller stopped it.
    func matchObjects(
        _ oldBorder: BorderObjects, _ newBorder: BorderObjects, _ links: inout LinkTable, _ summary: inout CrosswalkSummary
    ) throws -> Bool {
        var (oldRows, newRows) = (try old.objectsByTile(named: "oldObjects"), try new.objectsByTile(named: "newObjects"))
        var (byOld, byNew) = try links.byTile()
        let movedTiles = Set(oldBorder.movedInto.keys).union(newBorder.movedInto.keys).sorted()
        var nextMoved = 0
        var crosswalk = try ObjectCrosswalk(rules: rules)
        var waiting: [ObjectMatch] = []
        var done = 0
        let total = oldBorder.count + newBorder.count
        func next() -> Int64? {
            [oldRows.next, newRows.next, byOld.next, byNew.next, nextMoved < movedTiles.count ? movedTiles[nextMoved] : nil]
                .compactMap { $0 }.min()
        }
        while let tile = next() {
            if nextMoved < movedTiles.count, movedTiles[nextMoved] == tile { nextMoved += 1 }
            let (oldTable, newTable) = (try oldRows.take(tile), try newRows.take(tile))
            done += oldTable.rowCount + newTable.rowCount
            let tileLinks = LinkTable.links(try byOld.take(tile)) + LinkTable.links(try byNew.take(tile))
            var input = ObjectTile(
                tile: tile, old: try Self.objects(oldTable, tile, oldBorder), new: try Self.objects(newTable, tile, newBorder),
                links: tileLinks)
            try addUnlisted(&input.old, old, tile, tileLinks.filter { $0.oldTile == tile }.map(\.oldDiaObjectId))
            try addUnlisted(&input.new, new, tile, tileLinks.filter { $0.newTile == tile }.map(\.newDiaObjectId))
            if input.old.count == 0, input.new.count == 0 { continue }
            let decided = try crosswalk.add(input)
            summary.count(decided)
            summary.links += tileLinks.count { $0.oldTile == tile }
            waiting += decided.rows
            if waiting.count > 50_000 {
                try output.write(waiting)
                waiting = []
                if !progress(.init(stage: .objects, done: done, total: total)) { return false }
            }
        }
        try crosswalk.finish()
        try output.write(waiting)
        return progress(.init(stage: .objects, done: total, total: total))
    }

    /// The objects whose position is in the tile, and those that visit it.
    private static func objects(_ rows: Table, _ tile: Int64, _ border: BorderObjects) throws -> CrosswalkObjects {
        var out = CrosswalkObjects()
        if rows.rowCount > 0 {
            let ids = rows["diaObjectId"]?.int64s ?? []
            let staying = border.moved.isEmpty ? Array(ids.indices) : ids.indices.filter { border.moved[ids[$0]] == nil }
            out = try CrosswalkObjects(staying.count == ids.count ? rows : rows.gather(staying))
        }
        for place in (border.movedInto[tile] ?? []) + (border.visitors[tile] ?? []) {
            out.positions.id.append(place.id)
            out.positions.x.append(place.x)
            out.positions.y.append(place.y)
            out.positions.z.append(place.z)
            out.tile.append(place.tile)
        }
        return out
    }

    /// Adds objects that sources name and that are closed: without a position, so that their sources alone say what they are.
    private func addUnlisted(_ objects: inout CrosswalkObjects, _ reader: CrosswalkReader, _ tile: Int64, _ named: [Int64]) throws {
        if named.isEmpty { return }
        var known: Set<Int64> = []
        for row in 0..<objects.count where objects.tile[row] == tile { known.insert(objects.positions.id[row]) }
        let missing = Set(named).subtracting(known).sorted()
        if missing.isEmpty { return }
        if let open = try reader.objectsAmong(missing).first {
            throw CatalogError.inconsistent(
                "sources of DiaObject \(open) of \(reader.tables.label) are in tile \(tile) and the object is not: run `skyledger doctor`")
        }
        for id in missing {
            objects.positions.id.append(id)
            objects.positions.x.append(.nan)
            objects.positions.y.append(.nan)
            objects.positions.z.append(.nan)
            objects.tile.append(tile)
        }
    }
}
