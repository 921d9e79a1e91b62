import Columns

extension ForcedRules {
    /// Which sources speak for measuring their object in every later visit: reliable, short, neither dipole nor glint. A source whose
    /// reliability is not known is not reliable; one that nobody tested for a dipole, a glint or a trail is none (the reference counts it as
    /// bad, which leaves catalogs without those fits without any forced source).
    ///
    /// - Parameter sources: DiaSource rows under the present schema's names.
    public func good(_ sources: Table) -> [Bool] {
        let (reliability, trail) = (sources["reliability"]?.numbers, sources["trailLength"]?.numbers)
        let kept = [("isDipole", excludesDipoles), ("glint_trail", excludesGlints)].filter(\.1).map { sources[$0.0] }
        return (0..<sources.rowCount).map { row in
            guard let reliability, reliability[row] >= minimumReliability else { return false }
            if let trail, trail[row] > maximumTrailLengthArcsec { return false }
            return kept.allSatisfy { column in column.map { $0.isNull(row) || $0.bools?[row] == false } ?? true }
        }
    }

    /// The columns of DiaSource that `good` looks at.
    public static let columns = ["reliability", "trailLength", "isDipole", "glint_trail"]
}
