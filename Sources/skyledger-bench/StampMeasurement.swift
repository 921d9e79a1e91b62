import Foundation
import Images

/// Stamps of 31 x 31 pixels with variance, flags and a PSF of 41 x 41 out of an exposure of 4000 x 4000, one thread.
enum StampMeasurement {
    static func run() throws {
        let side = 4000
        let image = ImagePlane(width: side, height: side, pixels: (0..<side * side).map { Float($0 &* 7919 % 10_007) })
        let cards = [
            "CTYPE1  = 'RA---TAN'", "CTYPE2  = 'DEC--TAN'", "CRVAL1  = 150.0", "CRVAL2  = -30.0", "CRPIX1  = 2000.0", "CRPIX2  = 2000.0",
            "CD1_1   = -5.5E-5", "CD1_2   = 0.0", "CD2_1   = 0.0", "CD2_2   = 5.5E-5",
        ]
        let wcs = try CelestialWCS(cards: cards)
        let maker = try StampMaker(
            Exposure(
                image: image, variance: image, wcs: wcs, psf: ImagePlane(width: 41, height: 41, repeating: 1 / 1681), unit: "nJy"))
        let count = 30_000
        let at = (0..<count).map { (x: Double($0 &* 7907 % side), y: Double($0 &* 6007 % side)) }
        let sky = wcs.sky(x: at.map(\.x), y: at.map(\.y))
        var best = Double.infinity
        var sizeBytes = 0
        for _ in 0..<5 {
            best = min(
                best,
                try seconds {
                    sizeBytes = 0
                    for i in 0..<count { sizeBytes += try maker.stamp(ra: sky.ra[i], dec: sky.dec[i], size: 31).count }
                })
        }
        report(
            "stamps 31x31", ["stamps": Double(count), "seconds": best, "bytes": Double(sizeBytes), "stampsPerSecond": Double(count) / best])
    }
}
