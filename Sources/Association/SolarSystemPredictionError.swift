import Foundation

/// How far from its predicted place an object may be for the uncertainty of its orbit.
public enum PredictionError {
    /// What remains of the best orbits, arcseconds: errors of star catalogues and of the orbit at its epoch. The worst of 17 asteroids in
    /// LSST's alerts, whose orbits have the parameter 0, is 0.084 arcsec off.
    public static let floorArcsec = 0.1

    /// What an orbit without the parameter counts as: comets, and asteroids with a letter in its place.
    public static let assumedParameter = 4

    /// The runoff in longitude along the orbit that a value of the uncertainty parameter stands for at most, arcseconds in ten years.
    ///
    /// The Minor Planet Center's definition ("Uncertainty Parameter U"): U = INT(ln(runoff) / C) + 1 with C = ln(648000) / 9, so that U is
    /// given to runoffs below exp(C U): 1 for U = 0, 4.4 for 1, 19.6 for 2, 146,502 for 8; 9 has no bound and counts as half a turn.
    public static func runoffArcsecPerDecade(_ uParameter: Int) -> Double {
        exp(log(648_000) / 9 * Double(min(9, max(0, uParameter))))
    }

    /// One standard deviation of a predicted place in any direction, arcseconds: the floor and the runoff since the epoch in quadrature.
    ///
    /// The runoff is along the orbit and an upper bound, with the MPC's own factor of 3 for errors that formal ones miss; it is taken for
    /// a standard deviation in all directions, which errs to the safe side. The MPC warns that U says little about the future of objects
    /// that pass near the Earth.
    /// - Parameters:
    ///   - uParameter: 0 to 9; nil where unknown (`assumedParameter`).
    ///   - yearsSinceEpoch: from the epoch of the elements to the prediction; its sign does not matter.
    ///   - magnification: distance from the Sun over distance from the observer, which turns angles about the Sun to angles seen.
    public static func arcsec(uParameter: Int?, yearsSinceEpoch: Double, magnification: Double = 1) -> Double {
        let runoff = runoffArcsecPerDecade(uParameter ?? assumedParameter) * abs(yearsSinceEpoch) / 10 * magnification
        return (floorArcsec * floorArcsec + runoff * runoff).squareRoot()
    }
}
