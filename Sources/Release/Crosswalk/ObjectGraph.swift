/// Objects of both generations and what may link them: the pieces that a crosswalk carries from tile to tile.
struct ObjectGraph: Sendable {
    struct Node: Sendable {
        var side: CrosswalkSide
        var id: Int64
        var tile: Int64
        /// NaN until the object's own tile was given, unless a neighbouring tile had it as one nearby.
        var x: Double
        var y: Double
        var z: Double
        /// Whether the object's own tile was given, so that all of its edges are known.
        var isKnown: Bool

        var key: Key { Key(isOld: side == .old, id: id) }
    }

    struct Key: Hashable {
        var isOld: Bool
        var id: Int64
    }

    /// Between an old and a new node. Without shared sources the two lie within the radius of each other, and may become a link.
    struct Edge: Sendable {
        var old: Int32
        var new: Int32
        var shared: Int64
    }

    var nodes: [Node] = []
    var edges: [Edge] = []

    /// Square of the chord between the ends of an edge.
    func chordSquared(_ edge: Edge) -> Double {
        let (a, b) = (nodes[Int(edge.old)], nodes[Int(edge.new)])
        let (dx, dy, dz) = (a.x - b.x, a.y - b.y, a.z - b.z)
        return dx * dx + dy * dy + dz * dz
    }

    /// The connected parts that have an edge, by edges for which `joins` holds; other edges whose ends lie in one part go with it, the rest
    /// are left out.
    func parts(joins: (Edge) -> Bool = { _ in true }) -> [ObjectGraph] {
        var sets = DisjointSets(count: nodes.count)
        for edge in edges where joins(edge) { sets.join(edge.old, edge.new) }
        var partOfRoot = [Int32](repeating: -1, count: nodes.count)
        var place = [Int32](repeating: -1, count: nodes.count)
        var out: [ObjectGraph] = []
        for edge in edges {
            let root = sets.root(edge.old)
            if root != sets.root(edge.new) { continue }
            if partOfRoot[Int(root)] < 0 {
                partOfRoot[Int(root)] = Int32(out.count)
                out.append(ObjectGraph())
            }
            let part = Int(partOfRoot[Int(root)])
            for end in [edge.old, edge.new] where place[Int(end)] < 0 {
                place[Int(end)] = Int32(out[part].nodes.count)
                out[part].nodes.append(nodes[Int(end)])
            }
            out[part].edges.append(Edge(old: place[Int(edge.old)], new: place[Int(edge.new)], shared: edge.shared))
        }
        return out
    }

    /// One graph of several: objects that stand in more than one become one node, and so do edges.
    /// - Throws: `ReleaseError.linkDiffers` where two say different counts of one link.
    static func union(_ graphs: [ObjectGraph]) throws -> ObjectGraph {
        var out = ObjectGraph()
        var place: [Key: Int32] = [:]
        var edgePlace: [UInt64: Int] = [:]
        for graph in graphs {
            let places = graph.nodes.map { node in
                if let known = place[node.key] {
                    out.nodes[Int(known)].learn(from: node)
                    return known
                }
                place[node.key] = Int32(out.nodes.count)
                out.nodes.append(node)
                return Int32(out.nodes.count - 1)
            }
            for edge in graph.edges {
                let moved = Edge(old: places[Int(edge.old)], new: places[Int(edge.new)], shared: edge.shared)
                let ends = UInt64(UInt32(moved.old)) << 32 | UInt64(UInt32(moved.new))
                guard let known = edgePlace[ends] else {
                    edgePlace[ends] = out.edges.count
                    out.edges.append(moved)
                    continue
                }
                let before = out.edges[known].shared
                if before > 0, edge.shared > 0, before != edge.shared {
                    throw ReleaseError.linkDiffers(
                        oldDiaObjectId: out.nodes[Int(moved.old)].id, newDiaObjectId: out.nodes[Int(moved.new)].id,
                        counts: [before, edge.shared])
                }
                out.edges[known].shared = max(before, edge.shared)
            }
        }
        return out
    }
}

extension ObjectGraph.Node {
    /// Takes over what another mention of the same object knows.
    mutating func learn(from other: Self) {
        if x.isNaN || other.isKnown { (x, y, z) = (other.x, other.y, other.z) }
        isKnown = isKnown || other.isKnown
    }
}

/// Sets of numbers that hang together, with path halving (R. Tarjan and J. van Leeuwen, J. ACM 31, 245, 1984).
struct DisjointSets {
    private var parent: [Int32]

    init(count: Int) { parent = (0..<Int32(count)).map { $0 } }

    mutating func root(_ member: Int32) -> Int32 {
        var member = member
        while parent[Int(member)] != member {
            parent[Int(member)] = parent[Int(parent[Int(member)])]
            member = parent[Int(member)]
        }
        return member
    }

    mutating func join(_ a: Int32, _ b: Int32) {
        let (a, b) = (root(a), root(b))
        if a != b { parent[Int(max(a, b))] = min(a, b) }
    }
}
