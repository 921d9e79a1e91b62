import Association
import Catalog
import Columns
import Sphere

/// Chooses the detections without object that get an alert all the same.
struct BelowThreshold {
    let rules: BelowThresholdRules
    let dec: String
    private let regions: [Region]

    /// - Throws: `SphereError` for a region that the configuration's check let pass.
    init(_ rules: BelowThresholdRules, dec: String) throws {
        (self.rules, self.dec) = (rules, dec)
        regions = try rules.regions.map(Region.init(parsing:))
    }

    /// What may be chosen: what was seen and kept out by signal, flags, reliability or number. Long trails are not: nobody may follow them.
    static let dispositions: Set<String> = Set([Disposition.marginal, .limited, .unreliable].map(\.rawValue))

    /// Rows to alert on, the most significant first where there are too many; in the order of rows.
    ///
    /// - Parameters:
    ///   - targets: positions of the lists near the visit-detector.
    ///   - average: standard alerts of a visit-detector on the average.
    func rows(of visit: StoredVisit, targets: [TargetLists.Target], average: Double) -> [Int] {
        let sources = visit.diaSources
        guard rules.isOn, let ra = sources["ra"]?.doubles, let declination = sources[dec]?.doubles,
            let disposition = sources["disposition"]?.strings
        else { return [] }
        let isKnown = sources["ssObjectId"]
        let open = ra.indices.filter {
            visit.objectOfSource[$0] == nil && (isKnown?.isNull($0) ?? true) && Self.dispositions.contains(disposition[$0])
        }
        let (openRa, openDec) = (open.map { ra[$0] }, open.map { declination[$0] })
        var meets = [Bool](repeating: false, count: open.count)
        func join(_ other: [Bool]) { for i in meets.indices where other[i] { meets[i] = true } }
        for region in regions { join(region.contains(ra: openRa, dec: openDec)) }
        func near(_ ra: Double, _ dec: Double, _ radiusArcsec: Double) {
            guard let circle = try? Circle(ra: ra, dec: dec, radiusDegrees: radiusArcsec / 3600) else { return }
            join(Region.circle(circle).contains(ra: openRa, dec: openDec))
        }
        for target in targets { near(target.ra, target.dec, rules.listRadiusArcsec) }
        if rules.nearKnownObjects, let solar = visit.solarSystem {
            for (ra, dec) in zip(solar.predictedRa, solar.predictedDec) { near(ra, dec, rules.knownObjectRadiusArcsec) }
        }
        let chosen = meets.indices.filter { meets[$0] }.map { open[$0] }
        let most = Int((rules.maximumFraction * average).rounded(.down))
        guard chosen.count > most else { return chosen }
        let significance = Self.significance(sources)
        let ids = sources["diaSourceId"]?.int64s ?? []
        return chosen.sorted { (-significance[$0], ids[$0]) < (-significance[$1], ids[$1]) }.prefix(most).sorted()
    }

    /// Signal over noise of each row; 0 where unknown.
    private static func significance(_ sources: Table) -> [Double] {
        let snr = sources["snr"]?.numbers
        let (flux, error) = (sources["psfFlux"]?.numbers, sources["psfFluxErr"]?.numbers)
        return (0..<sources.rowCount).map { row in
            if let snr, snr[row].isFinite { return abs(snr[row]) }
            guard let flux, let error, error[row] > 0, flux[row].isFinite else { return 0 }
            return abs(flux[row] / error[row])
        }
    }
}
