import Columns

extension ForcedRules {
    /// Which sources speak for measuring their object in every later visit: reliable, short, neither dipole nor glint. What is not known
    /// counts as bad, as in the reference (section 1.16), but for a trail: a source without length is a point.
    ///
    /// - Parameter sources: DiaSource rows under the present schema's names.
    public func good(_ sources: Table) -> [Bool] {
        let (reliability, trail) = (sources["reliability"]?.numbers, sources["trailLength"]?.numbers)
        let kept = [("isDipole", excludesDipoles), ("glint_trail", excludesGlints)].filter(\.1).map { sources[$0.0] }
        return (0..<sources.rowCount).map { row in
            guard let reliability, reliability[row] >= minimumReliability else { return false }
            if let trail, trail[row] > maximumTrailLengthArcsec { return false }
            return kept.allSatisfy { column in column.map { !$0.isNull(row) && $0.bools?[row] == false } ?? true }
        }
    }

    /// The columns of DiaSource that `good` looks at.
    public static let columns = ["reliability", "trailLength", "isDipole", "glint_trail"]
}
