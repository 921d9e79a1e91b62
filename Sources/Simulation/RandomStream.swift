import Foundation

/// Random numbers that are the same everywhere: xoshiro256** (Blackman & Vigna 2021, ACM TOMS 47, 36), seeded through SplitMix64.
///
/// A stream is named by a list of integers, so that each visit has its own and visits can be made in any order.
struct RandomStream: RandomNumberGenerator {
    private var s: (UInt64, UInt64, UInt64, UInt64)

    init(_ name: UInt64...) {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func mix(_ z: UInt64) -> UInt64 {
            var z = z
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        for part in name { state = mix(state &+ 0x9E37_79B9_7F4A_7C15 &+ part) }
        func next() -> UInt64 {
            state = state &+ 0x9E37_79B9_7F4A_7C15
            return mix(state)
        }
        s = (next(), next(), next(), next())
    }

    mutating func next() -> UInt64 {
        func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
        let result = rotate(s.1 &* 5, 7) &* 9
        let t = s.1 << 17
        s.2 ^= s.0
        s.3 ^= s.1
        s.1 ^= s.2
        s.0 ^= s.3
        s.2 ^= t
        s.3 = rotate(s.3, 45)
        return result
    }

    /// Uniform in [0, 1).
    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    mutating func uniform(_ range: Range<Double>) -> Double { range.lowerBound + (range.upperBound - range.lowerBound) * uniform() }

    /// Standard normal, by Box and Muller's polar method (one of the pair is used).
    mutating func normal() -> Double {
        while true {
            let (u, v) = (uniform(-1..<1), uniform(-1..<1))
            let q = u * u + v * v
            if q > 0, q < 1 { return u * (-2 * log(q) / q).squareRoot() }
        }
    }

    mutating func exponential() -> Double { -log(1 - uniform()) }

    /// Poisson by inversion in pieces of mean at most 30, exact for any mean.
    mutating func poisson(_ mean: Double) -> Int {
        var (left, count) = (mean, 0)
        while left > 0 {
            let part = min(left, 30)
            left -= part
            var product = uniform()
            let limit = exp(-part)
            while product > limit {
                count += 1
                product *= uniform()
            }
        }
        return count
    }
}
