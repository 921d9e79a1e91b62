/// The nodes and change-of-basis tables of Everhart's integrator of order 15 (Everhart 1985, in Dynamics of Comets, 185; step control and
/// prediction after Rein and Spiegel 2015, MNRAS 446, 1424).
///
/// Within a step the acceleration is a0 + b0 h + b1 h^2 + ... + b6 h^7 with h in [0, 1]; the same in Newton's form is
/// a0 + g1 h + g2 h (h - h1) + ... .
enum GaussRadau {
    /// Gauss-Radau spacings; the first is the start of the step.
    static let nodes: [Double] = [
        0, 0.056_262_560_536_922_146_465_652_191, 0.180_240_691_736_892_364_987_579_942_8, 0.352_624_717_113_169_637_373_907_769_6,
        0.547_153_626_330_555_383_001_448_554_8, 0.734_210_177_215_410_531_523_210_605_6, 0.885_320_946_839_095_768_090_359_771_0,
        0.977_520_613_561_287_501_891_174_488_6,
    ]

    /// `fromNewton[7 * j + k]`: what a unit of g(j+1) adds to b(k).
    static let fromNewton: [Double] = {
        var table = [Double](repeating: 0, count: 49)
        table[0] = 1
        for j in 1..<7 {
            // N(j+1) = N(j) (h - node j).
            for k in 0...j {
                let shifted = k > 0 ? table[7 * (j - 1) + k - 1] : 0
                table[7 * j + k] = shifted - nodes[j] * table[7 * (j - 1) + k]
            }
        }
        return table
    }()

    /// `toNewton[7 * k + j]`: what a unit of b(k) adds to g(j+1).
    static let toNewton: [Double] = {
        var table = [Double](repeating: 0, count: 49)
        table[0] = 1
        for k in 1..<7 {
            // h N(j) = N(j+1) + node j N(j).
            for j in 0...k {
                let shifted = j > 0 ? table[7 * (k - 1) + j - 1] : 0
                table[7 * k + j] = shifted + nodes[j + 1] * table[7 * (k - 1) + j]
            }
        }
        return table
    }()

    /// One finished step: position and velocity anywhere inside it.
    struct Step: Sendable {
        let start: Double
        let length: Double
        let position: SIMD3<Double>
        let velocity: SIMD3<Double>
        let acceleration: SIMD3<Double>
        let b: [SIMD3<Double>]

        func state(at mjd: Double) -> (position: SIMD3<Double>, velocity: SIMD3<Double>) {
            let h = (mjd - start) / length
            return b.withUnsafeBufferPointer {
                GaussRadau.state(h, length, position, velocity, acceleration, $0.baseAddress!)
            }
        }
    }

    @inline(__always)
    static func state(
        _ h: Double, _ length: Double, _ position: SIMD3<Double>, _ velocity: SIMD3<Double>, _ acceleration: SIMD3<Double>,
        _ b: UnsafePointer<SIMD3<Double>>
    ) -> (position: SIMD3<Double>, velocity: SIMD3<Double>) {
        let span = h * length
        var forPosition = b[6] * (h / 72)
        forPosition = (forPosition + b[5] / 56) * h
        forPosition = (forPosition + b[4] / 42) * h
        forPosition = (forPosition + b[3] / 30) * h
        forPosition = (forPosition + b[2] / 20) * h
        forPosition = (forPosition + b[1] / 12) * h
        forPosition = (forPosition + b[0] / 6) * h
        var forVelocity = b[6] * (h / 8)
        forVelocity = (forVelocity + b[5] / 7) * h
        forVelocity = (forVelocity + b[4] / 6) * h
        forVelocity = (forVelocity + b[3] / 5) * h
        forVelocity = (forVelocity + b[2] / 4) * h
        forVelocity = (forVelocity + b[1] / 3) * h
        forVelocity = (forVelocity + b[0] / 2) * h
        return (
            position + velocity * span + (acceleration / 2 + forPosition) * (span * span),
            velocity + (acceleration + forVelocity) * span
        )
    }

    /// The coefficients of the step that follows one of the same polynomial, `ratio` times as long (Taylor's shift to h = 1).
    static func predicted(_ b: [SIMD3<Double>], ratio: Double) -> [SIMD3<Double>] {
        let binomials: [[Double]] = [
            [1, 2, 3, 4, 5, 6, 7], [0, 1, 3, 6, 10, 15, 21], [0, 0, 1, 4, 10, 20, 35], [0, 0, 0, 1, 5, 15, 35], [0, 0, 0, 0, 1, 6, 21],
            [0, 0, 0, 0, 0, 1, 7], [0, 0, 0, 0, 0, 0, 1],
        ]
        var next = [SIMD3<Double>](repeating: .zero, count: 7)
        var power = 1.0
        for k in 0..<7 {
            power *= ratio
            for j in k..<7 { next[k] += b[j] * (binomials[k][j] * power) }
        }
        return next
    }
}
