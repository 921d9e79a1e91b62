/// An image of the sky with what is known of its pixels and of its coordinates.
///
///     let science = try Exposure(path: "science_7_8.fits.fz")
///     print(science.image[10, 20], science.wcs!.sky(x: 10, y: 20))
///
/// All planes have the same width and height.
public struct Exposure: Sendable {
    /// Brightness, in `unit`. NaN where the file has no value.
    public var image: ImagePlane<Float>
    /// Flags of each pixel; 0 everywhere where the file has no mask.
    public var mask: ImagePlane<Int32>
    public var maskPlanes: MaskPlanes
    /// Variance of the image, in the square of its unit; nil where the file has none.
    public var variance: ImagePlane<Float>?
    /// Nil where the file has no coordinates at all.
    public var wcs: CelestialWCS?
    /// The point spread function; nil where the file has none. Its middle pixel is the source's position.
    public var psf: ImagePlane<Float>?
    /// The AB magnitude of a source of flux 1; nil where the file does not tell (MAGZERO, MAGZPT, ZEROPT, FLUXMAG0, or a BUNIT of nJy).
    public var zeroPointMag: Double?
    /// BUNIT.
    public var unit: String?
    /// For a template: whether its PSF was made that of the science image.
    public var isPSFMatched: Bool
    /// What errors name.
    public var place: String

    public var width: Int { image.width }
    public var height: Int { image.height }

    /// - Precondition: the planes have one size.
    public init(
        image: ImagePlane<Float>, mask: ImagePlane<Int32>? = nil, maskPlanes: MaskPlanes = MaskPlanes(), variance: ImagePlane<Float>? = nil,
        wcs: CelestialWCS?, psf: ImagePlane<Float>? = nil, zeroPointMag: Double? = nil, unit: String? = nil, isPSFMatched: Bool = false,
        place: String = "the exposure"
    ) {
        let mask = mask ?? ImagePlane(width: image.width, height: image.height, repeating: 0)
        precondition(mask.width == image.width && mask.height == image.height, "the mask is not of the image's size")
        precondition(
            variance.map { $0.width == image.width && $0.height == image.height } ?? true, "the variance is not of the image's size")
        self.image = image
        self.mask = mask
        self.maskPlanes = maskPlanes
        self.variance = variance
        self.wcs = wcs
        self.psf = psf
        self.zeroPointMag = zeroPointMag
        self.unit = unit
        self.isPSFMatched = isPSFMatched
        self.place = place
    }
}
