/// Which of several objects that are one on the sky survives. Pure; the same pairs give the same answer in any order.
public enum Duplicates {
    public struct Candidate: Sendable, Equatable {
        public var diaObjectId: Int64
        public var nDiaSources: Int32

        public init(diaObjectId: Int64, nDiaSources: Int32) {
            self.diaObjectId = diaObjectId
            self.nDiaSources = nDiaSources
        }
    }

    public struct Merge: Sendable, Equatable {
        public var survivor: Int64
        /// Ascending.
        public var merged: [Int64]
    }

    /// The object with most sources survives, of equals the one with the lowest identifier; it takes those that pair with it and were not
    /// taken, and not those which only pair with these: a chain of near objects does not collapse into one.
    ///
    /// - Parameter pairs: identifiers of two candidates that are one object.
    public static func merges(_ candidates: [Candidate], pairs: [(Int64, Int64)]) -> [Merge] {
        var neighbours: [Int64: Set<Int64>] = [:]
        for (a, b) in pairs where a != b {
            neighbours[a, default: []].insert(b)
            neighbours[b, default: []].insert(a)
        }
        var taken: Set<Int64> = []
        var out: [Merge] = []
        for candidate in candidates.sorted(by: { ($1.nDiaSources, $0.diaObjectId) < ($0.nDiaSources, $1.diaObjectId) }) {
            let id = candidate.diaObjectId
            guard !taken.contains(id), let near = neighbours[id]?.subtracting(taken), !near.isEmpty else { continue }
            taken.formUnion(near)
            taken.insert(id)
            out.append(Merge(survivor: id, merged: near.sorted()))
        }
        return out.sorted { $0.survivor < $1.survivor }
    }
}
