/// Which column of an older document is the same quantity as which of a newer one.
///
/// The built-in rules come from comparing every pair of neighbouring APDB documents from 2022-04-19 to v10.0.0 (RFC-807 in the first
/// step). What is not here was judged to be another quantity and counts as dropped: `MOID1`/`MOID2` (two local minima, not the distance
/// to Earth), `uH`/`uG1`/`uG2` (another phase function than H, G12), `predictedMagnitude` (no band named), `residualRa` (without the
/// cos(dec) of `ephOffsetRa`), `discoverySubmissionDate`, `prv_procOrder`, table MPCORB (mpc_orbits has other keys).
public struct RenameMap: Sendable, Equatable {
    /// One rename. `table` nil holds for every table.
    public struct Rule: Sendable, Equatable {
        public var table: String?
        public var from: String
        public var to: String
        /// The factor from old to new values where the documents' own units do not give it; nil: take the units'.
        public var factor: Double?

        public init(_ from: String, _ to: String, table: String? = nil, factor: Double? = nil) {
            self.table = table
            self.from = from
            self.to = to
            self.factor = factor
        }
    }

    /// A column that holds the quantity of a target under another name.
    public struct Ancestor: Sendable, Equatable {
        public var name: String
        /// The product of the rules' factors; nil where no rule names one.
        public var factor: Double?
    }

    public var rules: [Rule]

    public init(rules: [Rule]) { self.rules = rules }

    /// All older names of a column, the nearest first; renames of renames are followed.
    public func ancestors(of column: String, table: String) -> [Ancestor] {
        var found: [Ancestor] = []
        var open = [Ancestor(name: column, factor: nil)]
        var next = 0
        while next < open.count {
            let current = open[next]
            next += 1
            for rule in rules where rule.to == current.name && (rule.table == nil || rule.table == table) {
                guard rule.from != column, !found.contains(where: { $0.name == rule.from }) else { continue }
                let factor = rule.factor.map { $0 * (current.factor ?? 1) } ?? current.factor
                found.append(Ancestor(name: rule.from, factor: factor))
                open.append(found.last!)
            }
        }
        return found
    }

    /// Columns whose stated unit was a mistake of older documents (v9.1.1 corrected it): their values are never rescaled by units.
    public static let misstatedUnits: Set<String> = [
        "trailLengthErr", "trailAngleErr", "ixx", "iyy", "ixy", "ixxErr", "iyyErr", "ixyErr", "ixx_iyy_Cov", "ixx_ixy_Cov", "iyy_ixy_Cov",
        "ixxPSF", "iyyPSF", "ixyPSF",
    ]

    public static let builtIn = RenameMap(rules: positions + diaObject + diaSource + dipole + times + solarSystem)

    private static let bands = ["u", "g", "r", "i", "z", "y"]

    private static let positions: [Rule] = [
        Rule("decl", "dec"), Rule("declErr", "decErr"), Rule("ra_decl_Cov", "ra_dec_Cov"), Rule("radecTai", "radecMjdTai"),
        Rule("pmDecl", "pmDec"), Rule("pmDeclErr", "pmDecErr"), Rule("pmRa_pmDecl_Cov", "pmRa_pmDec_Cov"),
        Rule("pmDecl_parallax_Cov", "pmDec_parallax_Cov"), Rule("filterName", "band"), Rule("midPointTai", "midpointMjdTai"),
    ]

    private static let diaObject: [Rule] = bands.flatMap { band -> [Rule] in
        let psf = [
            "Mean", "MeanErr", "Sigma", "Chi2", "Ndata", "MAD", "Skew", "Percentile05", "Percentile25", "Percentile50", "Percentile75",
            "Percentile95", "Min", "Max", "StetsonJ", "LinearSlope", "LinearIntercept", "MaxSlope", "ErrMean",
        ].map { Rule("\(band)PSFlux\($0)", "\(band)_psfFlux\($0)", table: "DiaObject") }
        let others = ["Mean", "MeanErr", "Sigma"].flatMap {
            [
                Rule("\(band)FPFlux\($0)", "\(band)_fpFlux\($0)", table: "DiaObject"),
                Rule("\(band)TOTFlux\($0)", "\(band)_scienceFlux\($0)", table: "DiaObject"),
            ]
        }
        let features = ["Periodic", "NonPeriodic"].map { Rule("\(band)Lc\($0)", "\(band)_lc\($0)", table: "DiaObject") }
        return psf + others + features
    }

