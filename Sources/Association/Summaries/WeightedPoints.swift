/// Points with errors greater than 0, each of the weight 1 / error^2. A statistic that does not exist is NaN.
struct WeightedPoints {
    private var time: [Double] = []
    private var flux: [Double] = []
    private var error: [Double] = []

    var count: Int { flux.count }

    mutating func removeAll() {
        time.removeAll(keepingCapacity: true)
        flux.removeAll(keepingCapacity: true)
        error.removeAll(keepingCapacity: true)
    }

    mutating func append(time: Double, flux: Double, error: Double) {
        self.time.append(time)
        self.flux.append(flux)
        self.error.append(error)
    }

    /// The mean and its error.
    var mean: (value: Double, error: Double) {
        guard count > 0 else { return (.nan, .nan) }
        var (sum, weights) = (0.0, 0.0)
        for i in 0..<count {
            let weight = 1 / (error[i] * error[i])
            sum += weight * flux[i]
            weights += weight
        }
        return (sum / weights, 1 / weights.squareRoot())
    }

    /// Chi squared of a constant flux.
    func chi2(about mean: Double) -> Double {
        guard count > 0 else { return .nan }
        var sum = 0.0
        for i in 0..<count {
            let distance = (flux[i] - mean) / error[i]
            sum += distance * distance
        }
        return sum
    }

    /// The straight line through the points by weighted least squares: nJy a day, and nJy at MJD 0. NaN where there are not two times.
    ///
    /// Times are taken from their weighted mean: MJD itself would leave the equations without digits.
    var line: (slope: Double, intercept: Double) {
        guard count >= 2, time[0] < time[count - 1] else { return (.nan, .nan) }
        var (weights, timeSum) = (0.0, 0.0)
        for i in 0..<count {
            let weight = 1 / (error[i] * error[i])
            weights += weight
            timeSum += weight * (time[i] - time[0])
        }
        let fluxMean = mean.value
        let timeMean = timeSum / weights
        var (covariance, variance) = (0.0, 0.0)
        for i in 0..<count {
            let weight = 1 / (error[i] * error[i])
            let fromMean = (time[i] - time[0]) - timeMean
            covariance += weight * fromMean * (flux[i] - fluxMean)
            variance += weight * fromMean * fromMean
        }
        let slope = covariance / variance
        return (slope, fluxMean - slope * (time[0] + timeMean))
    }

    /// Stetson's J of single points (PASP 108, 851, 1996): the mean of sgn(p) sqrt|p| with p = d^2 - 1, where d is the distance from the
    /// robust mean in errors, times sqrt(n / (n - 1)). NaN for fewer than two points.
    var stetsonJ: Double {
        guard count >= 2 else { return .nan }
        let factor = (Double(count) / Double(count - 1)).squareRoot()
        let mean = stetsonMean(factor)
        var sum = 0.0
        for i in 0..<count {
            let distance = factor * (flux[i] - mean) / error[i]
            let product = distance * distance - 1
            sum += product < 0 ? -(-product).squareRoot() : product.squareRoot()
        }
        return sum / Double(count)
    }

    /// The mean with distant points of less weight, w / (1 + (chi / 2)^2), from the weighted mean on by at most 20 steps, until a step is
    /// less than a millionth of the mean and of a nJy.
    private func stetsonMean(_ factor: Double) -> Double {
        var mean = mean.value
        for _ in 0..<20 {
            var (sum, weights) = (0.0, 0.0)
            for i in 0..<count {
                let half = factor * (flux[i] - mean) / error[i] / 2
                let weight = 1 / (error[i] * error[i] * (1 + half * half))
                sum += weight * flux[i]
                weights += weight
            }
            let step = abs(sum / weights - mean)
            mean = sum / weights
            if step < 1e-6 * abs(mean), step < 1e-6 { break }
        }
        return mean
    }
}
