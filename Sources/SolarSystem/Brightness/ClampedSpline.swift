/// A cubic spline through given points with given slopes at both ends.
///
/// Source: the usual tridiagonal system for the second derivatives (de Boor, A Practical Guide to Splines, chapter IV).
struct ClampedSpline: Sendable {
    private let x: [Double]
    private let y: [Double]
    /// Second derivatives at the points.
    private let curvature: [Double]

    /// The points must ascend in x, and be two or more.
    init(x: [Double], y: [Double], startSlope: Double, endSlope: Double) {
        let n = x.count
        precondition(n >= 2 && y.count == n && zip(x, x.dropFirst()).allSatisfy { $0 < $1 })
        var diagonal = [Double](repeating: 0, count: n)
        var upper = [Double](repeating: 0, count: n)
        var right = [Double](repeating: 0, count: n)
        func slope(_ i: Int) -> Double { (y[i + 1] - y[i]) / (x[i + 1] - x[i]) }
        diagonal[0] = (x[1] - x[0]) / 3
        upper[0] = (x[1] - x[0]) / 6
        right[0] = slope(0) - startSlope
        for i in 1..<n {
            let h = x[i] - x[i - 1]
            let lower = h / 6
            let last = i == n - 1
            diagonal[i] = last ? h / 3 : (x[i + 1] - x[i - 1]) / 3
            upper[i] = last ? 0 : (x[i + 1] - x[i]) / 6
            right[i] = last ? endSlope - slope(i - 1) : slope(i) - slope(i - 1)
            let factor = lower / diagonal[i - 1]
            diagonal[i] -= factor * upper[i - 1]
            right[i] -= factor * right[i - 1]
        }
        for i in stride(from: n - 1, through: 0, by: -1) {
            right[i] = (right[i] - (i == n - 1 ? 0 : upper[i] * right[i + 1])) / diagonal[i]
        }
        self.x = x
        self.y = y
        curvature = right
    }

    /// The spline at a place within the points' range.
    func callAsFunction(_ at: Double) -> Double {
        var i = 0
        while i < x.count - 2, at > x[i + 1] { i += 1 }
        let h = x[i + 1] - x[i]
        let b = (at - x[i]) / h
        let a = 1 - b
        return a * y[i] + b * y[i + 1] + ((a * a * a - a) * curvature[i] + (b * b * b - b) * curvature[i + 1]) * h * h / 6
    }
}
