/// Names that columns had in older schema documents and in pipelines that still write them: RFC-807 and the changes of versions 8 and 9.
public enum RenameMap {
    /// The present name of an old column of a table; nil where the name was never changed.
    public static func newName(of old: String, in table: String) -> String? {
        if let name = byTable[table]?[old] ?? common[old] { return name }
        guard table == "DiaObject", let band = old.first, "ugrizy".contains(band) else { return nil }
        // uPSFluxMean, uFPFluxMean, uTOTFluxMean, uLcPeriodic of 2022.
        let rest = old.dropFirst()
        for (prefix, new) in [("PSFlux", "psfFlux"), ("FPFlux", "fpFlux"), ("TOTFlux", "scienceFlux"), ("LcPeriodic", "lcPeriodic"), ("LcNonPeriodic", "lcNonPeriodic")]
        where rest.hasPrefix(prefix) { return "\(band)_\(new)\(rest.dropFirst(prefix.count))" }
        return nil
    }

    private static let common: [String: String] = [
        "decl": "dec", "declErr": "decErr", "ra_decl_Cov": "ra_dec_Cov", "midPointTai": "midpointMjdTai", "radecTai": "radecMjdTai",
        "filterName": "band", "psFlux": "psfFlux", "psFluxErr": "psfFluxErr", "totFlux": "scienceFlux", "totFluxErr": "scienceFluxErr",
        "pmDecl": "pmDec", "pmDeclErr": "pmDecErr", "pmRa_pmDecl_Cov": "pmRa_pmDec_Cov", "pmDecl_parallax_Cov": "pmDec_parallax_Cov",
        "time_processed": "timeProcessedMjdTai", "time_withdrawn": "timeWithdrawnMjdTai", "validityStart": "validityStartMjdTai",
        "validityEnd": "validityEndMjdTai",
    ]

    private static let byTable: [String: [String: String]] = [
        "DiaSource": [
            "spuriousness": "reliability", "is_negative": "isNegative", "ssObjectReassocTime": "ssObjectReassocTimeMjdTai",
            "psRa": "psfRa", "psRaErr": "psfRaErr", "psDecl": "psfDec", "psDeclErr": "psfDecErr", "psFlux_psRa_Cov": "psfFlux_psfRa_Cov",
            "psFlux_psDecl_Cov": "psfFlux_psfDec_Cov", "psRa_psDecl_Cov": "psfRa_psfDec_Cov", "psLnL": "psfLnL", "psChi2": "psfChi2", "psNdata": "psfNdata",
            "trailDecl": "trailDec", "trailDeclErr": "trailDecErr", "trailFlux_trailDecl_Cov": "trailFlux_trailDec_Cov",
            "trailRa_trailDecl_Cov": "trailRa_trailDec_Cov", "trailDecl_trailLength_Cov": "trailDec_trailLength_Cov",
            "trailDecl_trailAngle_Cov": "trailDec_trailAngle_Cov", "dipMeanFlux": "dipoleMeanFlux", "dipMeanFluxErr": "dipoleMeanFluxErr",
            "dipFluxDiff": "dipoleFluxDiff", "dipFluxDiffErr": "dipoleFluxDiffErr", "dipRa": "dipoleRa", "dipRaErr": "dipoleRaErr",
            "dipDecl": "dipoleDec", "dipDeclErr": "dipoleDecErr", "dipLength": "dipoleLength", "dipLengthErr": "dipoleLengthErr",
            "dipAngle": "dipoleAngle", "dipAngleErr": "dipoleAngleErr", "dipMeanFlux_dipFluxDiff_Cov": "dipoleMeanFlux_dipoleFluxDiff_Cov",
            "dipMeanFlux_dipRa_Cov": "dipoleMeanFlux_dipoleRa_Cov", "dipMeanFlux_dipDecl_Cov": "dipoleMeanFlux_dipoleDec_Cov",
            "dipMeanFlux_dipLength_Cov": "dipoleMeanFlux_dipoleLength_Cov", "dipMeanFlux_dipAngle_Cov": "dipoleMeanFlux_dipoleAngle_Cov",
            "dipFluxDiff_dipRa_Cov": "dipoleFluxDiff_dipoleRa_Cov", "dipFluxDiff_dipDecl_Cov": "dipoleFluxDiff_dipoleDec_Cov",
            "dipFluxDiff_dipLength_Cov": "dipoleFluxDiff_dipoleLength_Cov", "dipFluxDiff_dipAngle_Cov": "dipoleFluxDiff_dipoleAngle_Cov",
            "dipRa_dipDecl_Cov": "dipoleRa_dipoleDec_Cov", "dipRa_dipLength_Cov": "dipoleRa_dipoleLength_Cov",
            "dipRa_dipAngle_Cov": "dipoleRa_dipoleAngle_Cov", "dipDecl_dipLength_Cov": "dipoleDec_dipoleLength_Cov",
            "dipDecl_dipAngle_Cov": "dipoleDec_dipoleAngle_Cov", "dipLength_dipAngle_Cov": "dipoleLength_dipoleAngle_Cov", "dipLnL": "dipoleLnL",
            "dipChi2": "dipoleChi2", "dipNdata": "dipoleNdata",
        ],
        "SSObject": [
            "MOID": "MOIDEarth", "MOIDTrueAnomaly": "MOIDEarthTrueAnomaly", "MOIDEclipticLongitude": "MOIDEarthEclipticLongitude",
            "MOIDDeltaV": "MOIDEarthDeltaV", "numObs": "nObs", "maxExtendedness": "extendednessMax", "minExtendedness": "extendednessMin",
            "medianExtendedness": "extendednessMedian", "u_Ndata": "u_nObsUsed", "g_Ndata": "g_nObsUsed", "r_Ndata": "r_nObsUsed",
            "i_Ndata": "i_nObsUsed", "z_Ndata": "z_nObsUsed", "y_Ndata": "y_nObsUsed",
        ],
        "SSSource": [
            "eclipticLambda": "eclLambda", "eclipticBeta": "eclBeta", "galacticL": "galLon", "galacticB": "galLat", "heliocentricDist": "helioRange",
            "topocentricDist": "topoRange", "predictedVMagnitude": "ephVmag", "residualRa": "ephOffsetRa", "residualDec": "ephOffsetDec",
            "heliocentricX": "helio_x", "heliocentricY": "helio_y", "heliocentricZ": "helio_z", "heliocentricVX": "helio_vx",
            "heliocentricVY": "helio_vy", "heliocentricVZ": "helio_vz", "topocentricX": "topo_x", "topocentricY": "topo_y", "topocentricZ": "topo_z",
            "topocentricVX": "topo_vx", "topocentricVY": "topo_vy", "topocentricVZ": "topo_vz",
        ],
    ]

    /// For every column of the new table the column of the old one that holds its values, by name or by rename.
    public static func sources(from old: TableDefinition, to new: TableDefinition) -> [String: String] {
        var out: [String: String] = [:]
        for column in new.columns where old[column: column.name] != nil { out[column.name] = column.name }
        for column in old.columns where new[column: column.name] == nil {
            // Renames may follow one another: is_negative became isNegative, a timestamp a time in MJD.
            var name = column.name
            while let next = newName(of: name, in: new.name) {
                name = next
                if new[column: name] != nil, out[name] == nil { out[name] = column.name }
            }
        }
        return out
    }
}
