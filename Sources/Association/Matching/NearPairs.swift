/// All pairs of two lists of positions within a radius, for those who decide over them elsewhere.
public struct NearPairs: Sendable {
    /// Rows of the first list and of the second, pair by pair, in no order that means anything.
    public private(set) var first: [Int32] = []
    public private(set) var second: [Int32] = []

    /// Positions that are not finite are in no pair.
    /// - Parameter radiusArcsec: the largest angle of a pair, inclusive; greater than 0 and less than a degree.
    /// - Complexity: O(n + m + pairs within the radius)
    public init(_ a: Positions, _ b: Positions, radiusArcsec: Double) {
        precondition(radiusArcsec > 0 && radiusArcsec < 3600, "a radius of \(radiusArcsec) arcsec")
        if a.count == 0 || b.count == 0 { return }
        let radius = SearchRadius(arcsec: radiusArcsec)
        CellIndex(a, radius: radius, otherCount: b.count).forEachPair(with: b) { one, other, _ in
            first.append(one.row)
            second.append(other.row)
        }
    }

    public var count: Int { first.count }
}
