import Columns
import Foundation
import TestSupport
import Testing

@testable import Association

/// The surveys' own rows of DiaObject against ours; tools/golden/survey_columns.py prints the same comparison as a table.
@Suite("Summary statistics against the surveys' own") struct SummarySurveyTests {
    /// Relative. LSST's pipelines sum 32-bit floats, so their fluxes have six or seven digits; positions have all.
    static func tolerance(_ name: String) -> Double { name == "ra" || name == "dec" ? 1e-14 : 1e-6 }
    /// They never fill these.
    static let neverFilled = ["fpFluxMean", "fpFluxMeanErr"]
    /// They copy these from the source that founded the object, and leave them.
    static let stale = ["raErr", "decErr", "ra_dec_Cov"]

    /// Objects where one of the two has a value and the other none, or both and they differ by more than the tolerance.
    static func disagreeing(_ ours: Table, _ theirs: Table, _ name: String) -> [Int] {
        (0..<ours.rowCount).filter { object in
            switch (SummariesTests.value(ours, name, object), SummariesTests.value(theirs, name, object)) {
            case (nil, nil): false
            case (let mine?, let other?): abs(mine - other) > tolerance(name) * abs(other)
            default: true
            }
        }
    }

    /// Columns of both, where theirs has a type (a column of nulls may have none).
    static func shared(_ ours: Table, _ theirs: Table) -> [String] {
        Summaries.columnNames.filter { name in
            ours[name] != nil && theirs[name]?.type.isNumeric == true && !neverFilled.contains { name.hasSuffix("_\($0)") }
        }
    }

    @Test(
        "every column that HiTS filled is reproduced to a millionth, positions to fourteen digits, save stale errors",
        .enabled(if: PackageFolder.hasData("hits2015"), Comment(rawValue: SummaryData.missingData)), arguments: ["411420", "419802"])
    func hits(visit: String) throws {
        let (sources, forced, theirs) = try SummarySurveys.hits(visit: visit)
        let ours = Summaries.compute(sources, forced, model: SummaryModel(), columns: Set(Summaries.columnNames))
        let names = Self.shared(ours, theirs).filter { !Self.stale.contains($0) }
        #expect(names.count == 2 + 6 * 10)
        for name in names { #expect(Self.disagreeing(ours, theirs, name) == [], "\(name)") }
    }

    @Test(
        "the errors of HiTS positions are those of the source whose identifier the object has, and ours where that is the only one",
        .enabled(if: PackageFolder.hasData("hits2015"), Comment(rawValue: SummaryData.missingData)), arguments: ["411420", "419802"])
    func staleErrors(visit: String) throws {
        let (sources, forced, theirs) = try SummarySurveys.hits(visit: visit)
        let ours = Summaries.compute(sources, forced, model: SummaryModel(), columns: Set(Self.stale))
        let identifiers = theirs["diaObjectId"]!.int64s!
        for name in Self.stale {
            let values = name == "raErr" ? sources.raErr : name == "decErr" ? sources.decErr : sources.raDecCov
            for object in 0..<ours.rowCount {
                let rows = sources.start[object]..<sources.start[object + 1]
                let founder = try #require(rows.first { sources.diaSourceId[$0] == identifiers[object] })
                let copied = values[founder].isNaN ? nil : Double(values[founder])
                #expect(SummariesTests.value(theirs, name, object) == copied)
            }
            let differing = Self.disagreeing(ours, theirs, name)
            #expect(differing.allSatisfy { sources.start[$0 + 1] - sources.start[$0] > 1 }, "\(name)")
        }
    }

    @Test(
        "public LSST objects have our position, and our statistics in the band of their newest source and nothing in other bands",
        .enabled(if: PackageFolder.hasData("lsst-alerts-fink"), Comment(rawValue: SummaryData.missingData)))
    func lsst() throws {
        let (sources, forced, theirs) = try SummarySurveys.lsst()
        let ours = Summaries.compute(sources, forced, model: SummaryModel(), columns: Set(Summaries.columnNames))
        let counts = theirs["nDiaSources"]!.int64s!
        var compared = 0
        for object in 0..<ours.rowCount {
            let rows = sources.start[object]..<sources.start[object + 1]
            let newest = rows.max { sources.midpointMjdTai[$0] < sources.midpointMjdTai[$1] }!
            if rows.count == counts[object] {
                for name in ["ra", "dec"] { #expect(!Self.disagreeing(ours, theirs, name).contains(object), "\(name) of \(object)") }
            }
            for (band, name) in SummaryHistories.bandNames.enumerated() {
                let theirCount = SummariesTests.value(theirs, "\(name)_psfFluxNdata", object)
                guard Int(sources.band[newest]) == band else {
                    #expect(theirCount == 0)
                    continue
                }
                // Three objects were seen by two visits at once, each without the other's source.
                guard rows.count == counts[object] else { continue }
                compared += 1
                for statistic in ["psfFluxNdata", "psfFluxMean", "psfFluxSigma"] {
                    #expect(!Self.disagreeing(ours, theirs, "\(name)_\(statistic)").contains(object), "\(name)_\(statistic) of \(object)")
                }
            }
        }
        #expect(compared == 48)
    }
}
