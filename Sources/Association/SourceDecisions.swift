import Columns
import Sphere

/// What becomes of one source.
public struct SourceDecision: Sendable, Equatable {
    public enum Owner: Sendable, Equatable, Hashable {
        /// A row of the object list.
        case object(Int)
        /// A new object, founded by the source in this row (possibly the source itself).
        case founder(Int)
        /// None.
        case none
    }

    public var owner: Owner
    public var disposition: Disposition
}

/// Association of one visit-detector from end to end: who takes part, who matches what, who founds an object, who is left over.
public enum SourceDecisions {
    /// - Parameters:
    ///   - sources: DiaSource rows under the present schema's names.
    ///   - dec: the name of their column of declination.
    ///   - objects: the objects around them.
    /// - Returns: a decision for each row, and whether the limit of new objects was reached. The result does not depend on the order of rows.
    public static func decide(
        _ sources: Table, dec: String, among objects: Positions, association: AssociationRules, founding: FoundingRules
    ) -> (decisions: [SourceDecision], isLimited: Bool) {
        let verdicts = SourceTriage.verdicts(of: sources, association: association, founding: founding)
        var decisions = verdicts.map { verdict -> SourceDecision in
            if case .excluded(let why) = verdict { return SourceDecision(owner: .none, disposition: why) }
            return SourceDecision(owner: .none, disposition: .marginal)
        }
        let all = Positions(sources, dec: dec)
        let candidates = verdicts.indices.filter { if case .candidate = verdicts[$0] { true } else { false } }
        let chosen = all.gather(candidates)
        let matched = OptimalAssignment.associate(sources: chosen, objects: objects, model: association.match)

        // Those that could found an object share out the sky first; the others may only join what stands then.
        let first = candidates.indices.filter { matched.objectRow[$0] != nil || verdicts[candidates[$0]] == .candidate(mayFound: true) }
        let taken = Assignment(
            objectRow: first.map { matched.objectRow[$0] }, separationArcsec: first.map { matched.separationArcsec[$0] })
        let ownership = Ownership(taken, sources: chosen.gather(first), objects: objects, model: association.match)
        for (i, owner) in ownership.owner.enumerated() {
            let row = candidates[first[i]]
            switch owner {
            case .object(let object): decisions[row] = SourceDecision(owner: .object(object), disposition: .associated)
            case .founder(let founder):
                let founderRow = candidates[first[founder]]
                decisions[row] = SourceDecision(owner: .founder(founderRow), disposition: founderRow == row ? .founded : .associated)
            }
        }
        let isLimited = limit(&decisions, sources, to: founding.maximumNewObjects)

        let founders = decisions.indices.filter { decisions[$0].owner == .founder($0) }
        let isFirst = Set(first)
        let last = candidates.indices.filter { !isFirst.contains($0) }
        if !last.isEmpty {
            let standing = objects.appending(all.gather(founders))
            let none = Assignment(
                objectRow: .init(repeating: nil, count: last.count), separationArcsec: .init(repeating: .nan, count: last.count))
            let joining = Ownership(none, sources: chosen.gather(last), objects: standing, model: association.match)
            for (i, owner) in joining.owner.enumerated() {
                guard case .object(let row) = owner else { continue }
                let place: SourceDecision.Owner = row < objects.count ? .object(row) : .founder(founders[row - objects.count])
                decisions[candidates[last[i]]] = SourceDecision(owner: place, disposition: .associated)
            }
        }
        return (decisions, isLimited)
    }

    /// Leaves only so many new objects, the most reliable; whoever stood with the others stands alone now.
    private static func limit(_ decisions: inout [SourceDecision], _ sources: Table, to maximum: Int) -> Bool {
        let founders = decisions.indices.filter { decisions[$0].owner == .founder($0) }
        guard founders.count > maximum else { return false }
        let (reliability, snr) = (sources["reliability"]?.numbers, sources["snr"]?.numbers)
        let id = sources["diaSourceId"]?.int64s ?? []
        func rank(_ row: Int) -> (Double, Double, Int64) {
            func known(_ value: Double?) -> Double { value.map { $0.isNaN ? 0 : -$0 } ?? 0 }
            return (known(reliability?[row]), known(snr?[row]), id[row])
        }
        let excess = Set(founders.sorted { rank($0) < rank($1) }.dropFirst(maximum))
        for row in decisions.indices {
            if case .founder(let founder) = decisions[row].owner, excess.contains(founder) {
                decisions[row] = SourceDecision(owner: .none, disposition: .limited)
            }
        }
        return true
    }
}
