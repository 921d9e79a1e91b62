import Sphere

/// What a release replaces that does not replace everything: visit-detectors of one region, or of one range of time.
///
/// A visit-detector belongs to the region that its centre lies in, so that regions which share no point share no visit-detector, and each is
/// replaced whole (`docs/decisions/035`).
public struct ReleasePiece: Sendable, Equatable {
    /// As the operator wrote it, "circle ...", "polygon ..." or "box ..." in degrees; nil for the whole sky.
    public let regionText: String?
    public let region: Region?
    /// Visits up to here, MJD TAI, stay as they are, and so do those after the release's cutoff; nil for all times, where visits after the
    /// cutoff follow from the nights.
    public let sinceMjdTai: Double?

    /// - Throws: `SphereError` where the region cannot be read.
    public init(regionText: String?, sinceMjdTai: Double?) throws(SphereError) {
        self.regionText = regionText
        region = if let regionText { try Region(parsing: regionText) } else { nil }
        self.sinceMjdTai = sinceMjdTai
    }

    /// Whether a visit-detector belongs to it.
    ///
    /// - Parameter centre: of what the detector covers.
    public func contains(centre: UnitVector, midpointMjdTai: Double, cutoffMjdTai: Double) -> Bool {
        if let sinceMjdTai, midpointMjdTai <= sinceMjdTai || midpointMjdTai > cutoffMjdTai { return false }
        return region?.contains(centre) ?? true
    }

    /// In words, for messages.
    public var label: String {
        let place = regionText ?? "the whole sky"
        return sinceMjdTai.map { "\(place), after MJD \($0)" } ?? place
    }
}
