import Glibc

/// HTM ids of many points: a descent in barycentric weights without branches, then a check.
///
/// The check is what makes it exact: a point whose three weights in the trixel that was reached all exceed the error that the
/// descent can have made lies inside that trixel, however it was reached. All others take `Trixel.index`.
enum FastIndex {
    static let blockSize = 256

    static func index(ra: [Double], dec: [Double], level: Int) -> [Int64] {
        precondition(ra.count == dec.count, "the columns must have the same length")
        return ra.withUnsafeBufferPointer { ra in
            dec.withUnsafeBufferPointer { dec in
                blocks(count: ra.count, level: level) { start, count, x, y, z in
                    for i in 0..<count {
                        let v = UnitVector(uncheckedRa: ra[start + i], dec: dec[start + i])
                        x[i] = v.x
                        y[i] = v.y
                        z[i] = v.z
                    }
                }
            }
        }
    }

    static func index(x: [Double], y: [Double], z: [Double], level: Int) -> [Int64] {
        precondition(x.count == y.count && y.count == z.count, "the columns must have the same length")
        return x.withUnsafeBufferPointer { fromX in
            y.withUnsafeBufferPointer { fromY in
                z.withUnsafeBufferPointer { fromZ in
                    blocks(count: x.count, level: level) { start, count, x, y, z in
                        for i in 0..<count {
                            x[i] = fromX[start + i]
                            y[i] = fromY[start + i]
                            z[i] = fromZ[start + i]
                        }
                    }
                }
            }
        }
    }

    private typealias Doubles = UnsafeMutablePointer<Double>

