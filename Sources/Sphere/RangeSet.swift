/// A set of pixel identifiers as closed ranges, sorted and with gaps between them.
public struct RangeSet: Sendable, Equatable {
    /// Ranges in ascending order; no two touch.
    public private(set) var ranges: [ClosedRange<Int64>]

    public init() { ranges = [] }

    /// Any ranges in any order; those that touch or overlap are joined.
    /// - Complexity: O(n log n)
    public init(_ ranges: some Sequence<ClosedRange<Int64>>) {
        self.ranges = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) { append(range) }
    }

    /// Adds a range that does not begin before the last one.
    mutating func append(_ range: ClosedRange<Int64>) {
        if let last = ranges.last, last.upperBound == .max || range.lowerBound <= last.upperBound + 1 {
            ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
        } else {
            ranges.append(range)
        }
    }

    public var isEmpty: Bool { ranges.isEmpty }

    /// Identifiers in the set.
    public var count: UInt64 { ranges.reduce(0) { $0 + UInt64($1.upperBound &- $1.lowerBound) + 1 } }

    /// - Complexity: O(log n)
    public func contains(_ id: Int64) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < id { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(id)
    }

    public func union(_ other: RangeSet) -> RangeSet { RangeSet(ranges + other.ranges) }

    public func intersection(_ other: RangeSet) -> RangeSet {
        var out = RangeSet()
        var (i, j) = (0, 0)
        while i < ranges.count, j < other.ranges.count {
            let (a, b) = (ranges[i], other.ranges[j])
            if a.overlaps(b) { out.append(max(a.lowerBound, b.lowerBound)...min(a.upperBound, b.upperBound)) }
            if a.upperBound < b.upperBound { i += 1 } else { j += 1 }
        }
        return out
    }

    /// A superset of at most `limit` ranges. The smallest gaps are closed, which makes it the smallest of all such supersets.
    ///
    /// Gaps across zero stay open: identifiers of S2 cells change sign there, and what lies between belongs to no range of cells.
    /// - Parameter limit: at least 1 (2 where the set has negative and positive identifiers).
    /// - Complexity: O(n log n)
    public func simplified(to limit: Int) -> RangeSet {
        guard ranges.count > limit else { return self }
        let gaps = ranges.indices.dropFirst().map { i in
            (size: UInt64(bitPattern: ranges[i].lowerBound &- ranges[i - 1].upperBound), before: i, signs: (ranges[i].lowerBound < 0) != (ranges[i - 1].upperBound < 0))
        }
        let widest = gaps.sorted { a, b in
            a.signs != b.signs ? a.signs : (a.size != b.size ? a.size > b.size : a.before < b.before)
        }
        let kept = Set(widest.prefix(max(limit, 1) - 1).map(\.before)).union(gaps.filter(\.signs).map(\.before))
        var out = RangeSet()
        for i in ranges.indices {
            if out.ranges.isEmpty || kept.contains(i) {
                out.ranges.append(ranges[i])
            } else {
                out.ranges[out.ranges.count - 1] = out.ranges.last!.lowerBound...ranges[i].upperBound
            }
        }
        return out
    }
}
