import Catalog
import TestSupport
import Testing

@testable import Release

@Suite("Verdicts of a release's check") struct CheckVerdictTests {
    /// A measurement that lies on every default threshold.
    private static func onTheEdge() -> CheckMeasurement {
        let t = CheckThresholds()
        var m = CheckMeasurement()
        m.completeness.old = 10
        m.nights = [.init(band: "g", night: 61_000, oldVisitDetectors: 1, newVisitDetectors: 1, oldSources: 1000, newSources: 900)]
        var band = SourceComparison.Band(band: "g", old: 1000, oldUnmatched: 50, new: 1000, newUnmatched: 50, pairs: 950)
        (band.medianArcsec, band.scatterRaArcsec, band.scatterDecArcsec) = (0.1, 0.1, 0.05)
        (band.fluxPairs, band.medianFluxRatio, band.scatterFluxRatio) = (900, 1.05, 0.1)
        m.sources = SourceComparison(crosswalk: 1, months: [2033], cellDegrees: 0.1, bands: [band])
        m.copied = CopiedRows(visitDetectors: 5, ownVisitDetectors: 5, parts: [.init(table: "DiaSource", rows: 100)])
        m.invariants = [.init(check: "All is well.", faults: [])]
        m.lag.crosswalk = 1
        // None of these is a loss.
        m.updates.left = [
            .init(kind: .withdraw, reason: "already so", rows: 9, first: 1), .init(kind: .split, reason: "vanished", rows: 9, first: 2),
            .init(kind: .rematch, reason: "no ephemerides", rows: 9, first: 3),
        ]
        m.ppdb = [
            .init(
                consumer: "ppdb", old: .init(generation: 1, changes: 3, exported: 3, verified: 3),
                new: .init(generation: 2, changes: 3, exported: 3, verified: 3), changesBehind: 0)
        ]
        // A night takes 100 bytes.
        m.disk = .init(oldBytes: 400, newBytes: 600, nights: 10, freeBytes: Int64(t.disk.freeBytes + 100 * t.disk.nights))
        return m
    }

    private static func failing(_ m: CheckMeasurement, _ t: CheckThresholds = CheckThresholds()) -> [String] {
        CheckVerdict.all(m, t, release: "DR1").filter { $0.outcome == .fails }.map(\.check)
    }

    @Test("a measurement on all of its thresholds passes, and every threshold is judged")
    func edge() {
        var m = Self.onTheEdge()
        // 1.05 - 1 is a little more than 0.05 in binary.
        m.sources?.bands[0].medianFluxRatio = 1.05.nextDown
        let verdicts = CheckVerdict.all(m, CheckThresholds(), release: "DR1")
        #expect(verdicts.filter { $0.outcome != .passes } == [])
        let settings = Set(CheckThresholds.groups.flatMap { group in group.settings.map { "\(group.name).\($0.name)" } })
        let judged = Set(verdicts.map(\.check))
        #expect(judged.isSubset(of: settings))
        #expect(settings.subtracting(judged) == ["counts.minimumSources", "unmatched.minimumSources", "ppdb.required", "disk.nights"])
    }

