import Columns
import Foundation
import TestSupport
import Testing

@testable import Association

@Suite("Summary statistics of DiaObjects") struct SummariesTests {
    static let all = Set(Summaries.columnNames)

    static func value(_ table: Table, _ name: String, _ object: Int) -> Double? {
        guard let column = table[name], !column.isNull(object) else { return nil }
        if let integers = column.int32s?.map(Int64.init) ?? column.int64s { return Double(integers[object]) }
        return column.doubles?[object] ?? column.floats.map { Double($0[object]) }
    }

    /// One object with points of the g band at the times given.
    static func curve(times: [Double], fluxes: [Float], firstId: Int64 = 1) -> SourceHistory {
        let n = times.count
        let ones = [Float](repeating: 1, count: n)
        return SourceHistory(
            start: [0, n], diaSourceId: (0..<n).map { firstId + Int64($0) }, midpointMjdTai: times, ra: .init(repeating: 10, count: n),
            dec: .init(repeating: 20, count: n), raErr: ones, decErr: ones, raDecCov: ones, band: .init(repeating: 1, count: n),
            psfFlux: fluxes, psfFluxErr: ones, scienceFlux: fluxes, scienceFluxErr: ones)
    }

    @Test("the order of an object's rows does not change a bit of the result", arguments: 1...4)
    func rowOrder(seed: UInt64) {
        let (sources, forced) = SummarySynthetic.histories(objects: 200, seed: seed)
        let expected = Summaries.compute(sources, forced, model: SummaryModel(), columns: Self.all)
        var random = SeededGenerator(state: seed + 100)
        let shuffled = Summaries.compute(
            SummaryHistories.reordered(sources) { $0.shuffled(using: &random) },
            SummaryHistories.reordered(forced) { $0.shuffled(using: &random) }, model: SummaryModel(), columns: Self.all)
        #expect(expected == shuffled)
    }

