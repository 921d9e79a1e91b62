import Foundation

/// What an object's observations in one band say: how many there are, at which phase angles, and the phase curve through them.
struct BandCharacter {
    let count: Int
    /// Nil where no observation has a positive flux, an error and its geometry.
    let fit: PhaseCurveFit?
    /// Range of all known phase angles, degrees, used in the fit or not.
    let phaseAngles: ClosedRange<Double>?

    /// The zero point of AB magnitudes for fluxes in nJy.
    static let zeroPoint = 31.4

    /// - Parameter rows: the observations of one object in one band.
    init(_ rows: [Int], of observations: SolarObservations) {
        count = rows.count
        let known = rows.map { observations.phaseAngle[$0] }.filter(\.isFinite)
        phaseAngles = known.min().map { $0...known.max()! }
        var (angles, magnitudes, errors) = ([Double](), [Double](), [Double]())
        for row in rows where !observations.isFlagged[row] {
            let (flux, error) = (observations.psfFlux[row], observations.psfFluxErr[row])
            let distances = observations.topoRange[row] * observations.helioRange[row]
            guard flux > 0, error > 0, distances > 0, flux.isFinite, error.isFinite, distances.isFinite else { continue }
            angles.append(observations.phaseAngle[row])
            magnitudes.append(Self.zeroPoint - 2.5 * log10(flux) - 5 * log10(distances))
            errors.append(2.5 / log(10) * error / flux)
        }
        fit = PhaseCurveFit(phaseAngles: angles, reducedMagnitudes: magnitudes, errors: errors)
    }
}
