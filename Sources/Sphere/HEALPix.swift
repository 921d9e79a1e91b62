import Glibc

/// The HEALPix tessellation in its NESTED numbering: the pixels of the community's catalog format HATS.
///
/// The sphere is cut into twelve base pixels, each base pixel at order k into 4^k pixels of equal area; two bits a step, so that the
/// pixel of a coarser order is a shift of the finer one's. Formulas: Gorski et al. 2005 (ApJ 622, 759), section 5, and Calabretta &
/// Roukema 2007 (MNRAS 381, 865) for the plane in which pixels are squares. Longitudes are right ascensions (ICRS).
///
///     let pixel = try HEALPix(order: 29).index(ra: [10.5], dec: [-30])[0]
///     let coarse = pixel >> 46  // of order 6: 2 * (29 - 6) bits less
public struct HEALPix: Sendable, Hashable {
    public let order: Int

    public static let orders = 0...29

    /// - Throws: `SphereError.levelOutOfRange`.
    public init(order: Int) throws(SphereError) {
        guard Self.orders.contains(order) else {
            throw .levelOutOfRange(pixelization: "healpix", level: order, minimum: 0, maximum: 29)
        }
        self.order = order
    }

    /// An order that is known to be in range.
    init(unchecked order: Int) { self.order = order }

    /// The finest order, in which catalogs keep the position of a row.
    public static let finest = HEALPix(unchecked: 29)

    /// Pixels of the sphere.
    public var pixelCount: Int64 { 12 << Int64(2 * order) }

    /// The side of a square of a pixel's area, in arcseconds.
    public var pixelSizeArcsec: Double { (4 * Double.pi / Double(pixelCount)).squareRoot() * 180 / .pi * 3600 }

    /// The pixels of the finest order that lie in a pixel of this one.
    public func finestPixels(of pixel: Int64) -> ClosedRange<Int64> {
        let bits = Int64(2 * (29 - order))
        return pixel << bits...((pixel + 1) << bits) - 1
    }

    /// The pixel of each point of two columns in degrees, of equal length. The pixel of a point that is not on the sphere means nothing.
    /// - Complexity: O(n)
    public func index(ra: [Double], dec: [Double]) -> [Int64] {
        precondition(ra.count == dec.count, "the columns must have the same length")
        var out = [Int64](repeating: 0, count: ra.count)
        for row in out.indices { out[row] = index(UnitVector(uncheckedRa: ra[row], dec: dec[row])) }
        return out
    }

    /// The pixel of a point.
    /// - Complexity: O(1)
    public func index(_ point: UnitVector) -> Int64 {
        guard point.x.isFinite, point.y.isFinite, point.z.isFinite else { return 0 }
        let height = abs(point.z)
        var quarter = atan2(point.y, point.x) / (Double.pi / 2)
        if quarter < 0 { quarter += 4 }
        if quarter >= 4 { quarter -= 4 }
        let side = Double(Int64(1) << Int64(order))
        let last = (Int64(1) << Int64(order)) - 1
        let face, x, y: Int64
        if height <= 2.0 / 3 {
            // Numbers of the lines that rise to the east and to the west through the point, counted over the whole belt.
            let rising = Int64((side * (0.5 + quarter - 0.75 * point.z)).rounded(.down))
            let falling = Int64((side * (0.5 + quarter + 0.75 * point.z)).rounded(.down))
            let (risingFace, fallingFace) = (rising >> Int64(order), falling >> Int64(order))
            if risingFace == fallingFace {
                face = (risingFace & 3) + 4
            } else {
                face = risingFace < fallingFace ? risingFace & 3 : (fallingFace & 3) + 8
            }
            (x, y) = (falling & last, last - (rising & last))
        } else {
            let sector = min(3, quarter.rounded(.down))
            let part = quarter - sector
            // sqrt(3 (1 - |z|)) without the loss of digits at the pole.
            let distance = side * (3 * (point.x * point.x + point.y * point.y) / (1 + height)).squareRoot()
            let rising = min(last, Int64(part * distance))
            let falling = min(last, Int64((1 - part) * distance))
            if point.z > 0 {
                (face, x, y) = (Int64(sector), last - falling, last - rising)
            } else {
                (face, x, y) = (Int64(sector) + 8, rising, falling)
            }
        }
        return face << Int64(2 * order) | Self.interleaved(x) | Self.interleaved(y) << 1
    }

    /// The bits of a number of up to 29 bits, at every second place.
    static func interleaved(_ number: Int64) -> Int64 {
        var v = UInt64(bitPattern: number)
        v = (v | v << 16) & 0x0000_FFFF_0000_FFFF
        v = (v | v << 8) & 0x00FF_00FF_00FF_00FF
        v = (v | v << 4) & 0x0F0F_0F0F_0F0F_0F0F
        v = (v | v << 2) & 0x3333_3333_3333_3333
        v = (v | v << 1) & 0x5555_5555_5555_5555
        return Int64(bitPattern: v)
    }

    /// Every second bit, close together again: the inverse of `interleaved`.
    static func gathered(_ number: Int64) -> Int64 {
        var v = UInt64(bitPattern: number) & 0x5555_5555_5555_5555
        v = (v | v >> 1) & 0x3333_3333_3333_3333
        v = (v | v >> 2) & 0x0F0F_0F0F_0F0F_0F0F
        v = (v | v >> 4) & 0x00FF_00FF_00FF_00FF
        v = (v | v >> 8) & 0x0000_FFFF_0000_FFFF
        v = (v | v >> 16) & 0x0000_0000_FFFF_FFFF
        return Int64(bitPattern: v)
    }
}
