import CWCS
import Synchronization

/// The coordinates of an image: from pixels to ICRS and back, by WCSLIB. TAN and every other projection of the FITS papers, with the
/// distortions of SIP and TPV.
///
///     let wcs = try CelestialWCS(cards: header, place: "science_7_8.fits")
///     let (ra, dec) = wcs.sky(x: 100, y: 200)
///
/// A pixel is (x, y), both from 0: the centre of the first is at (0, 0), its corners at -0.5 and 0.5. FITS, and WCSLIB inside, call that
/// point (1, 1). Positions are degrees. Coordinates in the FK5 frame of 2000 are taken as ICRS, from which they differ by at most 0.03
/// arcsec; other frames are refused.
///
/// One instance may serve several threads: WCSLIB writes into its structures while it computes, so each call holds a lock. Threads that have
/// many points take a copy each (`copy()`).
public final class CelestialWCS: Sendable {
    /// The cards of the header that the coordinates follow from, 80 characters each. A header with these cards, CRPIXj moved by whole
    /// pixels, describes a part of the image exactly.
    public let cards: [String]
    /// The reference pixel (CRPIX1, CRPIX2), counted from 1 as FITS does.
    public let referencePixel: (x: Double, y: Double)
    private let transformation: Mutex<WCSTransformation>

    /// - Parameters:
    ///   - cards: of a FITS header, 80 characters each; those that do not tell of coordinates are left out.
    ///   - place: what errors name.
    /// - Throws: `ImagesError.coordinates`
    public init(cards: [String], place: String = "the header") throws {
        let cards = WCSCards.primary(of: cards)
        let made = try WCSTransformation(cards: cards, place: place)
        referencePixel = made.referencePixel
        self.cards = cards
        transformation = Mutex(made)
    }

    /// The same coordinates with a WCSLIB structure and a lock of its own.
    public func copy() throws -> CelestialWCS { try CelestialWCS(cards: cards) }

    /// Where pixels lie on the sky, ICRS degrees, right ascension in [0, 360). NaN for a pixel that is not on the sky, as the corners of an
    /// all-sky map are not.
    ///
    /// - Precondition: as many x as y.
    /// - Complexity: O(n), one lock
    public func sky(x: [Double], y: [Double]) -> (ra: [Double], dec: [Double]) { transformation.withLock { $0.sky(x: x, y: y) } }

    /// Where positions of ICRS degrees lie on the image, which ends nowhere here. NaN for a position that the projection does not
    /// reach, as those of the other half of the sky, and where the distortion cannot be inverted.
    ///
    /// - Precondition: as many right ascensions as declinations.
    /// - Complexity: O(n), one lock
    public func pixels(ra: [Double], dec: [Double]) -> (x: [Double], y: [Double]) {
        transformation.withLock { $0.pixels(ra: ra, dec: dec) }
    }

    /// One pixel's place on the sky; NaN as for many.
    public func sky(x: Double, y: Double) -> (ra: Double, dec: Double) {
        let found = sky(x: [x], y: [y])
        return (found.ra[0], found.dec[0])
    }

    /// One position's place on the image; NaN as for many.
    public func pixel(ra: Double, dec: Double) -> (x: Double, y: Double) {
        let found = pixels(ra: [ra], dec: [dec])
        return (found.x[0], found.y[0])
    }
}
