import Columns
import Sphere

/// Summary statistics of DiaObjects from their histories: columns in, columns out, nothing read or stored.
///
/// The definitions are those of LSST's diaCalculationPlugins (package meas_base); docs of each statistic are at the function that makes
/// it. The order of an object's rows does not change a bit of the result: they are put in the order of time and identifier first.
///
/// ```swift
/// let table = Summaries.compute(sources, forced, model: SummaryModel(), columns: ["ra", "dec", "g_psfFluxMean"])
/// ```
public enum Summaries {
    /// All columns that can be computed, in the order that tables have them.
    public static let columnNames: [String] =
        SummaryColumns.positionNames
        + BandStatistic.bands.indices.flatMap { band in BandStatistic.allCases.map { $0.columnName(band: band) } }

    /// A row an object, in the order of the histories: columns of DiaObject under the present schema's names, and `summaryStartMjdTai`,
    /// the time that the window of sources begins after.
    ///
    /// Positions and times are doubles, counts (`<band>_psfFluxNdata`, never null) 32-bit integers, all else floats. A statistic that does
    /// not exist is null: all of an object without sources; a band's without points; the standard deviation, the line and Stetson's J of
    /// one point; the skew of two; the errors of a position where a source has none.
    /// - Parameters:
    ///   - sources: the objects' sources; what the window leaves out is passed over.
    ///   - forced: forced sources of the same objects in the same order.
    ///   - columns: names wanted; others are not computed, and names that are not in `columnNames` give no column.
    /// - Complexity: O(rows), O(n log n) for an object whose rows are not in the order of time or where percentiles are wanted.
    public static func compute(
        _ sources: SourceHistory, _ forced: ForcedHistory, model: SummaryModel, columns: Set<String>
    ) -> Table {
        sources.checkShape()
        forced.checkShape()
        precondition(sources.objectCount == forced.objectCount, "the histories are of different objects")
        var out = SummaryColumns(objectCount: sources.objectCount, names: columns)
        let bands = BandWork.of(out)
        let wantsForced = bands.contains(where: \.forced)
        let time = sources.midpointMjdTai
        let directions = out.wantsPosition ? UnitVector.columns(ra: sources.ra, dec: sources.dec) : (x: [], y: [], z: [])
        var position = MeanPosition()
        var curve = LightCurve()
        var rows: [Int] = []
        for object in 0..<sources.objectCount {
            guard let last = lastTime(sources, object) else { continue }
            let start = last - model.sourceWindowDays
            out.set(start: start, object: object)
            windowed(sources, object, after: start, into: &rows)
            if out.wantsPosition {
                position.removeAll()
                for row in rows {
                    position.append(
                        UnitVector(x: directions.x[row], y: directions.y[row], z: directions.z[row]), raErr: sources.raErr[row],
                        decErr: sources.decErr[row], raDecCov: sources.raDecCov[row])
                }
                out.set(position.result, object: object)
            }
            let present = bandsPresent(sources.band, rows)
            for band in bands where present & (1 << band.number) != 0 {
                if band.psf {
                    gather(rows, of: band.number, sources.band, time, sources.psfFlux, sources.psfFluxErr, into: &curve)
                    out.setPsf(band: band.number, curve, object: object)
                }
                if band.science {
                    gather(rows, of: band.number, sources.band, time, sources.scienceFlux, sources.scienceFluxErr, into: &curve)
                    out.set(.science, band: band.number, curve, object: object)
                }
            }
            guard wantsForced else { continue }
            windowed(forced, object, after: last - model.forcedWindowDays, into: &rows)
            let forcedPresent = bandsPresent(forced.band, rows)
            for band in bands where band.forced && forcedPresent & (1 << band.number) != 0 {
                gather(rows, of: band.number, forced.band, forced.midpointMjdTai, forced.psfFlux, forced.psfFluxErr, into: &curve)
                out.set(.forced, band: band.number, curve, object: object)
            }
        }
        return out.table()
    }

    /// The time of the object's last source; nil where it has none with a time.
    private static func lastTime(_ sources: SourceHistory, _ object: Int) -> Double? {
        var last: Double?
        for row in sources.start[object]..<sources.start[object + 1] where sources.midpointMjdTai[row].isFinite {
            last = max(last ?? -.infinity, sources.midpointMjdTai[row])
        }
        return last
    }

    /// Rows of the sources later than `start`, by time and then by identifier.
    private static func windowed(_ sources: SourceHistory, _ object: Int, after start: Double, into rows: inout [Int]) {
        let (time, id) = (sources.midpointMjdTai, sources.diaSourceId)
        select(sources.start[object]..<sources.start[object + 1], time, after: start, into: &rows) { a, b in
            (time[a], id[a]) < (time[b], id[b])
        }
    }

    /// Rows of the forced sources later than `start`, by time; they have no identifier, so equal times go by the bits that are summed.
    private static func windowed(_ forced: ForcedHistory, _ object: Int, after start: Double, into rows: inout [Int]) {
        let (time, flux, error) = (forced.midpointMjdTai, forced.psfFlux, forced.psfFluxErr)
        select(forced.start[object]..<forced.start[object + 1], time, after: start, into: &rows) { a, b in
            (time[a], flux[a].bitPattern, error[a].bitPattern) < (time[b], flux[b].bitPattern, error[b].bitPattern)
        }
    }

    private static func select(
        _ candidates: Range<Int>, _ time: [Double], after start: Double, into rows: inout [Int], inOrder: (Int, Int) -> Bool
    ) {
        rows.removeAll(keepingCapacity: true)
        var sorted = true
        for row in candidates where time[row] > start && time[row].isFinite {
            if let previous = rows.last, sorted, !inOrder(previous, row) { sorted = false }
            rows.append(row)
        }
        if !sorted { rows.sort(by: inOrder) }
    }

    /// A bit for each band that a row has.
    private static func bandsPresent(_ bands: [UInt8], _ rows: [Int]) -> UInt8 {
        var present: UInt8 = 0
        for row in rows where bands[row] < 6 { present |= 1 << bands[row] }
        return present
    }

    private static func gather(
        _ rows: [Int], of band: Int, _ bands: [UInt8], _ time: [Double], _ flux: [Float], _ error: [Float], into curve: inout LightCurve
    ) {
        curve.removeAll()
        for row in rows where Int(bands[row]) == band { curve.append(time: time[row], flux: flux[row], error: error[row]) }
    }
}
