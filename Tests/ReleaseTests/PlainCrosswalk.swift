import Association

@testable import Release

/// The objects' crosswalk as its decision record says it, by loops over everything and without tiles: for tests.
struct PlainCrosswalk {
    var links: Set<Link> = []
    var major: Set<[Int64]> = []
    /// From objects without partner to the nearest.
    private var nearby: Set<Link> = []
    /// By side and identifier.
    var correspondence: [String: Correspondence] = [:]

    struct Link: Hashable {
        var old: Int64
        var new: Int64
        var shared: Int64
    }

    init(_ fixture: ObjectFixture, _ rules: CrosswalkRules) {
        let (old, new) = (fixture.old.positions, fixture.new.positions)
        links = Set(fixture.links.map { Link(old: $0.oldDiaObjectId, new: $0.newDiaObjectId, shared: $0.sharedSources) })
        var served = (old: Set(links.map(\.old)), new: Set(links.map(\.new)))
        let free = (
            old: old.id.indices.filter { !served.old.contains(old.id[$0]) }, new: new.id.indices.filter { !served.new.contains(new.id[$0]) }
        )
        var model = MatchModel()
        model.radiusArcsec = rules.objectRadiusArcsec
        let pairing = OptimalAssignment.associate(sources: old.gather(free.old), objects: new.gather(free.new), model: model)
        for (k, partner) in pairing.objectRow.enumerated() {
            guard let partner else { continue }
            links.insert(Link(old: old.id[free.old[k]], new: new.id[free.new[partner]], shared: 0))
            served.old.insert(old.id[free.old[k]])
            served.new.insert(new.id[free.new[partner]])
        }
        for row in free.old where !served.old.contains(old.id[row]) {
            if let k = Self.nearest(old, row, new, rules) { nearby.insert(Link(old: old.id[row], new: new.id[k], shared: 0)) }
        }
        for row in free.new where !served.new.contains(new.id[row]) {
            if let k = Self.nearest(new, row, old, rules) { nearby.insert(Link(old: old.id[k], new: new.id[row], shared: 0)) }
        }
        findMajor(rules)
        links.formUnion(nearby)
        classify(old.id, new.id)
    }

    private static func nearest(_ a: Positions, _ row: Int, _ b: Positions, _ rules: CrosswalkRules) -> Int? {
        let radius = rules.objectRadiusArcsec / 206_264.806_247_096_36
        func square(_ k: Int) -> Double {
            let (dx, dy, dz) = (a.x[row] - b.x[k], a.y[row] - b.y[k], a.z[row] - b.z[k])
            return dx * dx + dy * dy + dz * dz
        }
        return b.id.indices.min { square($0) < square($1) }.flatMap { square($0).squareRoot() <= radius ? $0 : nil }
    }

    private mutating func findMajor(_ rules: CrosswalkRules) {
        for link in links {
            let (mine, theirs) = (links.filter { $0.old == link.old }, links.filter { $0.new == link.new })
            func isFirst(_ all: Set<Link>) -> Bool {
                all.allSatisfy { (-link.shared, link.old, link.new) <= (-$0.shared, $0.old, $0.new) }
            }
            let totals = (mine.reduce(0) { $0 + $1.shared }, theirs.reduce(0) { $0 + $1.shared })
            let isEnough =
                Double(link.shared) >= rules.minorFraction * Double(totals.0)
                || Double(link.shared) >= rules.minorFraction * Double(totals.1)
            if link.shared == 0 || isFirst(mine) || isFirst(theirs) || isEnough { major.insert([link.old, link.new]) }
        }
    }

    private mutating func classify(_ old: [Int64], _ new: [Int64]) {
        for (side, ids) in [("old", old), ("new", new)] {
            for id in ids {
                // Grow the set until it no longer does.
                var group = (old: Set(side == "old" ? [id] : []), new: Set(side == "new" ? [id] : []))
                var size = 0
                while group.old.count + group.new.count > size {
                    size = group.old.count + group.new.count
                    for pair in major where group.old.contains(pair[0]) || group.new.contains(pair[1]) {
                        group.old.insert(pair[0])
                        group.new.insert(pair[1])
                    }
                }
                correspondence["\(side) \(id)"] = Correspondence(old: group.old.count, new: group.new.count)
            }
        }
    }
}
