/// The cubic cells of a `CellIndex` and their hashes.
struct CellGrid {
    /// The hash of no cell: given to positions that are no point of the sphere.
    static let nowhere = UInt64.max

    private let cellsPerUnit: Double
    private let reach: Double

    init(radius: SearchRadius) {
        reach = radius.reach
        // Cells of 1e-6 (0.2 arcseconds) at least keep the numbers of cells small integers.
        cellsPerUnit = 1 / max(8 * radius.reach, 1e-6)
    }

    /// False for NaN, infinities and lengths far from 1.
    @inline(__always)
    static func holds(_ x: Double, _ y: Double, _ z: Double) -> Bool { abs(x) <= 1.5 && abs(y) <= 1.5 && abs(z) <= 1.5 }

    /// The hash of the cell that holds the point, or `nowhere`.
    @inline(__always)
    func hash(_ x: Double, _ y: Double, _ z: Double) -> UInt64 {
        guard Self.holds(x, y, z) else { return Self.nowhere }
        return Self.mixed(Self.xTerm(cell(x)) &+ Self.yTerm(cell(y)) &+ Self.zTerm(cell(z)))
    }

    /// Calls `body` with the hash of each cell that a ball of the radius around the point touches: at most eight.
    @inline(__always)
    func forEachCell(around point: PositionSample, _ body: (UInt64) -> Void) {
        let (x0, x1) = (cell(point.x - reach), cell(point.x + reach))
        let (y0, y1) = (cell(point.y - reach), cell(point.y + reach))
        let (z0, z1) = (cell(point.z - reach), cell(point.z + reach))
        var x = x0
        while x <= x1 {
            var y = y0
            while y <= y1 {
                let xy = Self.xTerm(x) &+ Self.yTerm(y)
                var z = z0
                while z <= z1 {
                    body(Self.mixed(xy &+ Self.zTerm(z)))
                    z += 1
                }
                y += 1
            }
            x += 1
        }
    }

    /// Rounding to the cell below: the shift by 2 makes all coordinates positive, so that truncation does.
    @inline(__always)
    private func cell(_ coordinate: Double) -> Int { Int((coordinate + 2) * cellsPerUnit) }

    @inline(__always)
    private static func xTerm(_ cell: Int) -> UInt64 { UInt64(truncatingIfNeeded: cell) &* 0x9E37_79B9_7F4A_7C15 }

    @inline(__always)
    private static func yTerm(_ cell: Int) -> UInt64 { UInt64(truncatingIfNeeded: cell) &* 0xC2B2_AE3D_27D4_EB4F }

    @inline(__always)
    private static func zTerm(_ cell: Int) -> UInt64 { UInt64(truncatingIfNeeded: cell) &* 0x1656_67B1_9E37_79F9 }

    /// Spreads a number over all bits, and never gives `nowhere`.
    @inline(__always)
    private static func mixed(_ number: UInt64) -> UInt64 { ((number ^ (number >> 32)) &* 0xD6E8_FEB8_6659_FD93) & ~1 }
}
