/// How large the stamps of alerts are.
///
/// Rubin cuts squares whose side is the source's `bboxSize`, but at least 30 and at most 102 pixels (ap_association, packageAlerts): 102 are
/// the trail of 10 degrees a day in 30 s (62.5 pixels of 0.2 arcsec) and 40 for the PSF. The defaults here are the same.
public struct StampPolicy: Sendable, Equatable {
    public var sizePixelsMin: Int
    public var sizePixelsMax: Int

    /// - Precondition: 1 <= min <= max <= `StampMaker.sizePixelsMax`
    public init(sizePixelsMin: Int = 30, sizePixelsMax: Int = 102) {
        precondition(
            1 <= sizePixelsMin && sizePixelsMin <= sizePixelsMax && sizePixelsMax <= StampMaker.sizePixelsMax, "no sizes of stamps")
        self.sizePixelsMin = sizePixelsMin
        self.sizePixelsMax = sizePixelsMax
    }

    /// The side of a source's stamp in pixels.
    /// - Parameter bboxSize: the side of the square around the source's footprint, pixels; nil where it is not known.
    public func size(bboxSize: Int?) -> Int { min(max(bboxSize ?? sizePixelsMin, sizePixelsMin), sizePixelsMax) }
}
