/// What likelihood association believes about positions: how far partners lie apart, how good their errors are, how common new sources.
public struct MatchModel: Sendable, Equatable, Codable {
    /// The largest angle between partners, inclusive, arcseconds; greater than 0 and less than a degree.
    public var radiusArcsec = 1.0
    /// Each variance of the summed covariance of a pair is at least the square of this, arcseconds; greater than 0.
    public var errorFloorArcsec = 0.05
    /// Stands for the missing, NaN, zero or negative error of one side, arcseconds; greater than 0.
    public var errorFallbackArcsec = 0.2
    /// Share of residuals that are wider than their errors say, 0 to 1.
    public var tailFraction = 0.01
    /// New sources per square arcsecond, greater than 0: the fixed prior of a source without partner.
    public var newSourceDensity = 1e-4

    public init(
        radiusArcsec: Double = 1, errorFloorArcsec: Double = 0.05, errorFallbackArcsec: Double = 0.2, tailFraction: Double = 0.01,
        newSourceDensity: Double = 1e-4
    ) {
        self.radiusArcsec = radiusArcsec
        self.errorFloorArcsec = errorFloorArcsec
        self.errorFallbackArcsec = errorFallbackArcsec
        self.tailFraction = tailFraction
        self.newSourceDensity = newSourceDensity
    }

    /// Whether every value lies in the range that its description gives.
    public var isValid: Bool {
        radiusArcsec > 0 && radiusArcsec < 3600 && errorFloorArcsec > 0 && errorFloorArcsec.isFinite && errorFallbackArcsec > 0
            && errorFallbackArcsec.isFinite && (0...1).contains(tailFraction) && newSourceDensity > 0 && newSourceDensity.isFinite
    }
}
