/// Which object each source of a visit-detector belongs to, new objects included.
public struct Ownership: Sendable, Equatable {
    public enum Owner: Sendable, Equatable, Hashable {
        /// A row of the object list.
        case object(Int)
        /// A new object, founded by the source in this row (possibly the source itself).
        case founder(Int)
    }

    public var owner: [Owner]

    public init(owner: [Owner]) { self.owner = owner }

    /// From a one-to-one assignment: sources without partner join what is near already, or found objects.
    ///
    /// Two detections of one source can come in one visit-detector (exposures stacked or recorded under one number, deblended pieces).
    /// The closer one is the object's partner; the other must not found a second object on top of the first. A source without partner
    /// that lies within the radius of an object therefore joins the nearest one, and of several within the radius of each other the one
    /// with the lowest identifier founds the object of all. docs/decisions tells why.
    /// - Complexity: O(n + m + pairs within the radius)
    public init(_ assignment: Assignment, sources: Positions, objects: Positions, radiusArcsec: Double) {
        // No match costs more than any distance within the radius.
        self.init(assignment, sources: sources, objects: objects, model: MatchModel(radiusArcsec: radiusArcsec), usesErrors: false)
    }

    /// The same with the costs of likelihood association: a source without partner joins the object that costs least, provided that it
    /// costs less than no match (`OptimalAssignment`). Who founds an object for whom is decided by distance.
    /// - Complexity: O(n + m + pairs within the radius)
    public init(_ assignment: Assignment, sources: Positions, objects: Positions, model: MatchModel) {
        self.init(
            assignment, sources: sources, objects: objects, model: model,
            usesErrors: PairCost.usesErrors(sources: sources, objects: objects))
    }

    private init(_ assignment: Assignment, sources: Positions, objects: Positions, model: MatchModel, usesErrors: Bool) {
        var owner = assignment.objectRow.map { $0.map(Owner.object) }
        let lonely = owner.indices.filter { owner[$0] == nil }.sorted { sources.id[$0] < sources.id[$1] }
        let left = sources.gather(lonely)
        // The best object of each, taken or not: pairs come in any order, identifiers decide between equals.
        var best = [CandidatePair?](repeating: nil, count: lonely.count)
        for pair in CandidatePairs(sources: left, objects: objects, model: model, usesErrors: usesErrors).pairs {
            if let known = best[Int(pair.source)] {
                let (knownId, id) = (objects.id[Int(known.object)], objects.id[Int(pair.object)])
                if known.merit > pair.merit || (known.merit == pair.merit && knownId <= id) { continue }
            }
            best[Int(pair.source)] = pair
        }
        for (i, pair) in best.enumerated() { owner[lonely[i]] = pair.map { .object(Int($0.object)) } }

        let founders = lonely.indices.filter { best[$0] == nil }
        let candidates = left.gather(founders)
        // Nearest first; each with those of lower identifiers.
        var neighbours = [[CandidatePair]](repeating: [], count: founders.count)
        for pair in CandidatePairs(sources: candidates, objects: candidates, model: model, usesErrors: false).pairs
        where pair.object < pair.source {
            neighbours[Int(pair.source)].append(pair)
        }
        var isFounder = [Bool](repeating: false, count: founders.count)
        for i in founders.indices {
            let row = lonely[founders[i]]
            let nearest = neighbours[i].filter { isFounder[Int($0.object)] }.min {
                ($0.chordSquared, $0.object) < ($1.chordSquared, $1.object)
            }
            if let nearest {
                owner[row] = .founder(lonely[founders[Int(nearest.object)]])
            } else {
                isFounder[i] = true
                owner[row] = .founder(row)
            }
        }
        self.owner = owner.map { $0! }
    }
}
