import Foundation

/// Times in buckets 2 percent wide, so that any number of them needs the same memory.
///
/// Adding takes O(1), a percentile O(buckets).
public struct LatencyHistogram: Sendable, Equatable {
    static let smallestSeconds = 1e-4
    static let ratio = 1.02
    /// The last bucket begins at some three years.
    static let bucketCount = 1400

    private var counts = [Int](repeating: 0, count: bucketCount)
    public private(set) var count = 0
    public private(set) var maxSeconds = 0.0

    public init() {}

    /// - Parameter seconds: less than nothing (clocks that disagree) counts as nothing.
    public mutating func add(_ seconds: Double) {
        let place = seconds > Self.smallestSeconds ? Int(log(seconds / Self.smallestSeconds) / log(Self.ratio)) + 1 : 0
        counts[min(place, Self.bucketCount - 1)] += 1
        count += 1
        maxSeconds = max(maxSeconds, seconds)
    }

    /// The time that a fraction of all do not exceed, at most 2 percent too long; 0 where there is none.
    /// - Parameter fraction: more than 0 and at most 1.
    public func percentileSeconds(_ fraction: Double) -> Double {
        precondition(fraction > 0 && fraction <= 1)
        let wanted = Int((fraction * Double(count)).rounded(.up))
        var seen = 0
        for (place, n) in counts.enumerated() {
            seen += n
            if seen >= wanted, seen > 0 { return min(Self.smallestSeconds * pow(Self.ratio, Double(place)), maxSeconds) }
        }
        return maxSeconds
    }
}
