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
    public init(_ assignment: Assignment, sources: Positions, objects: Positions, radiusArcsec: Double) {
        var owner = assignment.objectRow.map { $0.map(Owner.object) }
        func rows(_ all: Positions, _ chosen: [Int]) -> Positions {
            Positions(id: chosen.map { all.id[$0] }, x: chosen.map { all.x[$0] }, y: chosen.map { all.y[$0] }, z: chosen.map { all.z[$0] })
        }
        let lonely = owner.indices.filter { owner[$0] == nil }.sorted { sources.id[$0] < sources.id[$1] }
        let left = rows(sources, lonely)
        // The nearest object of each, taken or not: pairs come in any order, the least wins.
        var nearest: [Int: NearestNeighbour.Pair] = [:]
        for pair in NearestNeighbour.pairs(sources: left, objects: objects, radiusArcsec: radiusArcsec) {
            if let known = nearest[pair.source], known < pair { continue }
            nearest[pair.source] = pair
        }
        for (i, pair) in nearest { owner[lonely[i]] = .object(pair.object) }
        let founders = lonely.indices.filter { nearest[$0] == nil }
        let candidates = rows(left, founders)
        var neighbours: [Int: [NearestNeighbour.Pair]] = [:]
        for pair in NearestNeighbour.pairs(sources: candidates, objects: candidates, radiusArcsec: radiusArcsec)
        where pair.object < pair.source {
            neighbours[pair.source, default: []].append(pair)
        }
        var isFounder = [Bool](repeating: false, count: founders.count)
        for i in founders.indices {
            let row = lonely[founders[i]]
            if let first = neighbours[i]?.filter({ isFounder[$0.object] }).min() {
                owner[row] = .founder(lonely[founders[first.object]])
            } else {
                isFounder[i] = true
                owner[row] = .founder(row)
            }
        }
        self.owner = owner.map { $0! }
    }
}