    private static let diaSource: [Rule] = [
        Rule("psFlux", "psfFlux"), Rule("psFluxErr", "psfFluxErr"), Rule("psRa", "psfRa"), Rule("psRaErr", "psfRaErr"),
        Rule("psDecl", "psfDec"), Rule("psDeclErr", "psfDecErr"), Rule("psFlux_psRa_Cov", "psfFlux_psfRa_Cov"),
        Rule("psFlux_psDecl_Cov", "psfFlux_psfDec_Cov"), Rule("psRa_psDecl_Cov", "psfRa_psfDec_Cov"), Rule("psLnL", "psfLnL"),
        Rule("psChi2", "psfChi2"), Rule("psNdata", "psfNdata"), Rule("trailDecl", "trailDec"), Rule("trailDeclErr", "trailDecErr"),
        Rule("trailFlux_trailDecl_Cov", "trailFlux_trailDec_Cov"), Rule("trailRa_trailDecl_Cov", "trailRa_trailDec_Cov"),
        Rule("trailDecl_trailLength_Cov", "trailDec_trailLength_Cov"), Rule("trailDecl_trailAngle_Cov", "trailDec_trailAngle_Cov"),
        Rule("totFlux", "scienceFlux"), Rule("totFluxErr", "scienceFluxErr"), Rule("diffFlux", "snapDiffFlux"),
        Rule("diffFluxErr", "snapDiffFluxErr"), Rule("spuriousness", "reliability"), Rule("is_negative", "isNegative"),
    ]

    private static let dipole: [Rule] = {
        let parts = ["MeanFlux", "FluxDiff", "Ra", "Decl", "Length", "Angle"]
        func new(_ part: String) -> String { "dipole" + (part == "Decl" ? "Dec" : part) }
        var rules = ["LnL", "Chi2", "Ndata"].map { Rule("dip\($0)", "dipole\($0)") }
        for (i, part) in parts.enumerated() {
            rules.append(Rule("dip\(part)", new(part)))
            rules.append(Rule("dip\(part)Err", new(part) + "Err"))
            for other in parts[(i + 1)...] { rules.append(Rule("dip\(part)_dip\(other)_Cov", "\(new(part))_\(new(other))_Cov")) }
        }
        return rules
    }()

    /// Timestamps that became MJD TAI.
    private static let times: [Rule] = [
        Rule("validityStart", "validityStartMjdTai"), Rule("validityEnd", "validityEndMjdTai"),
        Rule("lastNonForcedSource", "lastDiaSourceMjdTai"), Rule("ssObjectReassocTime", "ssObjectReassocTimeMjdTai"),
        Rule("time_processed", "timeProcessedMjdTai"), Rule("time_withdrawn", "timeWithdrawnMjdTai"),
    ]

    private static let solarSystem: [Rule] = {
        var rules = [
            ("numObs", "nObs"), ("firstObservationDate", "firstObservationMjdTai"), ("MOID", "MOIDEarth"),
            ("MOIDTrueAnomaly", "MOIDEarthTrueAnomaly"), ("MOIDEclipticLongitude", "MOIDEarthEclipticLongitude"),
            ("MOIDDeltaV", "MOIDEarthDeltaV"), ("maxExtendedness", "extendednessMax"), ("minExtendedness", "extendednessMin"),
            ("medianExtendedness", "extendednessMedian"),
        ].map { Rule($0.0, $0.1, table: "SSObject") }
        rules += bands.map { Rule("\($0)_Ndata", "\($0)_nObsUsed", table: "SSObject") }
        rules += [
            ("eclipticLambda", "eclLambda"), ("eclipticBeta", "eclBeta"), ("galacticL", "galLon"), ("galacticB", "galLat"),
            ("heliocentricDist", "helioRange"), ("topocentricDist", "topoRange"), ("predictedVMagnitude", "ephVmag"),
            ("residualDec", "ephOffsetDec"),
        ].map { Rule($0.0, $0.1, table: "SSSource") }
        for (old, new) in [("heliocentric", "helio"), ("topocentric", "topo")] {
            for axis in ["X", "Y", "Z"] {
                rules.append(Rule("\(old)\(axis)", "\(new)_\(axis.lowercased())", table: "SSSource"))
                // Documents before v8.0.0 give the unit of AU/d as AU.
                let factor = 149_597_870.7 / 86_400
                rules.append(Rule("\(old)V\(axis)", "\(new)_v\(axis.lowercased())", table: "SSSource", factor: factor))
            }
        }
        return rules
    }()
}
