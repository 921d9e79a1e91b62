import Glibc

/// Where pixels lie on the sphere, and which lie beside each other.
extension HEALPix {
    /// The pixel's centre.
    public func center(of pixel: Int64) -> UnitVector { place(pixel, 0.5, 0.5) }

    /// The pixel's corners: south, east, north, west.
    public func corners(of pixel: Int64) -> [UnitVector] { boundary(of: pixel, pointsPerEdge: 1) }

    /// Points of the pixel's boundary, in order from the southern corner by the eastern: each corner, and `pointsPerEdge - 1` points
    /// between it and the next. Edges are curves, not great circles.
    public func boundary(of pixel: Int64, pointsPerEdge: Int) -> [UnitVector] {
        precondition(pointsPerEdge > 0)
        let steps = (0..<pointsPerEdge).map { Double($0) / Double(pointsPerEdge) }
        return steps.map { place(pixel, $0, 0) } + steps.map { place(pixel, 1, $0) } + steps.map { place(pixel, 1 - $0, 1) }
            + steps.map { place(pixel, 0, 1 - $0) }
    }

    /// The pixels that share an edge or a corner with the pixel, in order: eight, or seven at the corners where three base pixels meet
    /// (fewer at order 0).
    ///
    /// Inside a base pixel they are the eight next in x and y. Across its border there is no table of faces: the pixels that meet at a corner
    /// are those of points on a small circle about it. (Along the seams of the caps pixels are bent: the opposite one is not straight ahead.)
    /// - Complexity: O(1)
    public func neighbours(of pixel: Int64) -> [Int64] {
        let bits = Int64(2 * order)
        let inFace = pixel & ((Int64(1) << bits) - 1)
        let (x, y) = (Self.gathered(inFace), Self.gathered(inFace >> 1))
        let last = (Int64(1) << Int64(order)) - 1
        if x > 0, x < last, y > 0, y < last {
            let base = pixel - inFace
            let around: [(Int64, Int64)] = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]
            return around.map { base | Self.interleaved(x + $0.0) | Self.interleaved(y + $0.1) << 1 }.sorted()
        }
        let middle = center(of: pixel)
        var found: Set<Int64> = []
        for corner in corners(of: pixel) {
            // A thousandth of the way to the centre is the circle's radius.
            let radius = (corner - middle).length * 1e-3
            let east = corner.cross(abs(corner.z) < 0.5 ? UnitVector(x: 0, y: 0, z: 1) : UnitVector(x: 1, y: 0, z: 0)).normalised
            let north = corner.cross(east)
            for step in 0..<24 {
                let angle = (Double(step) + 0.5) * (Double.pi / 12)
                found.insert(index((corner + east * (radius * cos(angle)) + north * (radius * sin(angle))).normalised))
            }
        }
        return found.subtracting([pixel]).sorted()
    }

    /// The pixels of a finer order that lie outside a pixel of this order and touch it: its margin of at least the width of those.
    ///
    /// - Parameter finer: of an order not less than this.
    /// - Returns: ranges of pixels of the finer order.
    /// - Complexity: O(2^(finer.order - order))
    public func margin(of pixel: Int64, at finer: HEALPix) -> RangeSet {
        precondition(finer.order >= order, "a margin is made of finer pixels")
        let bits = Int64(2 * (finer.order - order))
        let last = (Int64(1) << Int64(finer.order - order)) - 1
        var edge: Set<Int64> = []
        for step in 0...last {
            for (x, y) in [(step, 0), (step, last), (0, step), (last, step)] {
                edge.insert(pixel << bits | Self.interleaved(x) | Self.interleaved(y) << 1)
            }
        }
        var outside: Set<Int64> = []
        for inner in edge { for beside in finer.neighbours(of: inner) where beside >> bits != pixel { outside.insert(beside) } }
        return RangeSet(outside.sorted().map { $0...$0 })
    }

    /// The finest order whose pixels are at least twice as wide as a margin wants, so that even the narrowest of them hold it.
    public static func forMargin(arcsec: Double) -> HEALPix {
        orders.reversed().lazy.map(HEALPix.init(unchecked:)).first { $0.pixelSizeArcsec >= 2 * arcsec } ?? HEALPix(unchecked: 0)
    }

    /// A place in the pixel: (0, 0) is its southern corner, (1, 0) its eastern, (0, 1) its western, (1, 1) its northern one.
    private func place(_ pixel: Int64, _ right: Double, _ left: Double) -> UnitVector {
        let side = Double(Int64(1) << Int64(order))
        let face = pixel >> Int64(2 * order)
        let inFace = pixel & ((Int64(1) << Int64(2 * order)) - 1)
        let x = (Double(Self.gathered(inFace)) + right) / side
        let y = (Double(Self.gathered(inFace >> 1)) + left) / side
        let (row, column) = (face / 4, face % 4)
        // From the north pole in units of a quarter of the plane's height: a cap, two quarters of belt, a cap.
        let depth = Double(2 + row) - x - y
        let radius = depth < 1 ? depth : depth > 3 ? 4 - depth : 1
        let longitude = radius > 0 ? (Double(2 * column + (row == 1 ? 0 : 1)) + (x - y) / radius) * (Double.pi / 4) : 0
        let z, width: Double
        if depth < 1 || depth > 3 {
            let fall = radius * radius / 3
            z = depth < 1 ? 1 - fall : fall - 1
            width = (fall * (2 - fall)).squareRoot()
        } else {
            z = (2 - depth) * 2 / 3
            width = (1 - z * z).squareRoot()
        }
        return UnitVector(x: width * cos(longitude), y: width * sin(longitude), z: z)
    }
}
