import Glibc

/// From brightness to gray: the median is dark, noise is visible, and bright sources do not saturate (an asinh curve, as of Lupton et al.
/// 2004, PASP 116, 133).
///
/// Gray is 0 at `black` and 255 at `white`; between, `asinh((value - black) / softening)` in proportion.
struct StampStretch {
    let black: Float
    let white: Float
    let softening: Float

    /// From the finite pixels: black lies two standard deviations of the noise (1.4826 median absolute deviations) below their median,
    /// the curve bends at two above it, and white is the brightest.
    init(_ pixels: [Float]) {
        let sorted = pixels.filter(\.isFinite).sorted()
        guard let brightest = sorted.last else {
            (black, white, softening) = (0, 1, 1)
            return
        }
        let median = sorted[sorted.count / 2]
        let deviations = sorted.map { abs($0 - median) }.sorted()
        let noise = 1.4826 * deviations[deviations.count / 2]
        let scale = noise > 0 ? noise : max(brightest - sorted[0], Float.leastNormalMagnitude)
        black = max(median - 2 * scale, sorted[0])
        softening = 4 * scale
        white = max(brightest, black + scale)
    }

    /// NaN is black.
    func gray(_ value: Float) -> UInt8 {
        guard value.isFinite, value > black else { return value == .infinity ? 255 : 0 }
        let share = asinh(Double(value - black) / Double(softening)) / asinh(Double(white - black) / Double(softening))
        return UInt8(max(0, min(255, (share * 255).rounded())))
    }
}