    @Test("an object's row does not depend on the objects beside it")
    func alone() {
        let (sources, forced) = SummarySynthetic.histories(objects: 40, seed: 9)
        let together = Summaries.compute(sources, forced, model: SummaryModel(), columns: Self.all)
        for object in 0..<sources.objectCount {
            var (one, oneForced) = (sources, forced)
            one.start = [0, sources.start[object + 1] - sources.start[object]]
            oneForced.start = [0, forced.start[object + 1] - forced.start[object]]
            let (first, firstForced) = (sources.start[object], forced.start[object])
            one = SummaryHistories.reordered(one) { $0.map { $0 + first } }
            oneForced = SummaryHistories.reordered(oneForced) { $0.map { $0 + firstForced } }
            let table = Summaries.compute(one, oneForced, model: SummaryModel(), columns: Self.all)
            for name in Summaries.columnNames { #expect(Self.value(table, name, 0) == Self.value(together, name, object)) }
        }
    }

    @Test("a column asked for alone is the same as among all")
    func chosenColumns() throws {
        let (sources, forced) = SummarySynthetic.histories(objects: 60, seed: 11)
        let table = Summaries.compute(sources, forced, model: SummaryModel(), columns: Self.all)
        #expect(table.columnNames == Summaries.columnNames)
        for name in Summaries.columnNames {
            let one = Summaries.compute(sources, forced, model: SummaryModel(), columns: [name, "noSuchColumn"])
            #expect(one.columns == [try #require(table[name])])
        }
    }

    @Test("a point outside the window changes nothing, one just inside does")
    func windowEdges() {
        let times = [60000.0, 60010, 60020]
        let none = ForcedHistory(objects: 1)
        let model = SummaryModel(readSourcesMonths: 2)
        let expected = Summaries.compute(Self.curve(times: times, fluxes: [1, 5, 4]), none, model: model, columns: Self.all)
        // The window is open at its beginning: a point exactly 60 days before the last is outside.
        for early in [59000.0, 59959.99, 59960] {
            let more = Self.curve(times: [early] + times, fluxes: [99, 1, 5, 4])
            #expect(Summaries.compute(more, none, model: model, columns: Self.all) == expected)
        }
        let inside = Self.curve(times: [59960.0001] + times, fluxes: [99, 1, 5, 4])
        #expect(Summaries.compute(inside, none, model: model, columns: Self.all)["g_psfFluxNdata"]?.int32s == [4])
        #expect(expected["g_psfFluxNdata"]?.int32s == [3])
        #expect(expected["summaryStartMjdTai"]?.doubles == [59960])
    }

    @Test("forced sources are windowed by the last source: later ones count, those of the window's beginning and before do not")
    func forcedWindow() {
        let times = [59930.0, 59959.999, 59960, 59960.001, 60020, 61000]
        let forced = ForcedHistory(
            start: [0, 6], midpointMjdTai: times, band: .init(repeating: 1, count: 6), psfFlux: [1, 2, 4, 8, 16, 32],
            psfFluxErr: .init(repeating: 1, count: 6))
        let sources = Self.curve(times: [60000, 60020], fluxes: [1, 2])
        let model = SummaryModel(readSourcesMonths: 12, readForcedSourcesMonths: 2)
        let table = Summaries.compute(sources, forced, model: model, columns: Self.all)
        #expect(table["g_fpFluxMean"]?.floats == [Float(56.0 / 3)])
    }

    @Test("without points all statistics of a band are null and the count is 0")
    func noPoints() {
        var flagged = Self.curve(times: [60000, 60001], fluxes: [.nan, .nan])
        flagged.psfFluxErr = [.nan, .nan]
        let table = Summaries.compute(flagged, ForcedHistory(objects: 1), model: SummaryModel(), columns: Self.all)
        for name in Summaries.columnNames where name.contains("_psf") || name.contains("_fp") {
            #expect(Self.value(table, name, 0) == (name.hasSuffix("Ndata") ? 0 : nil), "\(name)")
        }
        #expect(Self.value(table, "ra", 0) != nil)
    }

    @Test("without sources all columns are null and the counts are 0, whatever the forced sources")
    func noSources() {
        let forced = ForcedHistory(start: [0, 1], midpointMjdTai: [60000], band: [1], psfFlux: [1], psfFluxErr: [1])
        let table = Summaries.compute(SourceHistory(objects: 1), forced, model: SummaryModel(), columns: Self.all)
        for name in Summaries.columnNames { #expect(Self.value(table, name, 0) == (name.hasSuffix("Ndata") ? 0 : nil), "\(name)") }
    }

    @Test("one point has a mean, extremes and percentiles, and no scatter, slope, line, skew or Stetson's J")
    func onePoint() {
        let table = Summaries.compute(
            Self.curve(times: [60000], fluxes: [3]), ForcedHistory(objects: 1), model: SummaryModel(), columns: Self.all)
        let none = ["Sigma", "MaxSlope", "Skew", "LinearSlope", "LinearIntercept", "StetsonJ"]
        let wrong = Summaries.columnNames.filter { name in
            name.hasPrefix("g_") && !name.contains("fp") && (Self.value(table, name, 0) == nil) != none.contains { name.hasSuffix($0) }
        }
        #expect(wrong == [])
    }

    @Test("two points of one time have no slope between them and no line, and the slope to the next is the later one's by identifier")
    func equalTimes() {
        func slope(_ times: [Double], _ fluxes: [Float], _ name: String) -> Double? {
            let table = Summaries.compute(
                Self.curve(times: times, fluxes: fluxes), ForcedHistory(objects: 1), model: SummaryModel(), columns: Self.all)
            return Self.value(table, name, 0)
        }
        #expect(slope([60000, 60000], [1, 2], "g_psfFluxMaxSlope") == nil)
        #expect(slope([60000, 60000], [1, 2], "g_psfFluxLinearSlope") == nil)
        #expect(slope([60000, 60000, 60002], [1, 2, 8], "g_psfFluxMaxSlope") == 3)
    }

    @Test("equal fluxes have a skew of 0")
    func equalFluxes() {
        let table = Summaries.compute(
            Self.curve(times: [60000, 60001, 60002], fluxes: [7, 7, 7]), ForcedHistory(objects: 1), model: SummaryModel(),
            columns: ["g_psfFluxSkew"])
        #expect(table["g_psfFluxSkew"]?.floats == [0])
    }
}
