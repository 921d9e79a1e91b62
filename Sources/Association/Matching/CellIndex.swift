/// Positions by cubic cells of space, for finding all pairs within a radius.
///
/// A cell is eight radii wide, so that a ball of the radius touches at most eight cells of space and about two on average. Cells are
/// hashed to buckets, and the positions of a bucket lie side by side (a counting sort). A bitmap of the cells that hold something spares
/// most look-ups of empty ones.
struct CellIndex {
    private let grid: CellGrid
    private let radius: SearchRadius
    private let bucketShift: UInt64
    private let bitShift: UInt64
    /// One bit for each value of the hash's first bits, set where a position lies.
    private let occupied: [UInt64]
    /// Where each bucket begins in `samples`, and the end of the last.
    private let starts: [Int32]
    /// Whether bits are set for all cells that the balls around positions touch, so that one look tells that nothing is near.
    private let marksBalls: Bool
    private let samples: [PositionSample]

    /// Rows whose position is not finite are left out. Where many more others are to come than positions are here, marking all cells
    /// that their balls touch pays.
    /// - Complexity: O(n)
    init(_ positions: Positions, radius: SearchRadius, otherCount: Int) {
        precondition(positions.count < Int32.max, "more than 2^31 positions")
        self.radius = radius
        let marksBalls = otherCount / 4 >= positions.count
        self.marksBalls = marksBalls
        let grid = CellGrid(radius: radius)
        self.grid = grid
        let bits = UInt64(max(4, Int.bitWidth - max(positions.count, 1).leadingZeroBitCount))
        bucketShift = 64 - bits
        bitShift = 64 - bits - 4
        var occupied = [UInt64](repeating: 0, count: (1 << Int(bits + 4)) / 64)
        var starts = [Int32](repeating: 0, count: (1 << Int(bits)) + 1)
        let hashes = Self.hashes(positions, grid)
        let (bucketShift, bitShift) = (bucketShift, bitShift)
        let kept = starts.withUnsafeMutableBufferPointer { starts in
            occupied.withUnsafeMutableBufferPointer { occupied in
                hashes.withUnsafeBufferPointer { hashes in
                    for hash in hashes where hash != CellGrid.nowhere {
                        starts[Int(truncatingIfNeeded: hash >> bucketShift)] += 1
                        let bit = hash >> bitShift
                        occupied[Int(truncatingIfNeeded: bit >> 6)] |= 1 << (bit & 63)
                    }
                    if marksBalls {
                        positions.forEachSample { sample in
                            guard CellGrid.holds(sample.x, sample.y, sample.z) else { return }
                            grid.forEachCell(around: sample) { hash in
                                let bit = hash >> bitShift
                                occupied[Int(truncatingIfNeeded: bit >> 6)] |= 1 << (bit & 63)
                            }
                        }
                    }
                    // Each bucket's end; filling from the end leaves its start.
                    var total: Int32 = 0
                    for bucket in starts.indices {
                        total += starts[bucket]
                        starts[bucket] = total
                    }
                    return Int(total)
                }
            }
        }
        samples = [PositionSample](unsafeUninitializedCapacity: kept) { samples, count in
            starts.withUnsafeMutableBufferPointer { starts in
                hashes.withUnsafeBufferPointer { hashes in
                    positions.forEachSample { sample in
                        let hash = hashes[Int(sample.row)]
                        if hash == CellGrid.nowhere { return }
                        let bucket = Int(truncatingIfNeeded: hash >> bucketShift)
                        starts[bucket] -= 1
                        samples.initializeElement(at: Int(starts[bucket]), to: sample)
                    }
                }
            }
            count = kept
        }
        self.occupied = occupied
        self.starts = starts
    }

    private static func hashes(_ positions: Positions, _ grid: CellGrid) -> [UInt64] {
        [UInt64](unsafeUninitializedCapacity: positions.count) { hashes, count in
            positions.x.withUnsafeBufferPointer { x in
                positions.y.withUnsafeBufferPointer { y in
                    positions.z.withUnsafeBufferPointer { z in
                        for row in 0..<x.count { hashes.initializeElement(at: row, to: grid.hash(x[row], y[row], z[row])) }
                    }
                }
            }
            count = positions.count
        }
    }

    /// Calls `body` with each pair within the radius: the indexed position, the other, the square of the chord between them.
    /// - Complexity: O(count of others + number of pairs in the cells that they touch)
    @inline(__always)
    func forEachPair(with others: Positions, _ body: (PositionSample, PositionSample, Double) -> Void) {
        let (bucketShift, bitShift, chordSquaredMax, marksBalls) = (bucketShift, bitShift, radius.chordSquaredMax, marksBalls)
        occupied.withUnsafeBufferPointer { occupied in
            starts.withUnsafeBufferPointer { starts in
                samples.withUnsafeBufferPointer { samples in
                    withUnsafeTemporaryAllocation(of: Int.self, capacity: 8) { seen in
                        others.forEachSample { other in
                            guard CellGrid.holds(other.x, other.y, other.z) else { return }
                            if marksBalls {
                                let bit = grid.hash(other.x, other.y, other.z) >> bitShift
                                if occupied[Int(truncatingIfNeeded: bit >> 6)] >> (bit & 63) & 1 == 0 { return }
                            }
                            // Two cells of one bucket must not give its positions twice.
                            var seenCount = 0
                            grid.forEachCell(around: other) { hash in
                                let bit = hash >> bitShift
                                if occupied[Int(truncatingIfNeeded: bit >> 6)] >> (bit & 63) & 1 == 0 { return }
                                let bucket = Int(truncatingIfNeeded: hash >> bucketShift)
                                for k in 0..<seenCount where seen[k] == bucket { return }
                                seen[seenCount] = bucket
                                seenCount += 1
                                for k in Int(starts[bucket])..<Int(starts[bucket + 1]) {
                                    let (dx, dy, dz) = (samples[k].x - other.x, samples[k].y - other.y, samples[k].z - other.z)
                                    let chordSquared = dx * dx + dy * dy + dz * dz
                                    if chordSquared <= chordSquaredMax { body(samples[k], other, chordSquared) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

extension Positions {
    /// Calls `body` with each row in order, whether its position is finite or not.
    @inline(__always)
    func forEachSample(_ body: (PositionSample) -> Void) {
        x.withUnsafeBufferPointer { x in
            y.withUnsafeBufferPointer { y in
                z.withUnsafeBufferPointer { z in
                    guard let errors else {
                        for row in 0..<x.count {
                            body(
                                PositionSample(
                                    x: x[row], y: y[row], z: z[row], row: Int32(truncatingIfNeeded: row), raErr: .nan, decErr: .nan,
                                    raDecCov: .nan))
                        }
                        return
                    }
                    errors.raErr.withUnsafeBufferPointer { raErr in
                        errors.decErr.withUnsafeBufferPointer { decErr in
                            errors.raDecCov.withUnsafeBufferPointer { raDecCov in
                                for row in 0..<x.count {
                                    body(
                                        PositionSample(
                                            x: x[row], y: y[row], z: z[row], row: Int32(truncatingIfNeeded: row), raErr: raErr[row],
                                            decErr: decErr[row], raDecCov: raDecCov[row]))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
