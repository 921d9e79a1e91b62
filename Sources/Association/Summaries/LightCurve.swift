/// Points of one band in the order of time, and the statistics of them that do not need the errors. A statistic that does not exist is NaN.
///
/// Sums are of doubles in the order of the points, and those of squares are taken about the mean.
struct LightCurve {
    /// Days.
    private(set) var time: [Double] = []
    /// nJy, finite.
    private(set) var flux: [Double] = []
    /// The points whose error is finite and greater than 0: the ones that can be weighted.
    private(set) var weighted = WeightedPoints()
    private(set) var errorSum = 0.0
    private(set) var errorCount = 0

    var count: Int { flux.count }

    mutating func removeAll() {
        time.removeAll(keepingCapacity: true)
        flux.removeAll(keepingCapacity: true)
        weighted.removeAll()
        errorSum = 0
        errorCount = 0
    }

    mutating func append(time: Double, flux: Float, error: Float) {
        if error.isFinite {
            errorSum += Double(error)
            errorCount += 1
        }
        guard flux.isFinite else { return }
        self.time.append(time)
        self.flux.append(Double(flux))
        if error.isFinite, error > 0 { weighted.append(time: time, flux: Double(flux), error: Double(error)) }
    }

    /// The mean of the finite errors, whether their fluxes are finite or not.
    var errorMean: Double { errorCount > 0 ? errorSum / Double(errorCount) : .nan }

    /// The standard deviation of a sample, with n - 1; NaN for fewer than two points.
    var sigma: Double {
        guard count >= 2 else { return .nan }
        return (centralMoments.second / Double(count - 1)).squareRoot()
    }

    /// Joanes and Gill's G1 (The Statistician 47, 183, 1998), which is what pandas calls skew: NaN for fewer than three points, 0 where all
    /// are equal.
    var skew: Double {
        guard count >= 3 else { return .nan }
        let n = Double(count)
        let (second, third) = centralMoments
        guard second > 0 else { return 0 }
        return n * (n - 1).squareRoot() / (n - 2) * third / (second * second.squareRoot())
    }

    /// Sums of the squares and of the cubes of the distances from the mean.
    private var centralMoments: (second: Double, third: Double) {
        let mean = flux.reduce(0, +) / Double(count)
        var (second, third) = (0.0, 0.0)
        for value in flux {
            let distance = value - mean
            second += distance * distance
            third += distance * distance * distance
        }
        return (second, third)
    }

    var extremes: (min: Double, max: Double) {
        guard var low = flux.first else { return (.nan, .nan) }
        var high = low
        for value in flux {
            low = Swift.min(low, value)
            high = Swift.max(high, value)
        }
        return (low, high)
    }

    /// The steepest rise from a point to the next, nJy a day; it may be negative. Two points of the same time have no slope and are passed
    /// over, so that n points have at most n - 1 slopes. NaN where there is none.
    var maxSlope: Double {
        var steepest = Double.nan
        for i in 0..<max(0, count - 1) where time[i + 1] > time[i] {
            let slope = (flux[i + 1] - flux[i]) / (time[i + 1] - time[i])
            if !(slope <= steepest) { steepest = slope }
        }
        return steepest
    }
}

/// Values in rising order, for medians and percentiles.
struct SortedValues {
    private var values: [Double]

    init(_ values: [Double]) { self.values = values.sorted() }

    /// The value below which the fraction lies, between the two nearest values on a straight line (Hyndman and Fan's type 7, which is
    /// numpy's "linear"). NaN of no values.
    func percentile(_ fraction: Double) -> Double {
        guard !values.isEmpty else { return .nan }
        let place = fraction * Double(values.count - 1)
        let below = Int(place)
        guard below + 1 < values.count else { return values[values.count - 1] }
        return values[below] + (values[below + 1] - values[below]) * (place - Double(below))
    }

    /// The median of the distances from the median, as it is, without the factor that would make it a normal distribution's sigma.
    var medianAbsoluteDeviation: Double {
        let median = percentile(0.5)
        return SortedValues(values.map { abs($0 - median) }).percentile(0.5)
    }
}
