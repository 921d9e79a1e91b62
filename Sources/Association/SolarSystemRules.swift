/// How near to its predicted place a moving object may be seen.
public struct SolarSystemRules: Sendable, Equatable, Codable {
    /// The radius of an object whose prediction has no error, arcseconds.
    public var radiusArcsec = 1.0
    /// How many standard deviations of the prediction widen the radius.
    public var sigmas = 3.0
    /// No radius is larger, however uncertain the prediction, arcseconds.
    public var maximumRadiusArcsec = 20.0
    /// Each standard deviation of a pair is at least this, arcseconds.
    public var errorFloorArcsec = 0.05
    /// Stands for the error of a source that has none, arcseconds.
    public var sourceErrorArcsec = 0.1
    /// Share of offsets that are wider than their errors say.
    public var tailFraction = 0.01

    public init(radiusArcsec: Double = 1, sigmas: Double = 3, maximumRadiusArcsec: Double = 20) {
        self.radiusArcsec = radiusArcsec
        self.sigmas = sigmas
        self.maximumRadiusArcsec = maximumRadiusArcsec
    }

    /// Whether every value is in a range that makes sense: radii above 0 and below a degree, errors above 0, the tail's share 0 to 1.
    public var isValid: Bool {
        radiusArcsec > 0 && maximumRadiusArcsec >= radiusArcsec && maximumRadiusArcsec < 3600 && sigmas >= 0 && sigmas.isFinite
            && errorFloorArcsec > 0 && errorFloorArcsec.isFinite && sourceErrorArcsec > 0 && sourceErrorArcsec.isFinite
            && (0...1).contains(tailFraction)
    }

    /// The largest offset, inclusive, of a source from a place predicted with this standard deviation, arcseconds: base and error in
    /// quadrature. An error that is no number counts as none known, which gives the largest radius.
    public func radius(errorArcsec: Double) -> Double {
        guard errorArcsec.isFinite else { return maximumRadiusArcsec }
        let widening = sigmas * max(0, errorArcsec)
        return min(maximumRadiusArcsec, (radiusArcsec * radiusArcsec + widening * widening).squareRoot())
    }
}
