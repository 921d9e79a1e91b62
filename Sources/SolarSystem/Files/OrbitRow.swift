import Foundation

/// One object of a file of orbits, in the terms of the schema's table `mpc_orbits`.
///
/// Angles are degrees on the ecliptic of J2000, distances au, times MJD. The files' times are TT; they are taken as TDB, from which TT
/// never differs by more than 2 milliseconds.
public struct OrbitRow: Sendable, Equatable {
    /// The primary designation: provisional where the file gives one, else the number.
    public var designation: Designation
    /// The number, where the object has one.
    public var number: Designation?
    /// Further designations of the same object.
    public var others: [Designation] = []
    public var name: String?
    public var q: Double
    public var e: Double
    public var inclination: Double
    public var node: Double
    public var argumentOfPerihelion: Double
    /// MJD of perihelion.
    public var perihelionTime: Double
    public var epoch: Double
    /// Negative for a hyperbola, nil for a parabola.
    public var semiMajorAxis: Double?
    /// Degrees, 0 to 360 for an ellipse; nil for a parabola.
    public var meanAnomaly: Double?
    /// Degrees a day; nil for a parabola.
    public var meanMotion: Double?
    /// Days; nil where the orbit is not closed.
    public var period: Double? { e < 1 ? meanMotion.map { 360 / $0 } : nil }
    public var h: Double?
    public var g: Double?
    public var uncertaintyParameter: Int?
    public var oppositionCount: Int?
    /// Days; nil where the file gives years only.
    public var arcLengthDays: Double?
    public var observationCount: Int?
    /// Arcseconds.
    public var rms: Double?

    public var orbit: Orbit {
        Orbit(
            q: q, e: e, inclination: inclination, node: node, argumentOfPerihelion: argumentOfPerihelion, perihelionTime: perihelionTime,
            epoch: epoch)
    }

    /// Elements of an asteroid: semi-major axis, mean anomaly at the epoch and daily motion, as the MPC's files of minor planets have them.
    ///
    /// The motion is computed from the axis, which the files give to more digits; a given one must agree to a thousandth.
    /// - Throws: `OrbitRowError` for impossible elements.
    init(
        designation: Designation, semiMajorAxis a: Double, e: Double, inclination: Double, node: Double, argumentOfPerihelion: Double,
        meanAnomaly: Double, meanMotion: Double?, epoch: Double
    ) throws {
        guard a.isFinite, a != 0, e.isFinite, e != 1, (a > 0) == (e < 1) else {
            throw OrbitRowError("a semi-major axis of \(a) au and an eccentricity of \(e) make no orbit")
        }
        let computed = gaussianConstant / (abs(a) * abs(a) * abs(a)).squareRoot() * 180 / .pi
        if let meanMotion, !(abs(meanMotion - computed) < 1e-3 * computed + 1e-7) {
            throw OrbitRowError("a motion of \(meanMotion) degrees a day is not that of a semi-major axis of \(a) au (\(computed))")
        }
        guard meanAnomaly.isFinite, e > 1 || 0...360 ~= meanAnomaly else {
            throw OrbitRowError("the mean anomaly \(meanAnomaly) is outside 0 to 360 degrees")
        }
        let fromPerihelion = e < 1 ? meanAnomaly.remainder(dividingBy: 360) : meanAnomaly
        self.designation = designation
        (q, self.e, self.inclination, self.node) = (a * (1 - e), e, inclination, node)
        self.argumentOfPerihelion = argumentOfPerihelion
        (perihelionTime, self.epoch) = (epoch - fromPerihelion / computed, epoch)
        (semiMajorAxis, self.meanAnomaly, self.meanMotion) = (a, meanAnomaly, computed)
        try check()
    }

    /// Elements of a comet: distance and time of perihelion, any eccentricity.
    ///
    /// - Throws: `OrbitRowError` for impossible elements.
    init(
        designation: Designation, q: Double, e: Double, inclination: Double, node: Double, argumentOfPerihelion: Double,
        perihelionTime: Double, epoch: Double
    ) throws {
        self.designation = designation
        (self.q, self.e, self.inclination, self.node) = (q, e, inclination, node)
        self.argumentOfPerihelion = argumentOfPerihelion
        (self.perihelionTime, self.epoch) = (perihelionTime, epoch)
        try check()
        guard e != 1 else { return }
        let a = q / (1 - e)
        let motion = gaussianConstant / (abs(a) * abs(a) * abs(a)).squareRoot() * 180 / .pi
        let anomaly = motion * (epoch - perihelionTime)
        (semiMajorAxis, meanMotion) = (a, motion)
        meanAnomaly = e < 1 ? anomaly - 360 * (anomaly / 360).rounded(.down) : anomaly
    }

    /// Earliest and latest times that are believed: the years 1000 and 3000.
    private static let times = -313_000.0...417_000.0

    private func check() throws {
        guard q.isFinite, q > 0 else { throw OrbitRowError("the perihelion distance \(q) au is not above 0") }
        guard e.isFinite, e >= 0 else { throw OrbitRowError("the eccentricity \(e) is below 0") }
        guard 0...180 ~= inclination else { throw OrbitRowError("the inclination \(inclination) is outside 0 to 180 degrees") }
        guard 0...360 ~= node else { throw OrbitRowError("the node \(node) is outside 0 to 360 degrees") }
        guard 0...360 ~= argumentOfPerihelion else {
            throw OrbitRowError("the argument of perihelion \(argumentOfPerihelion) is outside 0 to 360 degrees")
        }
        guard Self.times ~= epoch else { throw OrbitRowError("the epoch MJD \(epoch) is outside the years 1000 to 3000") }
        guard perihelionTime.isFinite else { throw OrbitRowError("the time of perihelion is not a number") }
    }
}
