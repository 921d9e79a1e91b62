import Sphere

/// What no configuration may say.
extension Configuration {
    /// - Parameter place: where a setting stands ("line 3: "), by its full name; nothing where that is not known.
    /// - Throws: `CatalogError.badRequest` naming the setting, its value and what it may be.
    func check(at place: (String) -> String = { _ in "" }) throws {
        func require(_ holds: Bool, _ name: String, _ value: Any, _ rule: String) throws {
            if !holds { throw CatalogError.badRequest("\(place(name))the setting \(name) is \(value): it must be \(rule)") }
        }
        let match = association.match
        try require(
            match.radiusArcsec > 0 && match.radiusArcsec <= 60, "association.match.radiusArcsec", match.radiusArcsec,
            "more than 0 and at most 60")
        try require(
            match.errorFloorArcsec > 0 && match.errorFloorArcsec <= 60, "association.match.errorFloorArcsec", match.errorFloorArcsec,
            "more than 0 and at most 60")
        try require(
            match.errorFallbackArcsec > 0 && match.errorFallbackArcsec <= 60, "association.match.errorFallbackArcsec",
            match.errorFallbackArcsec, "more than 0 and at most 60")
        try require(
            match.tailFraction >= 0 && match.tailFraction < 1, "association.match.tailFraction", match.tailFraction, "from 0 to less than 1"
        )
        try require(
            match.newSourceDensity > 0 && match.newSourceDensity.isFinite, "association.match.newSourceDensity", match.newSourceDensity,
            "more than 0")
        try require(
            (0...1).contains(association.minimumReliability), "association.minimumReliability", association.minimumReliability,
            "from 0 to 1")
        try require(
            association.maximumTrailArcsecPerSecond > 0, "association.maximumTrailArcsecPerSecond", association.maximumTrailArcsecPerSecond,
            "more than 0")
        try require(
            association.minimumTrailArcsec >= 0, "association.minimumTrailArcsec", association.minimumTrailArcsec, "0 or more")
        try require(
            association.defaultExposureSeconds > 0, "association.defaultExposureSeconds", association.defaultExposureSeconds, "more than 0")
        try require(
            association.driftArcsec >= 0 && association.driftArcsec <= 60, "association.driftArcsec", association.driftArcsec,
            "from 0 to 60")
        try require(
            (0...1).contains(founding.minimumReliability), "founding.minimumReliability", founding.minimumReliability, "from 0 to 1")
        try require(founding.minimumSnr >= 0, "founding.minimumSnr", founding.minimumSnr, "0 or more")
        try require(founding.maximumNewObjects >= 0, "founding.maximumNewObjects", founding.maximumNewObjects, "0 or more")
        try require(
            (1...1200).contains(summaries.readSourcesMonths), "summaries.readSourcesMonths", summaries.readSourcesMonths, "from 1 to 1200")
        try require(
            (1...1200).contains(summaries.readForcedSourcesMonths), "summaries.readForcedSourcesMonths", summaries.readForcedSourcesMonths,
            "from 1 to 1200")
        try require(forced.minimumSources >= 0, "forced.minimumSources", forced.minimumSources, "0 or more")
        try require((0...1).contains(forced.minimumReliability), "forced.minimumReliability", forced.minimumReliability, "from 0 to 1")
        try require(forced.maximumTrailLengthArcsec > 0, "forced.maximumTrailLengthArcsec", forced.maximumTrailLengthArcsec, "more than 0")
        try require(forced.seenWithinDays >= 0, "forced.seenWithinDays", forced.seenWithinDays, "0 or more")
        try require(
            solarSystem.observatory.count == 3, "solarSystem.observatory", solarSystem.observatory,
            "a code of three characters of the MPC's")
        try require(
            solarSystem.match.isValid, "solarSystem.match", "out of range",
            "radii more than 0, the largest no less than the base, errors more than 0, tailFraction from 0 to 1")
        try require(forced.precoveryDays >= 0, "forced.precoveryDays", forced.precoveryDays, "0 or more")
        try require(
            releases.keepFormerDays >= 0 && releases.keepFormerDays <= 36_525, "releases.keepFormerDays", releases.keepFormerDays,
            "from 0 to 36525")
        try checkAlerts(require)
    }

    private func checkAlerts(_ require: (Bool, String, Any, String) throws -> Void) throws {
        let rules = alerts.belowThreshold
        try require((1...120).contains(alerts.historyMonths), "alerts.historyMonths", alerts.historyMonths, "from 1 to 120")
        try require(alerts.lateSeconds >= 0, "alerts.lateSeconds", alerts.lateSeconds, "0 or more")
        try require(
            (1...1024).contains(alerts.minimumStampPixels), "alerts.minimumStampPixels", alerts.minimumStampPixels, "from 1 to 1024")
        try require(
            (alerts.minimumStampPixels...1024).contains(alerts.maximumStampPixels), "alerts.maximumStampPixels", alerts.maximumStampPixels,
            "from alerts.minimumStampPixels to 1024")
        try require(
            rules.listRadiusArcsec > 0 && rules.listRadiusArcsec <= 3600, "alerts.belowThreshold.listRadiusArcsec",
            rules.listRadiusArcsec, "more than 0 and at most 3600")
        try require(
            rules.knownObjectRadiusArcsec > 0 && rules.knownObjectRadiusArcsec <= 3600, "alerts.belowThreshold.knownObjectRadiusArcsec",
            rules.knownObjectRadiusArcsec, "more than 0 and at most 3600")
        try require(
            (0...1).contains(rules.maximumFraction), "alerts.belowThreshold.maximumFraction", rules.maximumFraction, "from 0 to 1")
        for region in rules.regions {
            try require(
                (try? Region(parsing: region)) != nil, "alerts.belowThreshold.regions", region,
                "a region such as \"circle 10 -5 0.5\" or \"polygon 10 -5, 12 -5, 11 -3\"")
        }
    }
}
