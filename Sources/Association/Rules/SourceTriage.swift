import Columns

/// What each source may do in association, before any object is looked at: from its own columns alone.
public enum SourceTriage {
    public enum Verdict: Sendable, Equatable {
        /// Takes part; `mayFound` where it could found an object.
        case candidate(mayFound: Bool)
        /// Is kept out, and why.
        case excluded(Disposition)
    }

    /// - Parameter sources: DiaSource rows under the present schema's names; columns that a rule needs and the table lacks break no rule.
    /// - Complexity: O(rows × flags)
    public static func verdicts(of sources: Table, association: AssociationRules, founding: FoundingRules) -> [Verdict] {
        let (solar, reliability, snr) = (sources["ssObjectId"], sources["reliability"]?.numbers, sources["snr"]?.numbers)
        let (trail, exposure) = (sources["trailLength"]?.numbers, sources["exposureTime"]?.numbers)
        let trailFailed = sources["trail_flag"]?.bools
        let flags = founding.flags.compactMap { name in sources[name].flatMap { column in column.bools.map { (column, $0) } } }
        return (0..<sources.rowCount).map { row in
            if let solar, !solar.isNull(row) { return .excluded(.solarSystem) }
            let seconds = exposure.map { $0[row] } ?? .nan
            let exposed = seconds.isFinite && seconds > 0 ? seconds : association.defaultExposureSeconds
            let longest = max(association.minimumTrailArcsec, association.maximumTrailArcsecPerSecond * exposed)
            if let trail, trail[row] >= longest, trailFailed?[row] != true { return .excluded(.longTrail) }
            if let reliability, reliability[row] < association.minimumReliability { return .excluded(.unreliable) }
            var mayFound = true
            if let reliability, reliability[row] < founding.minimumReliability { mayFound = false }
            if let snr, snr[row] < founding.minimumSnr { mayFound = false }
            for (column, values) in flags where values[row] && !column.isNull(row) { mayFound = false }
            return .candidate(mayFound: mayFound)
        }
    }
}
