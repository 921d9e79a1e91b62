import Catalog

/// Where the images of visit-detectors are.
public protocol AlertImages: Sendable {
    /// Makes cutouts on a visit-detector's images from positions and sizes; nil where there are no images.
    ///
    /// A position off the image has no cutout.
    func stamps(of visitDetector: VisitDetector) throws -> StampMaking?
}

/// Makes the cutouts at a position (ICRS degrees) with a side in pixels. Called from another thread, one call at a time.
public typealias StampMaking = @Sendable (_ ra: Double, _ dec: Double, _ sidePixels: Int) throws -> AlertStamps
