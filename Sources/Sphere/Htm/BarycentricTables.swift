/// What the fast descent looks up. A point's ray is b0 v0 + b1 v1 + b2 v2 in a trixel; in the child it has other weights, which are
/// factor[i] * (b[i] - share[i] * sum of b). The factors are the lengths |v_i + v_j| of the trixel's edges, negative for the middle
/// child; the shares are one half at the child's own corner and in all of the middle child, else zero.
///
/// Here a trixel's corners keep their labels: the child at corner i has v_i as its corner i, and the middle child's corner i is the
/// midpoint opposite to v_i. HTM's own numbering turns with the corners; `turning` changes a path of labels into HTM digits.
struct BarycentricTables: Sendable {
    /// The levels whose factors are tabulated. Below, an edge's deviation from flatness is a quarter of its parent's.
    static let tabulatedLevels = 7
    /// After so many levels the rest is flat to within the margin.
    static let curvedLevels = 12

    /// For each level, for each parent (by labelled path), for each child, the factors of its three weights and a fill.
    let factors: [SIMD4<Double>]
    /// Where each level's factors begin.
    let offsets: [Int]
    /// The shares, by child, and the flat limit of its factors.
    let shares: [SIMD4<Double>]
    /// By turn (0...2) and four labelled digits: the turn after them, shifted by 8, and their HTM digits.
    let turning: [UInt16]
    /// Four flat levels at once, by the first four bits of each of the three weights: four labelled digits, and 256 where the
    /// weights' other bits come out complemented.
    let flatSteps: [UInt16]

    static let shared = BarycentricTables()

    private init() {
        let (x, y, z) = (UnitVector(x: 1, y: 0, z: 0), UnitVector(x: 0, y: 1, z: 0), UnitVector(x: 0, y: 0, z: 1))
        var parents = [[x, y, z]]
        var factors: [SIMD4<Double>] = []
        var offsets: [Int] = []
        for _ in 0..<BarycentricTables.tabulatedLevels {
            offsets.append(factors.count)
            var children: [[UnitVector]] = []
            for v in parents {
                let (s01, s12, s20) = (v[0] + v[1], v[1] + v[2], v[2] + v[0])
                let (l01, l12, l20) = (s01.length, s12.length, s20.length)
                factors += [
                    SIMD4(2, l01, l20, 0), SIMD4(l01, 2, l12, 0), SIMD4(l20, l12, 2, 0), SIMD4(-l12, -l20, -l01, 0),
                ]
                let (m01, m12, m20) = (s01.normalised, s12.normalised, s20.normalised)
                children += [[v[0], m01, m20], [m01, v[1], m12], [m20, m12, v[2]], [m12, m20, m01]]
            }
            parents = children
        }
        self.factors = factors
        self.offsets = offsets
        shares = [SIMD4(0.5, 0, 0, 2), SIMD4(0, 0.5, 0, 2), SIMD4(0, 0, 0.5, 2), SIMD4(0.5, 0.5, 0.5, -2)]
        turning = (0..<3).flatMap { turn in (0..<256).map { BarycentricTables.turned($0, from: turn) } }
        flatSteps = (0..<4096).map { BarycentricTables.flatStep($0) }
    }

    private static func flatStep(_ bits: Int) -> UInt16 {
        var weights = FlatWeights(UInt32(bits >> 8) << 28, UInt32(bits >> 4 & 15) << 28, UInt32(bits & 15) << 28)
        var digits = 0
        for _ in 0..<4 { digits = digits << 2 | weights.descend() }
        // The fifth bit was zero: it is one now, and first, if the number of complements was odd.
        return UInt16(digits | (weights.a >> 31 == 1 ? 256 : 0))
    }

    private static func turned(_ path: Int, from start: Int) -> UInt16 {
        var turn = start
        var digits = 0
        for shift in [6, 4, 2, 0] {
            let label = (path >> shift) & 3
            digits = digits << 2 | (label == 3 ? 3 : (label + 3 - turn) % 3)
            if label != 3 { turn = label }
        }
        return UInt16(turn << 8 | digits)
    }
}

/// The three weights in units of 2^-32 of their sum, where trixels are flat.
struct FlatWeights {
    var a: UInt32
    var b: UInt32
    var c: UInt32

    @inline(__always)
    init(_ a: UInt32, _ b: UInt32, _ c: UInt32) {
        (self.a, self.b, self.c) = (a, b, c)
    }

    /// One level down; gives the child's label.
    @inline(__always)
    mutating func descend() -> Int {
        let (isA, isB, isC) = (a >> 31, b >> 31, c >> 31)
        let middle = 1 ^ (isA | isB | isC)
        // In the middle child each weight is one minus twice the parent's: all ones minus, which is the complement.
        let flip = 0 &- middle
        (a, b, c) = ((a << 1) ^ flip, (b << 1) ^ flip, (c << 1) ^ flip)
        return Int(isB | isC << 1 | middle * 3)
    }

    /// Four levels down; gives the four labels.
    @inline(__always)
    mutating func descendFour(_ steps: UnsafeBufferPointer<UInt16>) -> Int {
        let step = steps[Int((a >> 28) << 8 | (b >> 28) << 4 | c >> 28)]
        let flip = 0 &- UInt32(step >> 8)
        // The bits shifted in are noise far below the margin: which of them are complemented does not matter.
        (a, b, c) = ((a << 4) ^ flip, (b << 4) ^ flip, (c << 4) ^ flip)
        return Int(step & 255)
    }
}
