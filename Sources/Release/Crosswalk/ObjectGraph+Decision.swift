import Association
import Sphere

/// From a connected graph, all of whose objects are known, to links and what they mean.
extension ObjectGraph {
    /// Objects that share no source with any other are linked by position: old and new such ones with each other, one to one with the
    /// least sum of angles. What is left has vanished or is new, with a minor link to the nearest object of any kind. Links are weighed,
    /// and each set of objects that hang together by links that are not minor is one correspondence. All of it depends on positions,
    /// identifiers and counts alone.
    func decide(_ rules: CrosswalkRules, into out: inout ObjectMatches) {
        let (linked, nearby) = linkedByPosition(rules)
        for part in linked.parts() { part.weigh(rules, into: &out) }
        var total = [Int64](repeating: 0, count: nodes.count)
        var isLinked = [Bool](repeating: false, count: nodes.count)
        for edge in linked.edges {
            for end in [Int(edge.old), Int(edge.new)] {
                total[end] += edge.shared
                isLinked[end] = true
            }
        }
        for edge in nearby { out.rows.append(row(edge, total, nil)) }
        for (place, node) in nodes.enumerated() where !isLinked[place] { out.alone(node) }
    }

    /// The same nodes, with edges that are links; and from each object without one an edge to the nearest.
    private func linkedByPosition(_ rules: CrosswalkRules) -> (linked: ObjectGraph, nearby: [Edge]) {
        var hasLink = [Bool](repeating: false, count: nodes.count)
        for edge in edges where edge.shared > 0 {
            hasLink[Int(edge.old)] = true
            hasLink[Int(edge.new)] = true
        }
        var out = ObjectGraph(nodes: nodes, edges: edges.filter { $0.shared > 0 })
        let candidates = edges.filter { $0.shared == 0 && !(hasLink[Int($0.old)] && hasLink[Int($0.new)]) }
        for edge in oneToOne(candidates.filter { !hasLink[Int($0.old)] && !hasLink[Int($0.new)] }, rules) {
            out.edges.append(edge)
            hasLink[Int(edge.old)] = true
            hasLink[Int(edge.new)] = true
        }
        // Nearest first, so that the first edge of an object is the one that it takes.
        let byDistance = candidates.map { (chordSquared: chordSquared($0), edge: $0) }.sorted {
            ($0.chordSquared, nodes[Int($0.edge.old)].id, nodes[Int($0.edge.new)].id)
                < ($1.chordSquared, nodes[Int($1.edge.old)].id, nodes[Int($1.edge.new)].id)
        }
        var nearby: [Edge] = []
        for (_, edge) in byDistance where !hasLink[Int(edge.old)] || !hasLink[Int(edge.new)] {
            hasLink[Int(edge.old)] = true
            hasLink[Int(edge.new)] = true
            nearby.append(edge)
        }
        return (out, nearby)
    }

    private func oneToOne(_ candidates: [Edge], _ rules: CrosswalkRules) -> [Edge] {
        if candidates.count < 2 { return candidates }
        func side(_ ends: [Int32]) -> (places: [Int32], positions: Positions) {
            let places = Set(ends).sorted()
            let chosen = places.map { nodes[Int($0)] }
            return (places, Positions(id: chosen.map(\.id), x: chosen.map(\.x), y: chosen.map(\.y), z: chosen.map(\.z)))
        }
        let (old, new) = (side(candidates.map(\.old)), side(candidates.map(\.new)))
        var model = MatchModel()
        model.radiusArcsec = rules.objectRadiusArcsec
        let assignment = OptimalAssignment.associate(sources: old.positions, objects: new.positions, model: model)
        return assignment.objectRow.enumerated().compactMap { place, partner in
            partner.map { Edge(old: old.places[place], new: new.places[$0], shared: 0) }
        }
    }

    /// Fractions, minor links and classes of a connected graph of links.
    private func weigh(_ rules: CrosswalkRules, into out: inout ObjectMatches) {
        var total = [Int64](repeating: 0, count: nodes.count)
        for edge in edges {
            total[Int(edge.old)] += edge.shared
            total[Int(edge.new)] += edge.shared
        }
        let isMinor = minorEdges(total, rules)
        var graph = ObjectGraph(nodes: nodes, edges: edges)
        graph.edges = edges.indices.filter { !isMinor[$0] }.map { edges[$0] }
        for k in edges.indices where isMinor[k] { out.rows.append(row(edges[k], total, nil)) }
        var totals: [Key: Int64] = [:]
        for (place, node) in nodes.enumerated() { totals[node.key] = total[place] }
        for part in graph.parts() {
            let old = part.nodes.count { $0.side == .old }
            let correspondence = Correspondence(old: old, new: part.nodes.count - old)
            out.count(old: old, new: part.nodes.count - old, as: correspondence)
            let partTotals = part.nodes.map { totals[$0.key] ?? 0 }
            for edge in part.edges { out.rows.append(part.row(edge, partTotals, correspondence)) }
        }
    }

    /// An object's greatest link is never minor, nor one by position alone.
    private func minorEdges(_ total: [Int64], _ rules: CrosswalkRules) -> [Bool] {
        var greatest = [Int](repeating: -1, count: nodes.count)
        func isGreater(_ a: Int, _ b: Int) -> Bool {
            func rank(_ k: Int) -> (Int64, Int64, Int64) { (-edges[k].shared, nodes[Int(edges[k].old)].id, nodes[Int(edges[k].new)].id) }
            return rank(a) < rank(b)
        }
        for k in edges.indices {
            for end in [Int(edges[k].old), Int(edges[k].new)] where greatest[end] < 0 || isGreater(k, greatest[end]) { greatest[end] = k }
        }
        return edges.indices.map { k in
            let edge = edges[k]
            if edge.shared == 0 || greatest[Int(edge.old)] == k || greatest[Int(edge.new)] == k { return false }
            return Double(edge.shared) < rules.minorFraction * Double(total[Int(edge.old)])
                && Double(edge.shared) < rules.minorFraction * Double(total[Int(edge.new)])
        }
    }

    func row(_ edge: Edge, _ total: [Int64], _ correspondence: Correspondence?) -> ObjectMatch {
        let (old, new) = (nodes[Int(edge.old)], nodes[Int(edge.new)])
        func fraction(_ total: Int64) -> Double? { total > 0 ? Double(edge.shared) / Double(total) : nil }
        let separation = UnitVector(x: old.x, y: old.y, z: old.z).separation(to: UnitVector(x: new.x, y: new.y, z: new.z))
        return ObjectMatch(
            oldDiaObjectId: old.id, newDiaObjectId: new.id, oldTile: old.tile, newTile: new.tile, sharedSources: edge.shared,
            oldFraction: fraction(total[Int(edge.old)]), newFraction: fraction(total[Int(edge.new)]),
            separationArcsec: separation.isNaN ? nil : separation * 3600 * 180 / .pi, correspondence: correspondence)
    }
}

extension ObjectMatches {
    /// An object without partner.
    mutating func alone(_ node: ObjectGraph.Node) {
        let isOld = node.side == .old
        rows.append(
            ObjectMatch(
                oldDiaObjectId: isOld ? node.id : 0, newDiaObjectId: isOld ? 0 : node.id, oldTile: isOld ? node.tile : 0,
                newTile: isOld ? 0 : node.tile, sharedSources: 0, correspondence: isOld ? .vanished : .new))
        count(old: isOld ? 1 : 0, new: isOld ? 0 : 1, as: isOld ? .vanished : .new)
    }
}
