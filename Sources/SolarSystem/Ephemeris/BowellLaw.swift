import Foundation

/// The H, G magnitude law of Bowell et al. 1989 (Asteroids II, 524), equations A4 to A6 in full.
enum BowellLaw {
    /// Distances in au, phase angle in degrees.
    static func magnitude(h: Double, g: Double, heliocentricRange: Double, range: Double, phaseAngle: Double) -> Double {
        let alpha = phaseAngle * Double.pi / 180
        let brightness = (1 - g) * phi(alpha, a: 3.332, b: 0.631, c: 0.986) + g * phi(alpha, a: 1.862, b: 1.218, c: 0.238)
        return h + 5 * log10(heliocentricRange * range) - 2.5 * log10(brightness)
    }

    private static func phi(_ alpha: Double, a: Double, b: Double, c: Double) -> Double {
        let half = tan(alpha / 2)
        let weight = exp(-90.56 * half * half)
        let sine = sin(alpha)
        let small = 1 - c * sine / (0.119 + 1.341 * sine - 0.754 * sine * sine)
        let large = exp(-a * pow(half, b))
        return weight * small + (1 - weight) * large
    }
}
