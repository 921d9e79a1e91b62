import Foundation

/// One threshold, what was measured against it, and whether it holds.
public struct CheckVerdict: Sendable, Equatable, Codable {
    public enum Outcome: String, Sendable, Codable, CaseIterable {
        case passes, fails
        /// Too little to judge by, or nothing to be judged.
        case notJudged = "not judged"
    }

    /// Which threshold, by the name that it has in the document: `astrometry.medianArcsec`.
    public var check: String
    /// What of: a band, a night, a consumer; empty where it is of the whole.
    public var subject: String
    public var measured: Double
    public var allowed: Double
    public var outcome: Outcome
    /// One sentence.
    public var says: String

    init(_ check: String, of subject: String = "", _ measured: Double, allowed: Double, isJudged: Bool = true, _ says: String) {
        self.check = check
        self.subject = subject
        self.measured = measured
        self.allowed = allowed
        outcome = isJudged ? (abs(measured) <= allowed ? .passes : .fails) : .notJudged
        self.says = says
    }

    /// All verdicts on a measurement, in the order of the thresholds.
    static func all(_ measurement: CheckMeasurement, _ thresholds: CheckThresholds, release: String) -> [CheckVerdict] {
        completeness(measurement, thresholds) + counts(measurement, thresholds) + sources(measurement, thresholds, release)
            + copied(measurement, thresholds) + invariants(measurement, thresholds) + lag(measurement, thresholds, release)
            + updates(measurement, thresholds, release) + ppdb(measurement, thresholds)
            + disk(measurement, thresholds)
    }

    private static func completeness(_ m: CheckMeasurement, _ t: CheckThresholds) -> [CheckVerdict] {
        let found = m.completeness
        let first = found.named.first { $0.excuse == nil }
        return [
            CheckVerdict(
                "completeness.missingVisitDetectors", Double(found.missing), allowed: Double(t.completeness.missingVisitDetectors),
                "\(found.missing) of \(found.old) visit-detectors are missing"
                    + (first.map { ", the first is visit \($0.visit) detector \($0.detector)" } ?? "")
                    + (found.excused > 0 ? "; \(found.excused) more are excused" : ""))
        ]
    }

    /// The worst night of each band that has enough sources.
    private static func counts(_ m: CheckMeasurement, _ t: CheckThresholds) -> [CheckVerdict] {
        Dictionary(grouping: m.nights, by: \.band).sorted { $0.key < $1.key }.map { band, nights in
            let judged = nights.filter { $0.oldSources >= t.counts.minimumSources }
            let worst = (judged.isEmpty ? nights : judged).max { abs($0.difference) < abs($1.difference) }!
            return CheckVerdict(
                "counts.nightFraction", of: band, worst.difference, allowed: t.counts.nightFraction, isJudged: !judged.isEmpty,
                "of \(judged.count) nights, MJD \(worst.night) differs most: \(worst.oldSources) sources were, \(worst.newSources) are")
        }
    }

    private static func sources(_ m: CheckMeasurement, _ t: CheckThresholds, _ release: String) -> [CheckVerdict] {
        guard let sources = m.sources else {
            return [
                CheckVerdict(
                    "unmatched.oldFraction", 1, allowed: t.unmatched.oldFraction,
                    "there is no crosswalk of the two generations: make one with `skyledger release crosswalk \(release)`")
            ]
        }
        let minimum = Int64(t.unmatched.minimumSources)
        return sources.bands.flatMap { band -> [CheckVerdict] in
            let (hasPairs, hasFluxes) = (band.pairs >= minimum, band.fluxPairs >= minimum)
            let ratio = (band.medianFluxRatio ?? 1) - 1
            let scatter = max(band.scatterRaArcsec ?? 0, band.scatterDecArcsec ?? 0)
            return [
                CheckVerdict(
                    "unmatched.oldFraction", of: band.band, band.oldUnmatchedFraction, allowed: t.unmatched.oldFraction,
                    isJudged: band.old >= minimum, "\(band.oldUnmatched) of \(band.old) old sources have no new one"),
                CheckVerdict(
                    "unmatched.newFraction", of: band.band, band.newUnmatchedFraction, allowed: t.unmatched.newFraction,
                    isJudged: band.new >= minimum, "\(band.newUnmatched) of \(band.new) new sources have no old one"),
                CheckVerdict(
                    "astrometry.medianArcsec", of: band.band, band.medianArcsec ?? 0, allowed: t.astrometry.medianArcsec,
                    isJudged: hasPairs, "median separation of \(band.pairs) pairs"),
                CheckVerdict(
                    "astrometry.scatterArcsec", of: band.band, scatter, allowed: t.astrometry.scatterArcsec, isJudged: hasPairs,
                    "the larger scatter of the offsets in right ascension and declination"),
                CheckVerdict(
                    "photometry.medianFraction", of: band.band, ratio, allowed: t.photometry.medianFraction, isJudged: hasFluxes,
                    "median ratio of \(band.fluxPairs) fluxes, less 1"),
                CheckVerdict(
                    "photometry.scatterFraction", of: band.band, band.scatterFluxRatio ?? 0, allowed: t.photometry.scatterFraction,
                    isJudged: hasFluxes, "scatter of the ratio of fluxes"),
            ]
        }
    }

