/// A stamp from an alert of any survey, read back: LSST's and SkyLedger's with variance (UNCERT), PSF (PSFIMAGE) and flags (MASK), ZTF's
/// gzipped single images.
///
///     let stamp = try StampImage(bytes: alert.cutoutDifference, place: "cutoutDifference")
public struct StampImage: Sendable, Equatable {
    /// The largest stamp that is taken from a stranger, pixels.
    public static let pixelCountMax = 1 << 24

    public var image: ImagePlane<Float>
    /// Nil where the stamp has none, as the three that follow.
    public var variance: ImagePlane<Float>?
    public var mask: ImagePlane<Int32>?
    public var psf: ImagePlane<Float>?

    public init(
        image: ImagePlane<Float>, variance: ImagePlane<Float>? = nil, mask: ImagePlane<Int32>? = nil, psf: ImagePlane<Float>? = nil
    ) {
        self.image = image
        self.variance = variance
        self.mask = mask
        self.psf = psf
    }

    /// Reads FITS, gzipped or not. Tile-compressed images are refused: stamps have none, and CFITSIO trusts them too much.
    ///
    /// - Parameter place: what errors name.
    /// - Throws: `ImagesError.unreadable`
    public init(bytes: [UInt8], place: String = "the stamp") throws {
        let file = try FITSImageFile(bytes: bytes, place: place, isTileCompressed: false)
        let parts = try ExposureParts(file.extensions, place: place)
        for one in file.extensions where one.width > Self.pixelCountMax / one.height {
            throw ImagesError.unreadable(file: place, extensionName: one.title, reason: "it is too large for a stamp")
        }
        image = try file.floats(parts.image)
        variance = try parts.variance.map { try file.floats($0) }
        mask = try parts.mask.map { try file.integers($0) }
        psf = try parts.psf.map { try file.floats($0) }
    }
}
