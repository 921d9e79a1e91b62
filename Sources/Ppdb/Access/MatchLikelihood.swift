import Glibc

/// How probable it is that a DiaObject and a catalogued object near it are the same.
///
/// Of the same object, the distance r of two measured positions follows a Rayleigh distribution of the one-axis error sigma, of unrelated
/// ones it grows as the area of a ring of the background density rho. The ratio of both densities (de Ruiter, Willis & Arp 1977, A&AS 28, 211;
/// without magnitudes as in Sutherland & Saunders 1992, MNRAS 259, 413) is
///
///     LR = (r / sigma^2) exp(-r^2 / 2 sigma^2) / (2 pi r rho) = exp(-r^2 / 2 sigma^2) / (2 pi sigma^2 rho)
///
/// and with even odds beforehand P = LR / (1 + LR). Each pair is weighed for itself: the probabilities of several candidates do not add up to one.
public enum MatchLikelihood {
    /// What catalogues of different reference frames disagree by at least, along one axis.
    public static let floorArcsec = 0.05
    /// The error of a position that has none.
    public static let unknownArcsec = 0.2

    /// The variance of the difference of two positions along one axis, arcsec^2, from their one-axis errors; nil or NaN is unknown.
    public static func variance(_ errors: Double?...) -> Double {
        errors.reduce(floorArcsec * floorArcsec) { sum, error in
            let known = error.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil } ?? unknownArcsec
            return sum + known * known
        }
    }

    /// ln P.
    ///
    /// - Parameters:
    ///   - variance: arcsec^2, greater than 0.
    ///   - density: objects of the kind in an arcsec^2, greater than 0.
    public static func lnP(distanceArcsec: Double, variance: Double, density: Double) -> Double {
        // ln P = -ln(1 + 1 / LR), also where 1 / LR is beyond all doubles.
        let lnInverse = log(2 * .pi * variance * density) + distanceArcsec * distanceArcsec / (2 * variance)
        return lnInverse > 0 ? -lnInverse - log1p(exp(-lnInverse)) : -log1p(exp(lnInverse))
    }
}