    /// Of a release that took over what lies outside a piece.
    private static func copied(_ m: CheckMeasurement, _ t: CheckThresholds) -> [CheckVerdict] {
        guard let copied = m.copied else { return [] }
        return [
            CheckVerdict(
                "copied.differentRows", Double(copied.different), allowed: Double(t.copied.differentRows),
                "\(copied.different) of \(copied.rows) rows of \(copied.visitDetectors) visit-detectors that were taken over are not as they were"
                    + (copied.named.first.map { ", the first: \($0)" } ?? "")),
            CheckVerdict(
                "copied.movedSources", Double(copied.movedSources), allowed: Double(t.copied.movedSources),
                "\(copied.movedSources) sources that were taken over are with sources of other objects than before"),
        ]
    }

    private static func invariants(_ m: CheckMeasurement, _ t: CheckThresholds) -> [CheckVerdict] {
        let faults = m.invariants.flatMap(\.faults)
        return [
            CheckVerdict(
                "invariants.faults", Double(faults.count), allowed: Double(t.invariants.faults),
                "\(m.invariants.count) checks of the new generation" + (faults.first.map { " found faults, the first: \($0)" } ?? ""))
        ]
    }

    private static func lag(_ m: CheckMeasurement, _ t: CheckThresholds, _ release: String) -> [CheckVerdict] {
        let lag = m.lag
        var out = [
            CheckVerdict(
                "lag.visitDetectors", Double(lag.visitDetectors), allowed: Double(t.lag.visitDetectors),
                "\(lag.visitDetectors) visit-detectors wait"
                    + (lag.visitDetectors > 0 ? " for `skyledger release catch-up \(release)`" : ""))
        ]
        if let crosswalk = lag.crosswalk {
            out.append(
                CheckVerdict(
                    "lag.changesSinceCrosswalk", Double(lag.changesSinceCrosswalk), allowed: Double(t.lag.changesSinceCrosswalk),
                    "\(lag.changesSinceCrosswalk) changes came after crosswalk \(crosswalk)"
                        + (lag.changesSinceCrosswalk > 0 ? ": make another with `skyledger release crosswalk \(release)`" : "")))
        }
        return out
    }

    private static func updates(_ m: CheckMeasurement, _ t: CheckThresholds, _ release: String) -> [CheckVerdict] {
        let updates = m.updates
        let advice = ": see `skyledger release status \(release) --updates`"
        return [
            CheckVerdict(
                "updates.waiting", Double(updates.waiting), allowed: Double(t.updates.waiting),
                "\(updates.waiting) updates wait to be repeated, \(updates.repeated) were"
                    + (updates.waiting > t.updates.waiting ? ": run `skyledger release catch-up \(release)`" : "")),
            CheckVerdict(
                "updates.skippedWithdrawals", Double(updates.skippedWithdrawals), allowed: Double(t.updates.skippedWithdrawals),
                "\(updates.skippedWithdrawals) withdrawals and restorations could not be repeated"
                    + (updates.skippedWithdrawals > t.updates.skippedWithdrawals ? advice : "")),
            CheckVerdict(
                "updates.skippedOthers", Double(updates.skippedOthers), allowed: Double(t.updates.skippedOthers),
                "\(updates.skippedOthers) other changes could not be repeated"
                    + (updates.skippedOthers > t.updates.skippedOthers ? advice : "")),
            CheckVerdict(
                "updates.withdrawnShown", Double(updates.withdrawnShown), allowed: Double(t.updates.withdrawnShown),
                "\(updates.withdrawnShown) sources that are withdrawn stand in the new generation"
                    + (updates.firstWithdrawnShown.map {
                        ": \($0) is one; withdraw them again after the publication, and say how many may stand with updates.withdrawnShown"
                    } ?? "")),
        ]
    }

    private static func ppdb(_ m: CheckMeasurement, _ t: CheckThresholds) -> [CheckVerdict] {
        if m.ppdb.isEmpty {
            return [
                CheckVerdict(
                    "ppdb.required", 1, allowed: 0, isJudged: t.ppdb.required,
                    "the instance has no PPDB" + (t.ppdb.required ? ": make one with `skyledger ppdb init`" : ""))
            ]
        }
        return m.ppdb.flatMap { ppdb in
            [
                CheckVerdict(
                    "ppdb.changesBehind", of: ppdb.consumer, Double(ppdb.changesBehind), allowed: Double(t.ppdb.changesBehind),
                    "\(ppdb.new.exported) of \(ppdb.new.changes) changes of the new generation are exported"
                        + (ppdb.changesBehind > t.ppdb.changesBehind ? ": run `skyledger ppdb export`" : "")),
                CheckVerdict(
                    "ppdb.unverifiedMore", of: ppdb.consumer, Double(ppdb.unverifiedMore), allowed: Double(t.ppdb.unverifiedMore),
                    "\(ppdb.new.changes - ppdb.new.verified) changes of the new generation are not verified, \(ppdb.old.changes - ppdb.old.verified) of the old"
                        + (ppdb.unverifiedMore > t.ppdb.unverifiedMore ? ": run `skyledger ppdb verify`" : "")),
            ]
        }
    }

    private static func disk(_ m: CheckMeasurement, _ t: CheckThresholds) -> [CheckVerdict] {
        let need = m.disk.bytes(ofNights: t.disk.nights) + Int64(t.disk.freeBytes)
        func size(_ bytes: Int64) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }
        return [
            CheckVerdict(
                "disk.freeBytes", Double(need), allowed: m.disk.freeBytes.map(Double.init) ?? 0, isJudged: m.disk.freeBytes != nil,
                "\(t.disk.nights) nights of both generations and what must stay free take \(size(need)), projected from \(m.disk.nights) nights that take \(size(m.disk.oldBytes + m.disk.newBytes)); "
                    + (m.disk.freeBytes.map { "\(size($0)) are free" } ?? "the server's disk is not visible from here"))
        ]
    }
}