    @inline(__always)
    private static func blocks(
        count: Int, level: Int, fill: (_ start: Int, _ count: Int, _ x: Doubles, _ y: Doubles, _ z: Doubles) -> Void
    ) -> [Int64] {
        guard count > 0 else { return [] }
        return [Int64](unsafeUninitializedCapacity: count) { ids, initialised in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: 6 * blockSize) { scratch in
                withUnsafeTemporaryAllocation(of: Int.self, capacity: blockSize) { paths in
                    let base = scratch.baseAddress!
                    var start = 0
                    while start < count {
                        let size = min(blockSize, count - start)
                        fill(start, size, base, base + blockSize, base + 2 * blockSize)
                        block(size, level: level, vectors: base, paths: paths.baseAddress!, ids: ids.baseAddress! + start)
                        start += size
                    }
                }
            }
            initialised = count
        }
    }

    /// One block: `vectors` is x, y, z and three columns of weights, `blockSize` apart.
    private static func block(
        _ count: Int, level: Int, vectors: Doubles, paths: UnsafeMutablePointer<Int>, ids: UnsafeMutablePointer<Int64>
    ) {
        let (x, y, z) = (vectors, vectors + blockSize, vectors + 2 * blockSize)
        let (b0, b1, b2) = (z + blockSize, z + 2 * blockSize, z + 3 * blockSize)
        for i in 0..<count {
            // Roots with an odd number begin at the y axis: their corners 0 and 2 are exchanged.
            let exchanged = 1 ^ (x[i].bitPattern ^ y[i].bitPattern ^ z[i].bitPattern) >> 63
            let (first, last) = exchanged == 1 ? (abs(y[i]), abs(x[i])) : (abs(x[i]), abs(y[i]))
            b0[i] = first
            b1[i] = abs(z[i])
            b2[i] = last
            paths[i] = 0
        }
        descend(count, levels: min(level, BarycentricTables.curvedLevels), b0, b1, b2, paths)
        finish(count, level: level, vectors: vectors, paths: paths, ids: ids)
    }

    private static func descend(_ count: Int, levels: Int, _ b0: Doubles, _ b1: Doubles, _ b2: Doubles, _ paths: UnsafeMutablePointer<Int>)
    {
        let tables = BarycentricTables.shared
        let lastTabulated = BarycentricTables.tabulatedLevels - 1
        withBuffers(tables.factors, tables.shares) { factors, shares in
            for level in 0..<min(levels, lastTabulated + 1) {
                let row = factors.baseAddress! + tables.offsets[level]
                for i in 0..<count {
                    let sum = b0[i] + b1[i] + b2[i]
                    let digit = child(b0[i], b1[i], b2[i], sum)
                    let path = paths[i] << 2 | digit
                    let (factor, share) = (row[path], shares[digit])
                    b0[i] = factor.x * (b0[i] - share.x * sum)
                    b1[i] = factor.y * (b1[i] - share.y * sum)
                    b2[i] = factor.z * (b2[i] - share.z * sum)
                    paths[i] = path
                }
            }
            guard levels > lastTabulated + 1 else { return }
            let row = factors.baseAddress! + tables.offsets[lastTabulated]
            var quarter = 1.0
            for level in (lastTabulated + 1)..<levels {
                quarter /= 4
                let shift = 2 * (level - lastTabulated)
                for i in 0..<count {
                    let sum = b0[i] + b1[i] + b2[i]
                    let digit = child(b0[i], b1[i], b2[i], sum)
                    let (factor, share) = (row[(paths[i] >> shift) << 2 | digit], shares[digit])
                    // The flat limit is 2, or -2 in the middle child, whose share's last number tells.
                    let flat = share.w * (1 - quarter)
                    b0[i] = (flat + factor.x * quarter) * (b0[i] - share.x * sum)
                    b1[i] = (flat + factor.y * quarter) * (b1[i] - share.y * sum)
                    b2[i] = (flat + factor.z * quarter) * (b2[i] - share.z * sum)
                    paths[i] = paths[i] << 2 | digit
                }
            }
        }
    }

    /// The corner whose weight is at least half of the sum, or 3, the middle. In integers from the signs: the outcome is a coin's
    /// throw, which a branch would guess wrong every other time.
    @inline(__always)
    private static func child(_ b0: Double, _ b1: Double, _ b2: Double, _ sum: Double) -> Int {
        let n0 = (b0 + b0 - sum).bitPattern >> 63
        let n1 = (b1 + b1 - sum).bitPattern >> 63
        let n2 = (b2 + b2 - sum).bitPattern >> 63
        // Two bits for each n2 n1 n0: 110 is corner 0, 101 corner 1, 011 corner 2, 111 the middle.
        let shift = n2 << 3 | n1 << 2 | n0 << 1
        return Int(truncatingIfNeeded: 0b11_00_01_00_10_00_00_00 &>> shift) & 3
    }

    /// The flat levels in 32-bit fractions, the change to HTM's digits, and the check.
    private static func finish(
        _ count: Int, level: Int, vectors: Doubles, paths: UnsafeMutablePointer<Int>, ids: UnsafeMutablePointer<Int64>
    ) {
        let (x, y, z) = (vectors, vectors + blockSize, vectors + 2 * blockSize)
        let (b0, b1, b2) = (z + blockSize, z + 2 * blockSize, z + 3 * blockSize)
        let flatLevels = max(0, level - BarycentricTables.curvedLevels)
        // The descent's error at this level in units of 2^-32: tests hold it against the exact descent.
        let margin = UInt32(1) << UInt32(level)
        let tables = BarycentricTables.shared
        withBuffers(tables.turning, tables.flatSteps) { turning, flatSteps in
            for i in 0..<count {
                let v = UnitVector(x: x[i], y: y[i], z: z[i])
                let sum = b0[i] + b1[i] + b2[i]
                // Written so that NaN fails it too.
                guard sum > 0.5, sum < 4, b0[i] > 0, b1[i] > 0, b2[i] > 0 else {
                    ids[i] = Trixel.index(of: v, level: level)
                    continue
                }
                let unit = 0x1p32 / sum
                var weights = FlatWeights(fraction(b0[i] * unit), fraction(b1[i] * unit), fraction(b2[i] * unit))
                var path = paths[i]
                for _ in 0..<(flatLevels & 3) { path = path << 2 | weights.descend() }
                for _ in 0..<(flatLevels >> 2) { path = path << 8 | weights.descendFour(flatSteps) }
                let (a, b, c) = (weights.a, weights.b, weights.c)
                // Two halves at once, by rounding on a parent's edge, leave weights whose sum is no longer one.
                let total = UInt64(a) + UInt64(b) + UInt64(c)
                guard min(a, min(b, c)) > margin, total > 1 << 31, total < 3 << 31 else {
                    ids[i] = Trixel.index(of: v, level: level)
                    continue
                }
                ids[i] = htmId(path, level: level, root: root(v), turning)
            }
        }
    }

    /// Of a number below 2^32, or of 2^32 by rounding, which becomes 0 and so is found doubtful.
    @inline(__always)
    private static func fraction(_ number: Double) -> UInt32 {
        UInt32(truncatingIfNeeded: Int64(number))
    }

    @inline(__always)
    private static func withBuffers<T, U>(
        _ first: [T], _ second: [U], _ body: (UnsafeBufferPointer<T>, UnsafeBufferPointer<U>) -> Void
    ) {
        first.withUnsafeBufferPointer { first in second.withUnsafeBufferPointer { second in body(first, second) } }
    }

    @inline(__always)
    private static func root(_ v: UnitVector) -> Int64 {
        let signs = Int(v.z.bitPattern >> 63) << 2 | Int(v.y.bitPattern >> 63) << 1 | Int(v.x.bitPattern >> 63)
        // Three bits for each of the eight combinations of signs: 7 6 4 5 0 1 3 2.
        return Int64((0o23105467 >> (3 * signs)) & 7)
    }

    @inline(__always)
    private static func htmId(_ path: Int, level: Int, root: Int64, _ turning: UnsafeBufferPointer<UInt16>) -> Int64 {
        // Middle digits in front do not turn: they fill the path up to whole groups of four.
        let groups = (level + 3) / 4
        let filled = path | (-1 << (2 * level))
        var turn = 0
        var digits: Int64 = 0
        var shift = 8 * (groups - 1)
        while shift >= 0 {
            let entry = Int(turning[turn << 8 | ((filled >> shift) & 255)])
            digits = digits << 8 | Int64(entry & 255)
            turn = entry >> 8
            shift -= 8
        }
        return (8 + root) << Int64(2 * level) | (digits & ((1 << Int64(2 * level)) - 1))
    }
}
