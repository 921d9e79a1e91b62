import Foundation

/// The objects of the synthetic sky: variables that are always there and transients that rise and fade.
struct Sky {
    struct Object {
        var id: Int64
        var ra: Double
        var dec: Double
        /// Probability that a visit which covers it detects it.
        var detectionProbability: Double
        /// Mean difference flux and amplitude, nJy.
        var mean: Double
        var amplitude: Double
        var periodDays: Double
        var phase: Double
        /// First and last day of a transient (MJD TAI); nil for a variable.
        var life: ClosedRange<Double>?

        /// Difference flux in nJy at a time, nil while a transient is not there.
        func flux(mjd: Double) -> Double? {
            guard let life else { return mean + amplitude * sin(2 * .pi * (mjd / periodDays + phase)) }
            guard life.contains(mjd) else { return nil }
            let age = (mjd - life.lowerBound) / (life.upperBound - life.lowerBound)
            return 4 * mean * sin(.pi * age) + 2500
        }
    }

    /// Truth identifiers of transients begin here; variables count from 0.
    static let transientBase: Int64 = 1_000_000_000

    let objects: [Object]

    /// - Parameters: half width and height of the footprint in the plane (degrees), numbers of variables and transients wanted (means).
    init(
        seed: UInt64, plane: TangentPlane, halfWidth: Double, halfHeight: Double, variables: Double, transients: Double, days: Range<Double>
    ) {
        var random = RandomStream(seed, 0)
        let variableCount = random.poisson(variables)
        let transientCount = random.poisson(transients)
        var made: [Object] = []
        made.reserveCapacity(variableCount + transientCount)
        for i in 0..<(variableCount + transientCount) {
            let isTransient = i >= variableCount
            let (ra, dec) = plane.sky(random.uniform(-halfWidth..<halfWidth), random.uniform(-halfHeight..<halfHeight))
            let steady = random.uniform() < 0.7
            let mean = exp(8 + 0.8 * random.normal())
            let amplitude = mean * random.uniform(0.1..<0.9)
            let period = pow(10, random.uniform(-0.5..<2.3))
            let phase = random.uniform()
            let born = random.uniform((days.lowerBound - 100)..<days.upperBound)
            let length = random.uniform(20..<100)
            made.append(
                Object(
                    id: isTransient ? Self.transientBase + Int64(i - variableCount) : Int64(i), ra: ra, dec: dec,
                    detectionProbability: isTransient ? 0.8 : (steady ? 0.9 : 0.3), mean: mean, amplitude: amplitude, periodDays: period,
                    phase: phase, life: isTransient ? born...(born + length) : nil))
        }
        objects = made
    }
}