    @Test(
        "what is beyond one threshold fails by that one alone",
        arguments: [
            "completeness.missingVisitDetectors", "counts.nightFraction", "unmatched.oldFraction", "unmatched.newFraction",
            "astrometry.medianArcsec", "astrometry.scatterArcsec", "photometry.medianFraction", "photometry.scatterFraction",
            "copied.differentRows", "copied.movedSources", "invariants.faults", "lag.visitDetectors", "lag.changesSinceCrosswalk",
            "updates.waiting", "updates.skippedWithdrawals", "updates.skippedOthers", "updates.withdrawnShown",
            "ppdb.changesBehind", "ppdb.unverifiedMore", "disk.freeBytes",
        ])
    func beyond(check: String) {
        var m = Self.onTheEdge()
        m.sources?.bands[0].medianFluxRatio = 1
        switch check {
        case "completeness.missingVisitDetectors": m.completeness.missing = 1
        case "counts.nightFraction": m.nights[0].newSources = 1101
        case "unmatched.oldFraction": m.sources?.bands[0].oldUnmatched = 51
        case "unmatched.newFraction": m.sources?.bands[0].newUnmatched = 51
        case "astrometry.medianArcsec": m.sources?.bands[0].medianArcsec = 0.1001
        case "astrometry.scatterArcsec": m.sources?.bands[0].scatterDecArcsec = 0.1001
        // Too faint is as wrong as too bright.
        case "photometry.medianFraction": m.sources?.bands[0].medianFluxRatio = 0.949
        case "photometry.scatterFraction": m.sources?.bands[0].scatterFluxRatio = 0.1001
        case "copied.differentRows": m.copied?.parts[0].different = 1
        case "copied.movedSources": m.copied?.movedSources = 1
        case "invariants.faults": m.invariants[0].faults = ["DiaObject 5 is wrong"]
        case "lag.visitDetectors": m.lag.visitDetectors = 1
        case "lag.changesSinceCrosswalk": m.lag.changesSinceCrosswalk = 1
        case "updates.waiting": m.updates.waiting = 1
        case "updates.skippedWithdrawals": m.updates.left.append(.init(kind: .restore, reason: "closed object", rows: 1, first: 1))
        case "updates.withdrawnShown": m.updates.withdrawnShown = 1
        case "updates.skippedOthers": m.updates.left.append(.init(kind: .merge, reason: "no object", rows: 1, first: 1))
        case "ppdb.changesBehind": m.ppdb[0].changesBehind = 1
        case "ppdb.unverifiedMore": m.ppdb[0].new.verified -= 1
        default: m.disk.freeBytes! -= 1
        }
        #expect(Self.failing(m) == [check])
    }

    @Test("without a crosswalk the check fails, and says how to make one")
    func noCrosswalk() {
        var m = Self.onTheEdge()
        (m.sources, m.lag.crosswalk) = (nil, nil)
        let fails = CheckVerdict.all(m, CheckThresholds(), release: "DR1").filter { $0.outcome == .fails }
        #expect(fails.map(\.check) == ["unmatched.oldFraction"])
        #expect(fails[0].says.contains("skyledger release crosswalk DR1"))
    }

    @Test("too few sources, an instance without PPDB and a disk that nobody sees are shown and not judged")
    func notJudged() {
        var m = Self.onTheEdge()
        m.nights[0].oldSources = 99
        m.sources?.bands[0].old = 99
        m.sources?.bands[0].new = 99
        m.sources?.bands[0].pairs = 99
        m.sources?.bands[0].fluxPairs = 99
        m.ppdb = []
        m.disk.freeBytes = nil
        let verdicts = CheckVerdict.all(m, CheckThresholds(), release: "DR1")
        #expect(verdicts.filter { $0.outcome == .notJudged }.count == 9)
        #expect(verdicts.allSatisfy { $0.outcome != .fails })
        var limits = CheckThresholds()
        limits.ppdb.required = true
        #expect(Self.failing(m, limits) == ["ppdb.required"])
    }

    @Test("quantiles of a histogram are those of its values to half a step")
    func quantiles() throws {
        var random = SeededGenerator(state: 11)
        for count in [1, 2, 7, 1000] {
            let values = (0..<count).map { _ in Double.random(in: -40...40, using: &random) }.sorted()
            // The parts of a histogram add up.
            var histogram = StepHistogram()
            for value in values { histogram.add(Int64(value.rounded()), 1) }
            #expect(histogram.total == Int64(count))
            for fraction in [0.158655, 0.5, 0.841345] {
                // The value below which so many lie, from either side of the place between two.
                let place = fraction * Double(count)
                let (below, above) = (values[max(0, Int(place.rounded(.up)) - 1)], values[min(count - 1, Int(place))])
                let found = try #require(histogram.quantile(fraction))
                #expect(found >= below - 1 && found <= above + 1, "\(count) \(fraction)")
            }
        }
        #expect(StepHistogram().median == nil)
    }

    @Test("cells of the sky are a thousandth of it or more, with sides of 1, 2 or 5")
    func cells() {
        #expect(SourceComparison.cellDegrees(squares: 1) == 0.05)
        #expect(SourceComparison.cellDegrees(squares: 41_253) == 10)
        for squares: Int64 in [1, 3, 10, 500, 18_000] {
            let side = SourceComparison.cellDegrees(squares: squares)
            #expect(Double(squares) / (side * side) <= 1000)
        }
    }
}
