/// The statistics of one band of one object, numbered in the order of their columns.
enum BandStatistic: Int, CaseIterable {
    // Those of the present schema.
    case psfFluxMean, psfFluxMeanErr, psfFluxSigma, psfFluxNdata, psfFluxMin, psfFluxMax, psfFluxMaxSlope, psfFluxErrMean
    case scienceFluxMean, scienceFluxMeanErr, scienceFluxSigma
    case fpFluxMean, fpFluxMeanErr, fpFluxSigma
    // Those of older documents.
    case psfFluxChi2, psfFluxMAD, psfFluxSkew
    case psfFluxPercentile05, psfFluxPercentile25, psfFluxPercentile50, psfFluxPercentile75, psfFluxPercentile95
    case psfFluxLinearSlope, psfFluxLinearIntercept, psfFluxStetsonJ

    static let count = BandStatistic.psfFluxStetsonJ.rawValue + 1

    /// Names of bands by their number in a history.
    static let bands = ["u", "g", "r", "i", "z", "y"]

    /// The name of the case after the band and an underscore.
    func columnName(band: Int) -> String { "\(Self.bands[band])_\(self)" }

    var unit: String? {
        switch self {
        case .psfFluxNdata, .psfFluxChi2, .psfFluxSkew, .psfFluxStetsonJ: nil
        case .psfFluxMaxSlope, .psfFluxLinearSlope: "nJy/d"
        default: "nJy"
        }
    }
}
