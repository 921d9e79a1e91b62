import Association

/// What a tile decides by itself, and what it leaves open because other tiles have a say. A function of the tile alone.
public struct PreparedTile: Sendable {
    public let tile: Int64
    let rules: CrosswalkRules
    var matches = ObjectMatches()
    /// Connected objects of which some belong to other tiles.
    var open: [ObjectGraph] = []

    /// - Throws: `ReleaseError.duplicate` and `.noIdentifier` for objects and links; `.strayLink`; `.unknownObject` where a link names an
    ///   object of this tile that is not among its objects.
    /// - Complexity: O(objects + links + pairs within the radius), and a sort of what is decided
    public init(_ tile: ObjectTile, rules: CrosswalkRules) throws {
        try rules.check()
        self.tile = tile.tile
        self.rules = rules
        var work = TileWork(tile.tile)
        let old = try work.add(tile.old, .old)
        let new = try work.add(tile.new, .new)
        for link in tile.links { try work.add(link) }
        work.addPairs(tile, oldPlaces: old, newPlaces: new, rules)
        decide(work)
    }

    private mutating func decide(_ work: TileWork) {
        var degree = [UInt8](repeating: 0, count: work.graph.nodes.count)
        for edge in work.graph.edges {
            degree[Int(edge.old)] = min(2, degree[Int(edge.old)] + 1)
            degree[Int(edge.new)] = min(2, degree[Int(edge.new)] + 1)
        }
        for (place, node) in work.graph.nodes.enumerated() where degree[place] == 0 && node.isKnown { matches.alone(node) }
        // Most objects have one partner, which has no other: these need no graph.
        var rest = ObjectGraph(nodes: work.graph.nodes, edges: [])
        var totals = [Int64](repeating: 0, count: rest.nodes.count)
        for edge in work.graph.edges {
            let (old, new) = (Int(edge.old), Int(edge.new))
            if degree[old] == 1, degree[new] == 1, rest.nodes[old].isKnown, rest.nodes[new].isKnown {
                (totals[old], totals[new]) = (edge.shared, edge.shared)
                matches.rows.append(rest.row(edge, totals, .same))
                matches.count(old: 1, new: 1, as: .same)
            } else {
                rest.edges.append(edge)
            }
        }
        for part in rest.parts() {
            if part.nodes.allSatisfy(\.isKnown) { part.decide(rules, into: &matches) } else { open.append(part) }
        }
        matches.sort()
    }
}

/// The graph of a tile while it is made.
private struct TileWork {
    let tile: Int64
    var graph = ObjectGraph()
    private var oldPlace: [Int64: Int32] = [:]
    private var newPlace: [Int64: Int32] = [:]
    private var isLinked: [Bool] = []
    private var linkEnds: Set<UInt64> = []

    init(_ tile: Int64) { self.tile = tile }

    /// The place of each object in the graph.
    mutating func add(_ objects: CrosswalkObjects, _ side: CrosswalkSide) throws -> [Int32] {
        let positions = objects.positions
        var places: [Int32] = []
        places.reserveCapacity(objects.count)
        if side == .old { oldPlace.reserveCapacity(objects.count) } else { newPlace.reserveCapacity(objects.count) }
        for row in 0..<objects.count {
            let (id, own) = (positions.id[row], objects.tile[row])
            var place: String { "tile \(tile), among the objects of the \(side.rawValue) generation" }
            if id == 0 { throw ReleaseError.noIdentifier(what: "diaObjectId", place: place) }
            let node = ObjectGraph.Node(
                side: side, id: id, tile: own, x: positions.x[row], y: positions.y[row], z: positions.z[row], isKnown: own == tile)
            guard let added = append(node) else { throw ReleaseError.duplicate(what: "diaObjectId", id: id, place: place) }
            places.append(added)
        }
        return places
    }

    mutating func add(_ link: ObjectLink) throws {
        let (oldId, newId) = (link.oldDiaObjectId, link.newDiaObjectId)
        guard link.oldTile == tile || link.newTile == tile else {
            throw ReleaseError.strayLink(oldDiaObjectId: oldId, newDiaObjectId: newId, tile: tile)
        }
        let old = try end(oldPlace[oldId], .old, oldId, link.oldTile)
        let new = try end(newPlace[newId], .new, newId, link.newTile)
        guard linkEnds.insert(Self.ends(old, new)).inserted else {
            throw ReleaseError.duplicate(what: "the link to diaObjectId \(newId) of diaObjectId", id: oldId, place: "tile \(tile)")
        }
        isLinked[Int(old)] = true
        isLinked[Int(new)] = true
        graph.edges.append(ObjectGraph.Edge(old: old, new: new, shared: link.sharedSources))
    }

    /// Old and new objects near each other, one at least of this tile, that may be linked by position.
    mutating func addPairs(_ objects: ObjectTile, oldPlaces: [Int32], newPlaces: [Int32], _ rules: CrosswalkRules) {
        let pairs = NearPairs(objects.old.positions, objects.new.positions, radiusArcsec: rules.objectRadiusArcsec)
        for k in 0..<pairs.count {
            let (old, new) = (oldPlaces[Int(pairs.first[k])], newPlaces[Int(pairs.second[k])])
            // Of what crosses to another tile both tiles keep the same pairs, since neither knows all links of the other's objects.
            switch (graph.nodes[Int(old)].isKnown, graph.nodes[Int(new)].isKnown) {
            case (false, false): continue
            case (true, true) where isLinked[Int(old)] && isLinked[Int(new)]: continue
            default: break
            }
            graph.edges.append(ObjectGraph.Edge(old: old, new: new, shared: 0))
        }
    }

    private mutating func end(_ place: Int32?, _ side: CrosswalkSide, _ id: Int64, _ own: Int64) throws -> Int32 {
        if let place { return place }
        if own == tile { throw ReleaseError.unknownObject(generation: side, id: id, tile: tile, count: 1) }
        return append(ObjectGraph.Node(side: side, id: id, tile: own, x: .nan, y: .nan, z: .nan, isKnown: false))!
    }

    /// Nil where the object is there already.
    private mutating func append(_ node: ObjectGraph.Node) -> Int32? {
        let place = Int32(graph.nodes.count)
        let before = node.side == .old ? oldPlace.updateValue(place, forKey: node.id) : newPlace.updateValue(place, forKey: node.id)
        if before != nil { return nil }
        graph.nodes.append(node)
        isLinked.append(false)
        return place
    }

    private static func ends(_ old: Int32, _ new: Int32) -> UInt64 { UInt64(UInt32(old)) << 32 | UInt64(UInt32(new)) }
}
