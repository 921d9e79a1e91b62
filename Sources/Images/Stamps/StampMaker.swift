import Glibc
import Synchronization

/// Makes stamps of an exposure: small FITS files for alerts.
///
///     let maker = try StampMaker(exposure)
///     let bytes = try maker.stamp(ra: 150.1, dec: 2.2, size: 31)
///
/// A stamp is laid out as those of LSST's alerts, so that astropy's `CCDData.read` opens it: the image as the primary array, its variance as
/// UNCERT, the PSF as PSFIMAGE; and MASK, which LSST's leave out. Variance and PSF are there where the exposure has them. CUTMINX
/// and CUTMINY are the exposure's pixel, from 0, that is the stamp's first. Coordinates are the exposure's with CRPIX moved by whole
/// pixels: exact, distortion included. Pixels off the image are NaN and carry the flag NO_DATA.
///
/// One maker serves several threads. The header of each size is made once; a stamp is a copy of that with four cards and the pixels
/// written over.
public final class StampMaker: Sendable {
    /// The largest side, pixels.
    public static let sizePixelsMax = 1000

    public let exposure: Exposure
    private let wcs: CelestialWCS
    private let positionAngleDeg: Double
    private let layouts = Mutex<[Int: StampLayout]>([:])

    /// - Throws: `ImagesError.coordinates` where the exposure has none
    public init(_ exposure: Exposure) throws {
        guard let wcs = exposure.wcs else {
            throw ImagesError.coordinates(place: exposure.place, reason: "the header has none, and stamps are cut by position")
        }
        self.exposure = exposure
        self.wcs = wcs
        positionAngleDeg = Self.positionAngleDeg(wcs, x: Double(exposure.width - 1) / 2, y: Double(exposure.height - 1) / 2)
    }

    /// A square of the image around a position.
    ///
    /// - Parameters:
    ///   - ra: ICRS degrees, as `dec`.
    ///   - size: its side, pixels. The position falls on the middle pixel of an odd side, within half a pixel of the middle of an even one.
    /// - Throws: `ImagesError.offImage` where the position's pixel is not on the exposure: the alert has no stamp; `.stampSize`
    /// - Complexity: O(size * size)
    public func stamp(ra: Double, dec: Double, size: Int) throws -> [UInt8] {
        let (x, y) = wcs.pixel(ra: ra, dec: dec)
        return try stamp(x: x, y: y, size: size) { .offImage(ra: ra, dec: dec, width: self.exposure.width, height: self.exposure.height) }
    }

    /// A square around a pixel position, from 0.
    /// - Throws: as for a position on the sky
    public func stamp(x: Double, y: Double, size: Int) throws -> [UInt8] {
        try stamp(x: x, y: y, size: size) {
            let (ra, dec) = wcs.sky(x: x, y: y)
            return .offImage(ra: ra, dec: dec, width: exposure.width, height: exposure.height)
        }
    }

    private func stamp(x: Double, y: Double, size: Int, off: () -> ImagesError) throws -> [UInt8] {
        guard (1...Self.sizePixelsMax).contains(size) else { throw ImagesError.stampSize(pixels: size, pixelsMax: Self.sizePixelsMax) }
        // NaN is not on the image either.
        guard x >= -0.5, x < Double(exposure.width) - 0.5, y >= -0.5, y < Double(exposure.height) - 0.5 else { throw off() }
        let half = Double(size - 1) / 2
        let (minX, minY) = (Int((x - half + 0.5).rounded(.down)), Int((y - half + 0.5).rounded(.down)))
        let layout = layout(size: size)
        var out = layout.bytes
        Self.write(card: "CUTMINX", literal: String(minX), at: layout.cardsOffset.cutMinX, in: &out)
        Self.write(card: "CUTMINY", literal: String(minY), at: layout.cardsOffset.cutMinY, in: &out)
        let reference = (x: wcs.referencePixel.x - Double(minX), y: wcs.referencePixel.y - Double(minY))
        Self.write(card: "CRPIX1", literal: Self.text(reference.x), at: layout.cardsOffset.crpix1, in: &out)
        Self.write(card: "CRPIX2", literal: Self.text(reference.y), at: layout.cardsOffset.crpix2, in: &out)
        Self.copy(exposure.image, minX: minX, minY: minY, size: size, to: &out, at: layout.imageOffset)
        Self.copy(exposure.mask, minX: minX, minY: minY, size: size, to: &out, at: layout.maskOffset)
        if let variance = exposure.variance, let offset = layout.varianceOffset {
            Self.copy(variance, minX: minX, minY: minY, size: size, to: &out, at: offset)
        }
        return out
    }

    private func layout(size: Int) -> StampLayout {
        layouts.withLock { made in
            if let found = made[size] { return found }
            let new = StampLayout(exposure, wcs: wcs, positionAngleDeg: positionAngleDeg, size: size)
            made[size] = new
            return new
        }
    }

    /// To 1e-12 of a pixel.
    private static func text(_ value: Double) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
            _ = withVaList([value]) { vsnprintf(buffer.baseAddress!, buffer.count, "%.12f", $0) }
            return String(cString: buffer.baseAddress!)
        }
    }

    /// Overwrites a card of a keyword of at most eight characters; it has no comment.
    private static func write(card keyword: String, literal: String, at offset: Int, in out: inout [UInt8]) {
        let (start, end) = (offset + 10, offset + FITSHeaderText.cardSizeBytes)
        let first = max(start + 20 - literal.utf8.count, start)
        for i in start..<first { out[i] = 32 }
        var at = first
        for byte in literal.utf8 where at < end {
            out[at] = byte
            at += 1
        }
    }

    /// Writes the part of the square that is on the plane, big-endian.
    private static func copy<Pixel: BitwiseCopyable & Sendable>(
        _ plane: ImagePlane<Pixel>, minX: Int, minY: Int, size: Int, to out: inout [UInt8], at offset: Int
    ) {
        precondition(MemoryLayout<Pixel>.size == 4 && offset + 4 * size * size <= out.count)
        let (firstX, endX) = (max(minX, 0), min(minX + size, plane.width))
        let (firstY, endY) = (max(minY, 0), min(minY + size, plane.height))
        guard firstX < endX, firstY < endY else { return }
        plane.pixels.withUnsafeBytes { source in
            out.withUnsafeMutableBytes { target in
                let pixels = source.baseAddress!.assumingMemoryBound(to: UInt32.self)
                for y in firstY..<endY {
                    let row = pixels + y * plane.width
                    let place = target.baseAddress! + offset + 4 * ((y - minY) * size - minX)
                    for x in firstX..<endX { place.storeBytes(of: row[x].bigEndian, toByteOffset: 4 * x, as: UInt32.self) }
                }
            }
        }
    }

    /// The direction of +y at a pixel, degrees east of north.
    private static func positionAngleDeg(_ wcs: CelestialWCS, x: Double, y: Double) -> Double {
        let (ra, dec) = wcs.sky(x: [x, x], y: [y - 0.5, y + 0.5])
        let radian = Double.pi / 180
        let east = remainder(ra[1] - ra[0], 360) * cos((dec[0] + dec[1]) / 2 * radian)
        let angle = atan2(east, dec[1] - dec[0]) / radian
        return angle < 0 ? angle + 360 : angle
    }
}
