import Foundation

/// How much fainter than at zero phase a minor planet is: the magnitude systems H,G and H,G1,G2 and H,G12 of the IAU.
///
/// Each function gives `V - H` in magnitudes for unit distances from the Sun and the observer; phase angles are degrees.
/// The basis functions of H,G1,G2 are those of Muinonen et al. (2010, Icarus 209, 542) with the nodes and end slopes of its tables, which
/// Penttilä et al. (2016, Planet. Space Sci. 123, 117) repeat and tabulate; they are defined from 0 to 150 degrees. The slope of the third
/// at zero is -0.10630097 per radian: some public code has ten times that, which is 0.4 mmag off the published table at 0.1 degrees.
public enum PhaseFunction {
    /// The largest phase angle at which the basis functions are defined, degrees.
    public static let largestPhaseAngle = 150.0

    /// The two-parameter law of Bowell et al. (1989, Asteroids II, 524), in its full form (equation A4).
    ///
    /// Nil where the law gives no light, as for unusual G at large phase.
    public static func hg(phaseAngle: Double, g: Double) -> Double? {
        let alpha = phaseAngle * .pi / 180
        let sine = sin(alpha)
        let tangent = tan(alpha / 2)
        let weight = exp(-90.56 * tangent * tangent)
        let denominator = 0.119 + 1.341 * sine - 0.754 * sine * sine
        func phi(_ a: Double, _ b: Double, _ c: Double) -> Double {
            weight * (1 - c * sine / denominator) + (1 - weight) * exp(-a * pow(tangent, b))
        }
        return magnitudes((1 - g) * phi(3.332, 0.631, 0.986) + g * phi(1.862, 1.218, 0.238))
    }

    /// The three-parameter law. Nil outside 0 to 150 degrees and where the law gives no light.
    public static func hg1g2(phaseAngle: Double, g1: Double, g2: Double) -> Double? {
        guard 0...largestPhaseAngle ~= phaseAngle else { return nil }
        let phi = basis(phaseAngle: phaseAngle)
        return magnitudes(g1 * phi.first + g2 * phi.second + (1 - g1 - g2) * phi.third)
    }

    /// The two-parameter law H,G12. Nil outside 0 to 150 degrees and where the law gives no light.
    public static func hg12(phaseAngle: Double, g12: Double) -> Double? {
        let (g1, g2) = slopes(g12: g12)
        return hg1g2(phaseAngle: phaseAngle, g1: g1, g2: g2)
    }

    /// G1 and G2 of a G12: the two straight pieces that meet at 0.2 (Muinonen et al. 2010, equation 28).
    public static func slopes(g12: Double) -> (g1: Double, g2: Double) {
        let piece = Piece.holding(g12: g12)
        return (piece.slope1 * g12 + piece.start1, piece.slope2 * g12 + piece.start2)
    }

    /// The three basis functions at a phase angle of 0 to 150 degrees.
    public static func basis(phaseAngle: Double) -> (first: Double, second: Double, third: Double) {
        precondition(0...largestPhaseAngle ~= phaseAngle)
        let alpha = phaseAngle * .pi / 180
        let linear = phaseAngle < 7.5
        return (
            linear ? 1 - 6 * alpha / .pi : firstSpline(alpha),
            linear ? 1 - 9 * alpha / (5 * .pi) : secondSpline(alpha),
            phaseAngle < 30 ? thirdSpline(alpha) : 0
        )
    }

    /// Between these G12 both G1 and G2 are positive.
    static let g12Range: ClosedRange<Double> = (-0.06164 / 0.7527)...(0.5572 / 0.6125)
    static let g12Joint = 0.2

    /// One of the two straight pieces of the relation of G1 and G2 to G12.
    struct Piece {
        var slope1: Double
        var start1: Double
        var slope2: Double
        var start2: Double

        static let lower = Piece(slope1: 0.7527, start1: 0.06164, slope2: -0.9612, start2: 0.6270)
        static let upper = Piece(slope1: 0.9529, start1: 0.02162, slope2: -0.6125, start2: 0.5572)

        static func holding(g12: Double) -> Piece { g12 < g12Joint ? lower : upper }
    }

    private static func magnitudes(_ brightness: Double) -> Double? { brightness > 0 ? -2.5 * log10(brightness) : nil }

    private static func radians(_ degrees: [Double]) -> [Double] { degrees.map { $0 * .pi / 180 } }

    private static let firstSpline = ClampedSpline(
        x: radians([7.5, 30, 60, 90, 120, 150]),
        y: [0.75, 0.33486016, 0.13410560, 0.051104756, 0.021465687, 0.0036396989],
        startSlope: -6 / .pi, endSlope: -0.091328612)

    private static let secondSpline = ClampedSpline(
        x: radians([7.5, 30, 60, 90, 120, 150]),
        y: [0.925, 0.62884169, 0.31755495, 0.12716367, 0.022373903, 0.00016505689],
        startSlope: -9 / (5 * .pi), endSlope: -8.6573138e-8)

    private static let thirdSpline = ClampedSpline(
        x: radians([0, 0.3, 1, 2, 4, 8, 12, 20, 30]),
        y: [1, 0.83381185, 0.57735424, 0.42144772, 0.23174230, 0.10348178, 0.061733473, 0.016107006, 0],
        startSlope: -0.10630097, endSlope: 0)
}
