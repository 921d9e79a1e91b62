import Foundation

/// Association by distance alone: of all pairs within the radius the closest is taken, then the closest of those left, and so on.
///
/// Every source gets at most one object and every object at most one source. Pairs of equal distance are taken in the order of
/// object and source identifiers, so the result depends on the positions and identifiers and not on the order of rows.
public enum NearestNeighbour {
    /// - Parameter radiusArcsec: largest angle between partners, inclusive; greater than 0 and less than a degree.
    /// - Complexity: O((n + m) log(n + m) + number of pairs in a declination band of the radius)
    public static func associate(sources: Positions, objects: Positions, radiusArcsec: Double) -> Assignment {
        var objectRow = [Int?](repeating: nil, count: sources.count)
        var separation = [Double](repeating: .nan, count: sources.count)
        var taken = [Bool](repeating: false, count: objects.count)
        for pair in pairs(sources: sources, objects: objects, radiusArcsec: radiusArcsec).sorted() {
            if objectRow[pair.source] != nil || taken[pair.object] { continue }
            objectRow[pair.source] = pair.object
            separation[pair.source] = 2 * asin(min(1, pair.chordSquared.squareRoot() / 2)) * 180 / .pi * 3600
            taken[pair.object] = true
        }
        return Assignment(objectRow: objectRow, separationArcsec: separation)
    }

    struct Pair: Comparable {
        var chordSquared: Double
        var objectId: Int64
        var sourceId: Int64
        var source: Int
        var object: Int

        static func < (a: Pair, b: Pair) -> Bool {
            (a.chordSquared, a.objectId, a.sourceId) < (b.chordSquared, b.objectId, b.sourceId)
        }
    }

    /// All pairs within the radius. Objects are put in the order of z = sin(dec); two points within an angle r differ in z by at most
    /// the chord of r, so each source looks through one run of that order.
    static func pairs(sources: Positions, objects: Positions, radiusArcsec: Double) -> [Pair] {
        let radius = radiusArcsec / 3600 * .pi / 180
        let chord = 2 * sin(radius / 2)
        // Room for the rounding of unit vectors, so that a pair exactly at the radius counts.
        let chordSquaredMax = chord * chord * (1 + 1e-12) + 1e-31
        let order = objects.z.indices.sorted { objects.z[$0] < objects.z[$1] }
        let z = order.map { objects.z[$0] }
        var found: [Pair] = []
        for source in 0..<sources.count {
            let (sx, sy, sz) = (sources.x[source], sources.y[source], sources.z[source])
            var k = lowerBound(z, sz - chord * (1 + 1e-12) - 1e-16)
            let last = sz + chord * (1 + 1e-12) + 1e-16
            while k < z.count, z[k] <= last {
                let object = order[k]
                let (dx, dy, dz) = (objects.x[object] - sx, objects.y[object] - sy, z[k] - sz)
                let chordSquared = dx * dx + dy * dy + dz * dz
                if chordSquared <= chordSquaredMax {
                    found.append(
                        Pair(
                            chordSquared: chordSquared, objectId: objects.id[object], sourceId: sources.id[source], source: source,
                            object: object))
                }
                k += 1
            }
        }
        return found
    }

    /// First position whose value is not less than `value`.
    private static func lowerBound(_ sorted: [Double], _ value: Double) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
