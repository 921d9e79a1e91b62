/// A set of 64-bit ids as sorted, disjoint, non-adjacent closed ranges: what a cover of a region is.
///
/// Closed, because an id may be `Int64.max`. S2 ids are bit patterns: those of its faces 4 and 5 are negative and sort first,
/// so no range spans the sign change.
public struct RangeSet: Sendable, Equatable {
    /// Ascending; between two of them at least one id is missing.
    public private(set) var ranges: [ClosedRange<Int64>]

    public init() { ranges = [] }

    /// From ranges in any order, overlapping or adjacent as they may be.
    public init(_ ranges: some Sequence<ClosedRange<Int64>>) {
        self.ranges = RangeSet.merge(ranges.sorted { $0.lowerBound < $1.lowerBound })
    }

    public var isEmpty: Bool { ranges.isEmpty }

    /// The number of ids in the set, as a `Double` because the whole Int64 space does not fit an `Int`.
    public var idCount: Double {
        ranges.reduce(0) { $0 + Double($1.upperBound.subtractingReportingOverflow($1.lowerBound).partialValue.magnitude) + 1 }
    }

    /// Whether the set has this id. O(log n).
    public func contains(_ id: Int64) -> Bool {
        let after = firstIndex { $0.lowerBound > id }
        return after > 0 && ranges[after - 1].upperBound >= id
    }

    public func union(_ other: RangeSet) -> RangeSet {
        RangeSet(ranges + other.ranges)
    }

    /// The ids in both. O(n + m).
    public func intersection(_ other: RangeSet) -> RangeSet {
        var result = RangeSet()
        var (here, there) = (0, 0)
        while here < ranges.count, there < other.ranges.count {
            let (left, right) = (ranges[here], other.ranges[there])
            let lower = max(left.lowerBound, right.lowerBound)
            let upper = min(left.upperBound, right.upperBound)
            if lower <= upper { result.ranges.append(lower...upper) }
            if left.upperBound < right.upperBound { here += 1 } else { there += 1 }
        }
        return result
    }

    /// The smallest superset that has at most `maxRanges` ranges: all but the widest gaps are closed. 0 is no limit.
    ///
    /// A gap over the sign change is never closed.
    public func simplified(toAtMost maxRanges: Int) -> RangeSet {
        guard maxRanges > 0, ranges.count > maxRanges else { return self }
        let widest = (1..<ranges.count).sorted { gap(before: $0) > gap(before: $1) }
        return keepingGaps(Set(widest.prefix(maxRanges - 1)))
    }

    /// The superset with every gap of at most `width` missing ids closed.
    public func closingGaps(upTo width: UInt64) -> RangeSet {
        guard ranges.count > 1 else { return self }
        return keepingGaps(Set((1..<ranges.count).filter { gap(before: $0) > width }))
    }

    /// The missing ids between a range and the one before it; the sign change counts as widest.
    private func gap(before index: Int) -> UInt64 {
        let (lower, upper) = (ranges[index - 1].upperBound, ranges[index].lowerBound)
        if lower < 0, upper >= 0 { return .max }
        return UInt64(bitPattern: upper &- lower) - 1
    }

    private func keepingGaps(_ kept: Set<Int>) -> RangeSet {
        var result = RangeSet()
        for (index, range) in ranges.enumerated() {
            let spansSign = index > 0 && ranges[index - 1].upperBound < 0 && range.lowerBound >= 0
            if index == 0 || kept.contains(index) || spansSign {
                result.ranges.append(range)
            } else {
                let last = result.ranges.count - 1
                result.ranges[last] = result.ranges[last].lowerBound...range.upperBound
            }
        }
        return result
    }

    private func firstIndex(where belongsAfter: (ClosedRange<Int64>) -> Bool) -> Int {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if belongsAfter(ranges[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static func merge(_ sorted: [ClosedRange<Int64>]) -> [ClosedRange<Int64>] {
        var merged: [ClosedRange<Int64>] = []
        for range in sorted {
            guard let last = merged.last else {
                merged.append(range)
                continue
            }
            let next = last.upperBound.addingReportingOverflow(1)
            // An id of -1 does not run on into 0: S2's sign change.
            let adjacent = !next.overflow && range.lowerBound == next.partialValue && next.partialValue != 0
            if range.lowerBound <= last.upperBound || adjacent {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }
}
