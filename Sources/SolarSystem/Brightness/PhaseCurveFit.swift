import Foundation

/// H and G12 of one object in one band, fitted to its magnitudes.
///
/// ```swift
/// let fit = PhaseCurveFit(phaseAngles: alpha, reducedMagnitudes: m, errors: sigma)
/// ```
/// Weighted least squares with G1 and G2 both kept positive (G12 from -0.0819 to 0.9097). The covariance is the inverse of the normal
/// matrix at the minimum, not scaled by chi-squared. Where the slope cannot be fitted (fewer than three points, one phase angle only, or a
/// minimum at the end of the range) G12 is held at `fiducialG12`, H alone is fitted and `slopeFitFailed` is set.
public struct PhaseCurveFit: Sendable, Equatable {
    /// Absolute magnitude, and its standard error.
    public var h: Double
    public var hErr: Double
    /// Slope; its error and the covariance with H are nil where it was held.
    public var g12: Double
    public var g12Err: Double?
    public var covariance: Double?
    /// Sum of squared residuals over errors.
    public var chi2: Double
    /// Points that were finite, with a positive error and a phase angle of 0 to 150 degrees.
    public var usedCount: Int
    /// Range of phase angles of the used points, degrees.
    public var phaseAngleMin: Double
    public var phaseAngleMax: Double
    public var slopeFitFailed: Bool

    /// What G12 is held at: the middle of the range that Muinonen et al. (2010) recommend for objects of unknown class.
    public static let fiducialG12 = 0.5
    /// Two parameters need three points for a chi-squared that says anything.
    public static let smallestCount = 3

    /// Fits magnitudes that are already reduced to unit distances (`m - 5 log10(r delta)`).
    ///
    /// All three arrays have one value a point; phase angles are degrees, errors magnitudes. Nil where no point can be used.
    public init?(phaseAngles: [Double], reducedMagnitudes: [Double], errors: [Double]) {
        precondition(phaseAngles.count == reducedMagnitudes.count && errors.count == phaseAngles.count)
        var points: [Point] = []
        var range = (Double.infinity, -Double.infinity)
        for i in phaseAngles.indices {
            let (alpha, m, error) = (phaseAngles[i], reducedMagnitudes[i], errors[i])
            guard 0...PhaseFunction.largestPhaseAngle ~= alpha, m.isFinite, error > 0, error.isFinite else { continue }
            let phi = PhaseFunction.basis(phaseAngle: alpha)
            points.append(
                Point(m: m, weight: 1 / (error * error), phi1: phi.first - phi.third, phi2: phi.second - phi.third, phi3: phi.third))
            range = (min(range.0, alpha), max(range.1, alpha))
        }
        guard !points.isEmpty else { return nil }
        let fitted = points.count >= Self.smallestCount ? Self.minimum(points) : nil
        let at = fitted ?? State(points, Self.fiducialG12)
        g12 = at.g12
        h = at.h
        chi2 = at.chi2
        usedCount = points.count
        (phaseAngleMin, phaseAngleMax) = range
        slopeFitFailed = fitted == nil
        if fitted != nil {
            // The inverse of [[W, S], [S, Q]], with the curvature left when H follows G12 as the determinant over W.
            let variance = 1 / at.curvature
            g12Err = variance.squareRoot()
            covariance = -at.meanSlope * variance
            hErr = (1 / at.weight + at.meanSlope * at.meanSlope * variance).squareRoot()
        } else {
            hErr = (1 / at.weight).squareRoot()
        }
    }

    private struct Point {
        var m: Double
        var weight: Double
        var phi1: Double
        var phi2: Double
        var phi3: Double
    }

    /// The fit at one G12, with the H that is best for it.
    private struct State {
        var g12: Double
        var h = 0.0
        var chi2 = 0.0
        var weight = 0.0
        /// Weighted mean of the derivative of the magnitude by G12.
        var meanSlope = 0.0
        /// Half the second derivative of chi-squared by G12, H following, to first order in the residuals.
        var curvature = 0.0
        /// The Gauss-Newton step.
        var step = 0.0

        init(_ points: [Point], _ g12: Double, in given: PhaseFunction.Piece? = nil) {
            self.g12 = g12
            let piece = given ?? .holding(g12: g12)
            let g1 = piece.slope1 * g12 + piece.start1
            let g2 = piece.slope2 * g12 + piece.start2
            var sums = (m: 0.0, mm: 0.0, d: 0.0, dd: 0.0, md: 0.0)
            let reference = points[0].m
            for point in points {
                let light = max(g1 * point.phi1 + g2 * point.phi2 + point.phi3, 1e-12)
                let rest = point.m - reference + 2.5 * log10(light)
                let slope = -1.0857362047581296 * (piece.slope1 * point.phi1 + piece.slope2 * point.phi2) / light
                weight += point.weight
                sums.m += point.weight * rest
                sums.mm += point.weight * rest * rest
                sums.d += point.weight * slope
                sums.dd += point.weight * slope * slope
                sums.md += point.weight * rest * slope
            }
            let mean = sums.m / weight
            h = reference + mean
            meanSlope = sums.d / weight
            chi2 = max(0, sums.mm - mean * sums.m)
            let spread = sums.dd - meanSlope * sums.d
            // Rounding leaves about 1e-16 of it where all points have one phase angle.
            curvature = spread > 1e-12 * sums.dd ? spread : 0
            step = curvature > 0 ? (sums.md - mean * sums.d) / curvature : 0
        }
    }

    /// The best G12 of both pieces; nil where it lies at an end of the range or nothing depends on it.
    private static func minimum(_ points: [Point]) -> State? {
        let range = PhaseFunction.g12Range
        let lower = descend(points, from: range.lowerBound, to: PhaseFunction.g12Joint, in: .lower)
        let upper = descend(points, from: PhaseFunction.g12Joint, to: range.upperBound, in: .upper)
        let best = lower.chi2 < upper.chi2 ? lower : upper
        guard best.curvature > 0, best.g12 > range.lowerBound, best.g12 < range.upperBound else { return nil }
        return best
    }

    /// Gauss-Newton within one piece, from the best of a few places in it, each step halved until it helps.
    private static func descend(_ points: [Point], from low: Double, to high: Double, in piece: PhaseFunction.Piece) -> State {
        let starts = 6
        var state = (0...starts).map { State(points, low + (high - low) * Double($0) / Double(starts), in: piece) }
            .min { $0.chi2 < $1.chi2 }!
        for _ in 0..<60 {
            var step = state.step
            var next = state
            for _ in 0..<40 {
                next = State(points, min(high, max(low, state.g12 + step)), in: piece)
                if next.chi2 <= state.chi2 { break }
                step /= 2
            }
            guard next.chi2 <= state.chi2 else { break }
            let moved = abs(next.g12 - state.g12)
            state = next
            if moved < 1e-13 { break }
        }
        return state
    }
}
