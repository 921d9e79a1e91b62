import Columns
import Foundation

@testable import Association

/// Histories for tests: from tables of rows, by object, and back.
enum SummaryHistories {
    static let bandNames = ["u", "g", "r", "i", "z", "y"]

    /// Source rows with the names of the schema, grouped by the values of `key` in rising order; `flagged` names a boolean column whose
    /// rows do not count as measurements of psfFlux.
    static func sources(_ table: Table, by key: String, flagged: String? = nil) -> (ids: [Int64], history: SourceHistory) {
        let (ids, start, order) = groups(table[key]!.int64s!)
        let rows = table.gather(order)
        var psfFlux = floats(rows, "psfFlux")
        if let flagged, let flags = rows[flagged]?.bools {
            for row in psfFlux.indices where flags[row] { psfFlux[row] = .nan }
        }
        let history = SourceHistory(
            start: start, diaSourceId: rows["diaSourceId"]!.int64s!, midpointMjdTai: rows["midpointMjdTai"]!.doubles!,
            ra: rows["ra"]!.doubles!, dec: rows["dec"]!.doubles!, raErr: floats(rows, "raErr"), decErr: floats(rows, "decErr"),
            raDecCov: floats(rows, "ra_dec_Cov"), band: bands(rows), psfFlux: psfFlux, psfFluxErr: floats(rows, "psfFluxErr"),
            scienceFlux: floats(rows, "scienceFlux"), scienceFluxErr: floats(rows, "scienceFluxErr"))
        return (ids, history)
    }

    /// Forced rows of the objects given; rows of other objects are left out.
    static func forced(_ table: Table, of objects: [Int64]) -> ForcedHistory {
        // Columns of a file without rows may be of no type.
        guard table.rowCount > 0 else { return ForcedHistory(objects: objects.count) }
        let owner = table["diaObjectId"]!.int64s!
        let place = Dictionary(uniqueKeysWithValues: objects.enumerated().map { ($1, $0) })
        let order = owner.indices.filter { place[owner[$0]] != nil }.sorted { place[owner[$0]]! < place[owner[$1]]! }
        let rows = table.gather(order)
        var start = [Int](repeating: 0, count: objects.count + 1)
        for row in order { start[place[owner[row]]! + 1] += 1 }
        for i in objects.indices { start[i + 1] += start[i] }
        return ForcedHistory(
            start: start, midpointMjdTai: rows["midpointMjdTai"]!.doubles!, band: bands(rows), psfFlux: floats(rows, "psfFlux"),
            psfFluxErr: floats(rows, "psfFluxErr"))
    }

    /// The different keys in rising order, where each begins in the rows put in that order, and that order.
    static func groups(_ keys: [Int64]) -> (keys: [Int64], start: [Int], order: [Int]) {
        let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
        var (out, start) = ([Int64](), [Int]())
        for (place, row) in order.enumerated() where out.last != keys[row] {
            out.append(keys[row])
            start.append(place)
        }
        return (out, start + [keys.count], order)
    }

    /// Values as floats, NaN where null or where there is no such column.
    static func floats(_ table: Table, _ name: String) -> [Float] {
        guard let column = table[name] else { return [Float](repeating: .nan, count: table.rowCount) }
        let values = column.floats ?? column.doubles!.map { Float($0) }
        return values.indices.map { column.isNull($0) ? .nan : values[$0] }
    }

    static func bands(_ table: Table) -> [UInt8] {
        let names = table["band"]!.strings!
        return (0..<table.rowCount).map { row in bandNames.firstIndex(of: names[row]).map { UInt8($0) } ?? 255 }
    }

    /// The history as rows with their object's number, for the script that computes the same.
    static func table(_ history: SourceHistory) -> Table {
        Table([
            Column("object", .int64(objectNumbers(history.start))), Column("diaSourceId", .int64(history.diaSourceId)),
            Column("midpointMjdTai", .double(history.midpointMjdTai)), Column("ra", .double(history.ra)),
            Column("dec", .double(history.dec)), Column("raErr", .float(history.raErr)), Column("decErr", .float(history.decErr)),
            Column("raDecCov", .float(history.raDecCov)), Column("band", .int16(history.band.map { Int16($0) })),
            Column("psfFlux", .float(history.psfFlux)), Column("psfFluxErr", .float(history.psfFluxErr)),
            Column("scienceFlux", .float(history.scienceFlux)), Column("scienceFluxErr", .float(history.scienceFluxErr)),
        ])
    }

    static func table(_ history: ForcedHistory) -> Table {
        Table([
            Column("object", .int64(objectNumbers(history.start))), Column("midpointMjdTai", .double(history.midpointMjdTai)),
            Column("band", .int16(history.band.map { Int16($0) })), Column("psfFlux", .float(history.psfFlux)),
            Column("psfFluxErr", .float(history.psfFluxErr)),
        ])
    }

    private static func objectNumbers(_ start: [Int]) -> [Int64] {
        (0..<start.count - 1).flatMap { [Int64](repeating: Int64($0), count: start[$0 + 1] - start[$0]) }
    }

    /// The same rows in another order within each object: `order` takes a row range and gives its rows anew.
    static func reordered(_ h: SourceHistory, _ order: (Range<Int>) -> [Int]) -> SourceHistory {
        let rows = (0..<h.objectCount).flatMap { order(h.start[$0]..<h.start[$0 + 1]) }
        return SourceHistory(
            start: h.start, diaSourceId: rows.map { h.diaSourceId[$0] }, midpointMjdTai: rows.map { h.midpointMjdTai[$0] },
            ra: rows.map { h.ra[$0] }, dec: rows.map { h.dec[$0] }, raErr: rows.map { h.raErr[$0] }, decErr: rows.map { h.decErr[$0] },
            raDecCov: rows.map { h.raDecCov[$0] }, band: rows.map { h.band[$0] }, psfFlux: rows.map { h.psfFlux[$0] },
            psfFluxErr: rows.map { h.psfFluxErr[$0] }, scienceFlux: rows.map { h.scienceFlux[$0] },
            scienceFluxErr: rows.map { h.scienceFluxErr[$0] })
    }

    static func reordered(_ h: ForcedHistory, _ order: (Range<Int>) -> [Int]) -> ForcedHistory {
        let rows = (0..<h.objectCount).flatMap { order(h.start[$0]..<h.start[$0 + 1]) }
        return ForcedHistory(
            start: h.start, midpointMjdTai: rows.map { h.midpointMjdTai[$0] }, band: rows.map { h.band[$0] },
            psfFlux: rows.map { h.psfFlux[$0] }, psfFluxErr: rows.map { h.psfFluxErr[$0] })
    }
}
