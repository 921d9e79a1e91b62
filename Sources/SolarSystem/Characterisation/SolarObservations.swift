/// Observations of objects of the solar system as parallel columns, in any order: what rows of SSObject are made of.
///
/// Fluxes, their errors, ranges, phase angles and extendedness may be NaN where they are not known.
public struct SolarObservations: Sendable {
    public var ssObjectId: [Int64]
    /// MJD TAI.
    public var midpointMjdTai: [Double]
    /// "u", "g", "r", "i", "z" or "y"; others count for the object and for no band.
    public var band: [String]
    /// nJy.
    public var psfFlux: [Double]
    public var psfFluxErr: [Double]
    /// Whether the flux is not to be used in phase curves (a flag of the photometry is set).
    public var isFlagged: [Bool]
    /// Distances from the observer and from the Sun, au.
    public var topoRange: [Double]
    public var helioRange: [Double]
    /// Degrees.
    public var phaseAngle: [Double]
    public var extendedness: [Double]

    public init(
        ssObjectId: [Int64], midpointMjdTai: [Double], band: [String], psfFlux: [Double], psfFluxErr: [Double], isFlagged: [Bool],
        topoRange: [Double], helioRange: [Double], phaseAngle: [Double], extendedness: [Double]
    ) {
        let count = ssObjectId.count
        precondition(
            [midpointMjdTai, psfFlux, psfFluxErr, topoRange, helioRange, phaseAngle, extendedness].allSatisfy { $0.count == count }
                && band.count == count && isFlagged.count == count, "columns of observations differ in length")
        self.ssObjectId = ssObjectId
        self.midpointMjdTai = midpointMjdTai
        self.band = band
        self.psfFlux = psfFlux
        self.psfFluxErr = psfFluxErr
        self.isFlagged = isFlagged
        self.topoRange = topoRange
        self.helioRange = helioRange
        self.phaseAngle = phaseAngle
        self.extendedness = extendedness
    }

    public var count: Int { ssObjectId.count }
}
