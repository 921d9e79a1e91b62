import Glibc
import Sphere

/// Finds the nearest few of very many objects to each of many points: the points stay in memory, the objects are offered in any order and
/// in pieces, and only the nearest are kept.
///
/// The sphere is cut into zones of declination as high as the radius, in which points are sorted by right ascension (Gray, Nieto-Santisteban
/// & Szalay 2006, "The Zones Algorithm", MSR-TR-2006-52); an object looks into the zones and right ascensions that a circle about it
/// reaches. Which pieces come first does not matter: of equal distances the smaller identifier is nearer.
public struct NeighbourSweep: Sendable {
    /// An object near a point.
    public struct Neighbour: Sendable, Equatable {
        public var objectId: Int64
        /// The square of the chord between the two, on the unit sphere.
        var chordSquared: Double
        /// Standard deviation of the object's position along one axis.
        public var errorArcsec: Float

        public var distanceArcsec: Double { 2 * asin(min(1, chordSquared.squareRoot() / 2)) * 180 / .pi * 3600 }
    }

    /// Objects of one piece, in columns of equal length.
    public struct Objects: Sendable {
        public var ids: [Int64]
        public var ra: [Double]
        public var dec: [Double]
        /// Which of the kinds each is of, from 0; kinds that are not kept are passed over.
        public var kinds: [Int]
        public var errorsArcsec: [Float]

        public init(ids: [Int64], ra: [Double], dec: [Double], kinds: [Int], errorsArcsec: [Float]) {
            (self.ids, self.ra, self.dec, self.kinds, self.errorsArcsec) = (ids, ra, dec, kinds, errorsArcsec)
        }
    }

    public let radiusArcsec: Double
    public let kinds: Int
    public let nearest: Int
    private let radius: Double
    private let zoneHeight: Double
    /// Points by zone and right ascension: their place in the input, and where each zone begins.
    private let places: [Int]
    private let ra: [Double]
    private let vectors: [UnitVector]
    private let zoneStarts: [Int]
    private let firstZone: Int
    /// `nearest` slots a kind and point, nearest first, in the points' own order.
    private var found: [Neighbour]
    private var counts: [UInt8]

    /// - Parameters:
    ///   - ra: of the points, degrees; any finite number.
    ///   - radiusArcsec: how far a neighbour may be, at most 3600.
    ///   - kinds: each point has its nearest of each kind.
    ///   - nearest: how many of each.
    /// - Complexity: O(n log n)
    public init(ra: [Double], dec: [Double], radiusArcsec: Double, kinds: Int, nearest: Int) {
        precondition(ra.count == dec.count && radiusArcsec > 0 && radiusArcsec <= 3600 && nearest > 0 && nearest < 256)
        self.radiusArcsec = radiusArcsec
        self.kinds = kinds
        self.nearest = nearest
        radius = radiusArcsec / 3600 * .pi / 180
        zoneHeight = max(radiusArcsec, 5) / 3600
        let height = zoneHeight
        let zones = dec.map { Self.zone($0, height) }
        let turned = ra.map(Self.turned)
        let order = ra.indices.sorted { (zones[$0], turned[$0], $0) < (zones[$1], turned[$1], $1) }
        places = order
        self.ra = order.map { turned[$0] }
        let (x, y, z) = UnitVector.columns(ra: ra, dec: dec)
        vectors = order.map { UnitVector(x: x[$0], y: y[$0], z: z[$0]) }
        firstZone = zones.min() ?? 0
        var starts = [Int](repeating: 0, count: (zones.max() ?? 0) - firstZone + 2)
        for zone in zones { starts[zone - firstZone + 1] += 1 }
        for zone in 1..<starts.count { starts[zone] += starts[zone - 1] }
        zoneStarts = starts
        found = Array(repeating: Neighbour(objectId: 0, chordSquared: 0, errorArcsec: 0), count: ra.count * kinds * nearest)
        counts = Array(repeating: 0, count: ra.count * kinds)
    }

