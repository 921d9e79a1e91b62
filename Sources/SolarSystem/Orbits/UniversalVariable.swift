import Foundation

/// Two-body motion from perihelion for any eccentricity: Goodyear's and Stumpff's universal variable `s` (dt = r ds).
///
/// With alpha = mu (1 - e) / q and G_k(s) = s^k c_k(alpha s^2), time since perihelion is q s + mu e G_3 and distance q + mu e G_2.
/// Source: Danby, Fundamentals of Celestial Mechanics (1992), sections 6.9 and 6.10.
struct UniversalVariable {
    let q: Double
    let e: Double
    let mu: Double
    let alpha: Double

    init(q: Double, e: Double, mu: Double) {
        self.q = q
        self.e = e
        self.mu = mu
        alpha = mu * (1 - e) / q
    }

    /// Stumpff's c1, c2, c3.
    static func stumpff(_ x: Double) -> (Double, Double, Double) {
        if abs(x) < 0.1 {
            // c2 = sum (-x)^k / (2k+2)!, c3 = sum (-x)^k / (2k+3)!, to 1e-17 at |x| = 0.1.
            var (c2, c3) = (0.0, 0.0)
            var (term2, term3) = (0.5, 1.0 / 6)
            for k in 1...9 {
                c2 += term2
                c3 += term3
                let n = Double(2 * k)
                term2 *= -x / ((n + 1) * (n + 2))
                term3 *= -x / ((n + 2) * (n + 3))
            }
            return (1 - x * c3, c2, c3)
        }
        if x > 0 {
            let root = x.squareRoot()
            let half = sin(root / 2)
            return (sin(root) / root, 2 * half * half / x, (root - sin(root)) / (x * root))
        }
        let root = (-x).squareRoot()
        let half = sinh(root / 2)
        return (sinh(root) / root, 2 * half * half / -x, (sinh(root) - root) / (-x * root))
    }

    func functions(_ s: Double) -> (g1: Double, g2: Double, g3: Double) {
        let (c1, c2, c3) = Self.stumpff(alpha * s * s)
        return (s * c1, s * s * c2, s * s * s * c3)
    }

    /// Time since perihelion, days.
    func time(_ s: Double) -> Double {
        q * s + mu * e * functions(s).g3
    }

    /// The variable at a true anomaly in radians; on a hyperbola the anomaly must be inside the asymptotes.
    func variable(trueAnomaly: Double) -> Double {
        let w = (q / (mu * (1 + e))).squareRoot() * tan(trueAnomaly / 2)
        if abs(alpha * w * w) < 1e-3 {
            // atan(z) / z with z^2 = alpha w^2, by its series, the same for both signs of alpha.
            let x = alpha * w * w
            return 2 * w * (1 - x * (1 / 3 - x * (1 / 5 - x * (1 / 7 - x * (1 / 9 - x / 11)))))
        }
        let root = abs(alpha).squareRoot()
        return alpha > 0 ? 2 * atan(root * w) / root : 2 * atanh(min(root * w, 1 - 1e-16)) / root
    }

    /// Solves Kepler's equation: the variable at a time since perihelion, by Newton's steps held inside a bracket.
    func variable(time whole: Double) -> Double {
        var time = whole
        if alpha > 0 {
            let period = 2 * Double.pi * mu / (alpha * alpha.squareRoot())
            if period.isFinite { time = whole.remainder(dividingBy: period) }
        }
        if time == 0 { return 0 }
        let sign: Double = time < 0 ? -1 : 1
        let t = abs(time)
        // Upper bounds: s <= t / q because r >= q; on an ellipse half a turn.
        var high = t / q
        if alpha > 0 { high = min(high, Double.pi / alpha.squareRoot() * (1 + 1e-12)) }
        if alpha <= 0, e > 0 {
            high = min(high, cbrt(6 * t / (mu * e)))
            if alpha < 0 {
                // e sinh F - F >= (e - 1) sinh F bounds F from above.
                let root = (-alpha).squareRoot()
                high = min(high, asinh(t * root * -alpha / (mu * (e - 1))) / root)
            }
            high *= 1 + 1e-12
        }
        var low = 0.0
        var s = min(high, cbrt(6 * t / (mu * max(e, 1e-3))))
        for _ in 0..<100 {
            let (_, g2, g3) = functions(s)
            let excess = q * s + mu * e * g3 - t
            if excess > 0 { high = min(high, s) } else { low = max(low, s) }
            var next = s - excess / (q + mu * e * g2)
            if !(next >= low && next <= high) { next = (low + high) / 2 }
            if abs(next - s) <= 2e-16 * abs(next) {
                s = next
                break
            }
            s = next
        }
        return sign * s
    }
}
