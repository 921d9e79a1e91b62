/// How many values lie in each of the steps of a scale; step `i` reaches from `i - 0.5` to `i + 0.5`. Histograms of parts add up, so that
/// quantiles need neither all values at once nor their order.
struct StepHistogram: Sendable, Equatable {
    private(set) var counts: [Int64: Int64] = [:]
    private(set) var total: Int64 = 0

    mutating func add(_ step: Int64, _ count: Int64) {
        counts[step, default: 0] += count
        total += count
    }

    /// The value, in steps, below which a fraction of the values lies, as if those of a step were spread over it evenly; nil where there are
    /// none. At most half a step off. Complexity: O(n log n) in the number of steps.
    func quantile(_ fraction: Double) -> Double? {
        guard total > 0 else { return nil }
        let target = fraction * Double(total)
        var below = 0.0
        var last = 0.0
        for (step, count) in counts.sorted(by: { $0.key < $1.key }) {
            last = Double(step) + 0.5
            if below + Double(count) >= target { return Double(step) - 0.5 + (target - below) / Double(count) }
            below += Double(count)
        }
        return last
    }

    var median: Double? { quantile(0.5) }

    /// Half of what lies between the 15.87 and 84.13 percentiles: the standard deviation where values are normal.
    var scatter: Double? {
        guard let low = quantile(0.158655), let high = quantile(0.841345) else { return nil }
        return (high - low) / 2
    }
}
