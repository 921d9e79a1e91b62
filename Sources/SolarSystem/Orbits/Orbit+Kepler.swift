import Foundation

extension Orbit {
    /// From Keplerian elements: semi-major axis in au (negative on a hyperbola), angles and mean anomaly in degrees at the epoch.
    ///
    /// The mean motion is sqrt(GM / |a|^3) with DE440's GM of the Sun.
    /// - Throws: `EphemerisError.impossibleOrbit`, also for a parabola, which has no semi-major axis.
    public init(
        semiMajorAxis a: Double, e: Double, inclination: Double, node: Double, argumentOfPerihelion: Double, meanAnomaly: Double,
        epoch: Double
    ) throws(EphemerisError) {
        guard a.isFinite, a != 0 else { throw .impossibleOrbit(reason: "the semi-major axis \(a) au is none") }
        guard meanAnomaly.isFinite else { throw .impossibleOrbit(reason: "the mean anomaly \(meanAnomaly) is not a number") }
        guard (a > 0 && e < 1) || (a < 0 && e > 1) else {
            throw .impossibleOrbit(reason: "the semi-major axis \(a) au does not go with the eccentricity \(e)")
        }
        let meanMotion = (Constants.gmSun / abs(a * a * a)).squareRoot()
        let anomaly = a > 0 ? meanAnomaly.remainder(dividingBy: 360) : meanAnomaly
        self.init(
            q: a * (1 - e), e: e, inclination: inclination, node: node, argumentOfPerihelion: argumentOfPerihelion,
            perihelionTime: epoch - anomaly * Double.pi / 180 / meanMotion, epoch: epoch)
        try check()
    }

    /// Semi-major axis in au: negative on a hyperbola, infinite on a parabola.
    public var semiMajorAxis: Double { q / (1 - e) }

    /// Mean anomaly at the epoch in degrees, 0 to 360 on an ellipse; `nil` on a parabola.
    public var meanAnomaly: Double? {
        guard e != 1 else { return nil }
        let a = abs(semiMajorAxis)
        let angle = (epoch - perihelionTime) * (Constants.gmSun / (a * a * a)).squareRoot() * 180 / Double.pi
        guard e < 1 else { return angle }
        let turned = angle.remainder(dividingBy: 360)
        return turned < 0 ? turned + 360 : turned
    }

    /// Throws a sentence for elements that no body can have.
    /// - Throws: `EphemerisError.impossibleOrbit`.
    public func check() throws(EphemerisError) {
        let named = [
            ("perihelion distance", q), ("eccentricity", e), ("inclination", inclination), ("longitude of the node", node),
            ("argument of perihelion", argumentOfPerihelion), ("time of perihelion", perihelionTime), ("epoch", epoch),
        ]
        for (name, value) in named where !value.isFinite {
            throw .impossibleOrbit(reason: "the \(name) is \(value)")
        }
        guard q > 0 else { throw .impossibleOrbit(reason: "the perihelion distance \(q) au is not positive") }
        guard e >= 0 else { throw .impossibleOrbit(reason: "the eccentricity \(e) is negative") }
        guard inclination >= 0, inclination <= 180 else {
            throw .impossibleOrbit(reason: "the inclination \(inclination) is not between 0 and 180 degrees")
        }
    }
}
