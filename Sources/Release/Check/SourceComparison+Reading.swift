import Catalog
import Columns
import Foundation
import Postgres
import Schema

/// Compares the sources of two generations through a crosswalk, a month at a time; what it holds are histograms.
struct SourceComparisonReader {
    let old: Generation
    let new: Generation
    let crosswalk: Int
    let connection: Connection

    private struct Tally {
        var bands: [String: SourceComparison.Band] = [:]
        var separations: [String: StepHistogram] = [:]
        var offsetsRa: [String: StepHistogram] = [:]
        var offsetsDec: [String: StepHistogram] = [:]
        var ratios: [String: StepHistogram] = [:]
        var cells: [Place: SourceComparison.Bin] = [:]
        var magnitudes: [Brightness: SourceComparison.Bin] = [:]
    }
    private struct Place: Hashable { var dec, ra: Int64 }
    private struct Brightness: Hashable {
        var band: String
        var step: Int64
    }

    /// - Parameter progress: months done and in all; return false to stop.
    /// - Returns: nil where `progress` stopped it.
    func read(progress: (Int, Int) -> Bool) throws -> SourceComparison? {
        let names = try self.names()
        let months = try connection.query(ReleaseFile.sql("months", names))["month"]?.int64s.map(Array.init) ?? []
        let side = SourceComparison.cellDegrees(squares: try connection.int64(ReleaseFile.sql("sky-size", names)) ?? 1)
        let (oldText, newText) = (try ReleaseFile.sql("old-sources", names), try ReleaseFile.sql("new-sources", names))
        var tally = Tally()
        for (done, month) in months.enumerated() {
            guard progress(done, months.count) else { return nil }
            let partition = TimePartition(number: Int(month))
            let bounds: [Parameter] = [
                .int32(Int32(crosswalk)), .double(partition.lowerMjdTai), .double(partition.upperMjdTai), .double(side),
            ]
            addOld(try connection.query(oldText, bounds), side, to: &tally)
            addNew(try connection.query(newText, bounds), side, to: &tally)
        }
        guard progress(months.count, months.count) else { return nil }
        return finished(tally, months, side)
    }

    private func names() throws -> [String: String] {
        var names = ReleaseFile.schemas(old, new)
        names["arcsecStep"] = "\(SourceComparison.arcsecStep)"
        var fluxes: [String] = []
        for (side, table, document) in [("old", "a", old.document), ("new", "b", new.document)] {
            let roles = try ColumnRoles(document)
            names[side + "Dec"] = SQLText.identifier(roles.dec)
            names[side + "Midpoint"] = SQLText.identifier(roles.sourceMidpoint)
            let source = document[table: "DiaSource"]
            names[side + "Band"] = source?[column: "band"] == nil ? "\"filterName\"" : "\"band\""
            let flux = ["psfFlux", "psFlux"].first { source?[column: $0] != nil }
            fluxes += flux.map { ["\(table).\(SQLText.identifier($0))::double precision"] } ?? []
            names[side + "Magnitude"] =
                flux.map { name in
                    let value = "abs(\(table).\(SQLText.identifier(name))::double precision)"
                    return "CASE WHEN \(value) BETWEEN 1e-6 AND 1e15 THEN floor((31.4 - 2.5 * log(\(value))) * 2)::bigint END"
                } ?? "NULL::bigint"
        }
        let ratio = fluxes.count == 2 ? "\(fluxes[1]) / nullif(\(fluxes[0]), 0)" : nil
        names["ratioStep"] =
            ratio.map { "CASE WHEN \($0) BETWEEN 1e-3 AND 1e3 THEN round(ln(\($0)) / \(SourceComparison.ratioStep))::bigint END" }
            ?? "NULL::bigint"
        return names
    }

