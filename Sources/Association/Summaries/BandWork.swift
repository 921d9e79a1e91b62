/// Which fluxes of one band are to be read, and the columns that are made of them.
struct BandWork {
    let number: Int
    let psf: Bool
    let science: Bool
    let forced: Bool

    /// The bands of which any column is asked for.
    static func of(_ columns: SummaryColumns) -> [BandWork] {
        BandStatistic.bands.indices.map { number in
            let wanted = BandStatistic.allCases.filter { columns.wants($0, band: number) }
            let (science, forced) = (wanted.filter(FluxColumns.science.contains), wanted.filter(FluxColumns.forced.contains))
            return BandWork(
                number: number, psf: wanted.count > science.count + forced.count, science: !science.isEmpty, forced: !forced.isEmpty)
        }.filter { $0.psf || $0.science || $0.forced }
    }
}

/// The three columns that fluxes of every kind have.
struct FluxColumns {
    let mean: BandStatistic
    let meanErr: BandStatistic
    let sigma: BandStatistic

    static let psf = FluxColumns(mean: .psfFluxMean, meanErr: .psfFluxMeanErr, sigma: .psfFluxSigma)
    static let science = FluxColumns(mean: .scienceFluxMean, meanErr: .scienceFluxMeanErr, sigma: .scienceFluxSigma)
    static let forced = FluxColumns(mean: .fpFluxMean, meanErr: .fpFluxMeanErr, sigma: .fpFluxSigma)

    func contains(_ statistic: BandStatistic) -> Bool { [mean, meanErr, sigma].contains(statistic) }
}

extension SummaryColumns {
    mutating func set(_ columns: FluxColumns, band: Int, _ curve: LightCurve, object: Int) {
        let mean = curve.weighted.mean
        set(columns.mean, band: band, object: object, mean.value)
        set(columns.meanErr, band: band, object: object, mean.error)
        if wants(columns.sigma, band: band) { set(columns.sigma, band: band, object: object, curve.sigma) }
    }

    /// All that is made of the fluxes of the difference image.
    mutating func setPsf(band: Int, _ curve: LightCurve, object: Int) {
        set(FluxColumns.psf, band: band, curve, object: object)
        set(count: curve.count, band: band, object: object)
        let extremes = curve.extremes
        set(.psfFluxMin, band: band, object: object, extremes.min)
        set(.psfFluxMax, band: band, object: object, extremes.max)
        if wants(.psfFluxMaxSlope, band: band) { set(.psfFluxMaxSlope, band: band, object: object, curve.maxSlope) }
        set(.psfFluxErrMean, band: band, object: object, curve.errorMean)
        if wants(.psfFluxChi2, band: band) {
            set(.psfFluxChi2, band: band, object: object, curve.weighted.chi2(about: curve.weighted.mean.value))
        }
        if wants(.psfFluxSkew, band: band) { set(.psfFluxSkew, band: band, object: object, curve.skew) }
        if wants(.psfFluxStetsonJ, band: band) { set(.psfFluxStetsonJ, band: band, object: object, curve.weighted.stetsonJ) }
        if wants(.psfFluxLinearSlope, band: band) || wants(.psfFluxLinearIntercept, band: band) {
            let line = curve.weighted.line
            set(.psfFluxLinearSlope, band: band, object: object, line.slope)
            set(.psfFluxLinearIntercept, band: band, object: object, line.intercept)
        }
        setOrderStatistics(band: band, curve, object: object)
    }

    private mutating func setOrderStatistics(band: Int, _ curve: LightCurve, object: Int) {
        guard wantsOrder(band: band) else { return }
        let sorted = SortedValues(curve.flux)
        set(.psfFluxPercentile05, band: band, object: object, sorted.percentile(0.05))
        set(.psfFluxPercentile25, band: band, object: object, sorted.percentile(0.25))
        set(.psfFluxPercentile50, band: band, object: object, sorted.percentile(0.5))
        set(.psfFluxPercentile75, band: band, object: object, sorted.percentile(0.75))
        set(.psfFluxPercentile95, band: band, object: object, sorted.percentile(0.95))
        if wants(.psfFluxMAD, band: band) { set(.psfFluxMAD, band: band, object: object, sorted.medianAbsoluteDeviation) }
    }

    private func wantsOrder(band: Int) -> Bool {
        wants(.psfFluxMAD, band: band) || wants(.psfFluxPercentile05, band: band) || wants(.psfFluxPercentile25, band: band)
            || wants(.psfFluxPercentile50, band: band) || wants(.psfFluxPercentile75, band: band)
            || wants(.psfFluxPercentile95, band: band)
    }
}
