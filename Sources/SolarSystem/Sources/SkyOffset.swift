import Foundation

/// How far an observed place is from a predicted one: along the sky's axes at the predicted place, and along the object's motion.
public struct SkyOffset: Sendable, Equatable {
    /// The angle between both, arcseconds.
    public var total: Double
    /// Observed minus predicted, arcseconds: right ascension times cos(dec), and declination. `total` is the root of their squares' sum.
    public var east: Double
    public var north: Double

    /// From ICRS degrees. The difference of right ascensions is taken the short way around; a place beyond the pole has its offset in the
    /// axes at the predicted place, as on a plane that touches the sky there.
    public init(observedRa: Double, observedDec: Double, predictedRa: Double, predictedDec: Double) {
        let degree = Double.pi / 180
        let across = (observedRa - predictedRa).remainder(dividingBy: 360) * degree
        let along = (observedDec - predictedDec) * degree
        let (sine, cosine) = (sin(observedDec * degree), cos(observedDec * degree))
        let (sinePredicted, cosinePredicted) = (sin(predictedDec * degree), cos(predictedDec * degree))
        let half = sin(across / 2)
        // The direction to the observed place in the axes east, north and outward at the predicted one, without differences of near-equal
        // numbers.
        let x = cosine * sin(across)
        let y = sin(along) + 2 * half * half * cosine * sinePredicted
        let z = sine * sinePredicted + cosine * cosinePredicted * cos(across)
        let sideways = (x * x + y * y).squareRoot()
        total = atan2(sideways, z) / degree * 3600
        east = sideways > 0 ? total * x / sideways : 0
        north = sideways > 0 ? total * y / sideways : 0
    }

    /// The offset along a motion on the sky and across it, arcseconds: ahead is positive, and so is a quarter turn from ahead, as north is
    /// from east. Nil where nothing moves.
    /// - Parameters: the rates in right ascension times cos(dec) and in declination, in any unit.
    public func tracks(raRate: Double, decRate: Double) -> (along: Double, cross: Double)? {
        let rate = (raRate * raRate + decRate * decRate).squareRoot()
        guard rate > 0, rate.isFinite else { return nil }
        return ((east * raRate + north * decRate) / rate, (north * raRate - east * decRate) / rate)
    }
}