    private func addOld(_ rows: Table, _ side: Double, to tally: inout Tally) {
        guard let noCell = rows["noCell"]?.int32s, let noMagnitude = rows["noMagnitude"]?.int32s,
            let noSeparation = rows["noSeparation"]?.int32s, let noRa = rows["noRa"]?.int32s, let noDec = rows["noDec"]?.int32s,
            let band = rows["band"]?.strings, let cellDec = rows["cellDec"]?.int64s, let cellRa = rows["cellRa"]?.int64s,
            let magnitude = rows["magnitude"], let step = rows["step"], let n = rows["n"]?.int64s, let matched = rows["nMatched"]?.int64s
        else { return }
        for i in 0..<rows.rowCount {
            if noCell[i] == 0 {
                let place = Place(dec: cellDec[i], ra: cellRa[i])
                tally.cells[place, default: Self.bin(place, side)].old += n[i]
                tally.cells[place]?.oldUnmatched += n[i] - matched[i]
            } else if noMagnitude[i] == 0 {
                let name = band[i]
                tally.bands[name, default: .init(band: name)].old += n[i]
                tally.bands[name]?.oldUnmatched += n[i] - matched[i]
                if magnitude.isNull(i) { continue }
                let key = Brightness(band: name, step: magnitude.int64s![i])
                tally.magnitudes[key, default: Self.bin(key)].old += n[i]
                tally.magnitudes[key]?.oldUnmatched += n[i] - matched[i]
            } else if !step.isNull(i), let value = step.int64s?[i] {
                if noSeparation[i] == 0 {
                    tally.separations[band[i], default: .init()].add(value, n[i])
                } else if noRa[i] == 0 {
                    tally.offsetsRa[band[i], default: .init()].add(value, n[i])
                } else if noDec[i] == 0 {
                    tally.offsetsDec[band[i], default: .init()].add(value, n[i])
                } else {
                    tally.ratios[band[i], default: .init()].add(value, n[i])
                }
            }
        }
    }

    private func addNew(_ rows: Table, _ side: Double, to tally: inout Tally) {
        guard let noCell = rows["noCell"]?.int32s, let band = rows["band"]?.strings, let cellDec = rows["cellDec"]?.int64s,
            let cellRa = rows["cellRa"]?.int64s, let magnitude = rows["magnitude"], let n = rows["n"]?.int64s,
            let matched = rows["nMatched"]?.int64s
        else { return }
        for i in 0..<rows.rowCount {
            if noCell[i] == 0 {
                let place = Place(dec: cellDec[i], ra: cellRa[i])
                tally.cells[place, default: Self.bin(place, side)].new += n[i]
                tally.cells[place]?.newUnmatched += n[i] - matched[i]
                continue
            }
            tally.bands[band[i], default: .init(band: band[i])].new += n[i]
            tally.bands[band[i]]?.newUnmatched += n[i] - matched[i]
            if magnitude.isNull(i) { continue }
            let key = Brightness(band: band[i], step: magnitude.int64s![i])
            tally.magnitudes[key, default: Self.bin(key)].new += n[i]
            tally.magnitudes[key]?.newUnmatched += n[i] - matched[i]
        }
    }

    private static func bin(_ place: Place, _ side: Double) -> SourceComparison.Bin {
        let dec = (Double(place.dec) + 0.5) * side - 90
        return SourceComparison.Bin(ra: (Double(place.ra) + 0.5) * side / cos(dec * .pi / 180), dec: dec)
    }

    private static func bin(_ key: Brightness) -> SourceComparison.Bin {
        SourceComparison.Bin(band: key.band, magnitude: (Double(key.step) + 0.5) / 2)
    }

    private func finished(_ tally: Tally, _ months: [Int64], _ side: Double) -> SourceComparison {
        var out = SourceComparison(crosswalk: crosswalk, months: months, cellDegrees: side)
        out.bands = tally.bands.keys.sorted().map { name in
            var band = tally.bands[name]!
            let step = SourceComparison.arcsecStep
            if let separations = tally.separations[name] {
                band.pairs = separations.total
                band.medianArcsec = separations.median.map { max(0, $0 * step) }
                let perBin = Int64((SourceComparison.separationBinArcsec / step).rounded())
                for (value, count) in separations.counts {
                    let bin = Int(value / perBin)
                    while band.separations.count <= bin { band.separations.append(0) }
                    band.separations[bin] += count
                }
            }
            band.medianRaArcsec = tally.offsetsRa[name]?.median.map { $0 * step }
            band.scatterRaArcsec = tally.offsetsRa[name]?.scatter.map { $0 * step }
            band.medianDecArcsec = tally.offsetsDec[name]?.median.map { $0 * step }
            band.scatterDecArcsec = tally.offsetsDec[name]?.scatter.map { $0 * step }
            if let ratios = tally.ratios[name] {
                let scale = SourceComparison.ratioStep
                band.fluxPairs = ratios.total
                band.medianFluxRatio = ratios.median.map { exp($0 * scale) }
                if let low = ratios.quantile(0.158655), let high = ratios.quantile(0.841345) {
                    band.scatterFluxRatio = (exp(high * scale) - exp(low * scale)) / 2
                }
            }
            return band
        }
        out.cells = tally.cells.sorted { ($0.key.dec, $0.key.ra) < ($1.key.dec, $1.key.ra) }.map(\.value)
        out.magnitudes = tally.magnitudes.sorted { ($0.key.band, $0.key.step) < ($1.key.band, $1.key.step) }.map(\.value)
        return out
    }
}
