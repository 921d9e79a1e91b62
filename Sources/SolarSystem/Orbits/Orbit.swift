/// A heliocentric conic at an epoch, in the elements that hold for any eccentricity.
///
/// Angles are degrees in the ecliptic and mean equinox of J2000; distances au; times MJD in TDB. The elements are osculating at the epoch.
public struct Orbit: Sendable, Equatable {
    /// Perihelion distance, au; positive.
    public var q: Double
    /// Eccentricity: 0 and above; 1 is a parabola, more a hyperbola.
    public var e: Double
    /// Inclination, 0 to 180 degrees.
    public var inclination: Double
    /// Longitude of the ascending node, degrees.
    public var node: Double
    /// Argument of perihelion, degrees.
    public var argumentOfPerihelion: Double
    /// Time of perihelion, MJD TDB.
    public var perihelionTime: Double
    /// Epoch of osculation, MJD TDB.
    public var epoch: Double

    public init(
        q: Double, e: Double, inclination: Double, node: Double, argumentOfPerihelion: Double, perihelionTime: Double, epoch: Double
    ) {
        self.q = q
        self.e = e
        self.inclination = inclination
        self.node = node
        self.argumentOfPerihelion = argumentOfPerihelion
        self.perihelionTime = perihelionTime
        self.epoch = epoch
    }
}