    private static func zone(_ dec: Double, _ height: Double) -> Int { Int(((dec + 90) / height).rounded(.down)) }

    private static func turned(_ ra: Double) -> Double {
        let rest = fmod(ra, 360)
        return rest < 0 ? (rest + 360 == 360 ? 0 : rest + 360) : rest
    }

    /// The nearest objects of a kind to a point, nearest first.
    public func neighbours(of point: Int, kind: Int) -> ArraySlice<Neighbour> {
        let slot = point * kinds + kind
        return found[slot * nearest..<slot * nearest + Int(counts[slot])]
    }

    /// Takes objects into account.
    /// - Complexity: O(objects x log points) for points that are not crowded
    public mutating func offer(_ objects: Objects) {
        let (x, y, z) = UnitVector.columns(ra: objects.ra, dec: objects.dec)
        let reach = 2 * sin(radius / 2)
        let reachSquared = reach * reach
        let radiusDegrees = radius * 180 / .pi
        for row in objects.ids.indices where objects.kinds[row] >= 0 && objects.kinds[row] < kinds {
            let vector = UnitVector(x: x[row], y: y[row], z: z[row])
            let dec = objects.dec[row]
            // A little more than the circle, so that rounding leaves nothing out; the chord decides.
            let first = max(Self.zone(dec - radiusDegrees * 1.000001, zoneHeight), firstZone)
            let last = min(Self.zone(dec + radiusDegrees * 1.000001, zoneHeight), firstZone + zoneStarts.count - 2)
            guard first <= last else { continue }
            let ratio = sin(radius) / cos(dec * .pi / 180)
            let width = ratio < 0.999 && abs(dec) + radiusDegrees < 89.999 ? asin(ratio) * 180 / .pi * 1.000001 + 1e-9 : 180
            let centre = Self.turned(objects.ra[row])
            for zone in first...last {
                let range = zoneStarts[zone - firstZone]..<zoneStarts[zone - firstZone + 1]
                if range.isEmpty { continue }
                for (low, high) in Self.intervals(centre, width) {
                    var point = lowerBound(low, in: range)
                    while point < range.upperBound, ra[point] <= high {
                        let (dx, dy, dz) = (vectors[point].x - vector.x, vectors[point].y - vector.y, vectors[point].z - vector.z)
                        let chord = dx * dx + dy * dy + dz * dz
                        if chord <= reachSquared {
                            let neighbour = Neighbour(
                                objectId: objects.ids[row], chordSquared: chord, errorArcsec: objects.errorsArcsec[row])
                            keep(neighbour, at: places[point] * kinds + objects.kinds[row])
                        }
                        point += 1
                    }
                }
            }
        }
    }

    /// Right ascensions within a width of a centre, as intervals in [0, 360].
    private static func intervals(_ centre: Double, _ width: Double) -> [(Double, Double)] {
        if width >= 180 { return [(0, 360)] }
        let (low, high) = (centre - width, centre + width)
        if low < 0 { return [(0, high), (low + 360, 360)] }
        if high > 360 { return [(low, 360), (0, high - 360)] }
        return [(low, high)]
    }

    private func lowerBound(_ value: Double, in range: Range<Int>) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if ra[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func keep(_ neighbour: Neighbour, at slot: Int) {
        func isNearer(_ a: Neighbour, _ b: Neighbour) -> Bool { (a.chordSquared, a.objectId) < (b.chordSquared, b.objectId) }
        let start = slot * nearest
        var place = Int(counts[slot])
        if place == nearest {
            guard isNearer(neighbour, found[start + place - 1]) else { return }
            place -= 1
        } else {
            counts[slot] += 1
        }
        while place > 0, isNearer(neighbour, found[start + place - 1]) {
            found[start + place] = found[start + place - 1]
            place -= 1
        }
        found[start + place] = neighbour
    }
}
