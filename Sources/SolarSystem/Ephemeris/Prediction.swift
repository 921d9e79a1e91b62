/// What an observer sees of a body at a moment.
public struct Prediction: Sendable, Equatable {
    /// Astrometric position in the ICRF, degrees: with light time, without aberration and the bending of light, as catalogue positions.
    public var ra: Double
    public var dec: Double
    /// Motion on the sky in degrees a day: in right ascension times cos(dec), and in declination.
    public var raRate: Double
    public var decRate: Double
    /// Distance from the observer, au, and its rate, au/day; light time in days.
    public var range: Double
    public var rangeRate: Double
    public var lightTime: Double
    /// Distance from the Sun when the light left, au, and its rate, au/day.
    public var heliocentricRange: Double
    public var heliocentricRangeRate: Double
    /// Angle Sun, body, observer, degrees.
    public var phaseAngle: Double
    /// Angle Sun, observer, body, degrees.
    public var elongation: Double
    /// Body relative to the observer, au and au/day, ICRF: the body when the light left, the observer when it came.
    public var topocentric: Planets.State
    /// Body relative to the Sun when the light left.
    public var heliocentric: Planets.State

    /// Johnson V from an absolute magnitude and slope.
    public func visualMagnitude(h: Double, g: Double = 0.15) -> Double {
        BowellLaw.magnitude(h: h, g: g, heliocentricRange: heliocentricRange, range: range, phaseAngle: phaseAngle)
    }
}
