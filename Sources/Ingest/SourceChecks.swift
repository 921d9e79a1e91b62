import Columns
import Foundation
import Sphere

/// What must hold of translated DiaSource rows before any of them is stored. Pure.
struct SourceChecks {
    /// Present names of declination and time in the schema.
    var dec: String
    var midpoint: String
    var file: String

    /// - Throws: `IngestError` naming the first row that is wrong, counted from 1.
    func check(_ rows: Table) throws {
        if let ra = rows["ra"]?.doubles, let decs = rows[dec]?.doubles {
            for row in ra.indices where !(ra[row] >= 0 && ra[row] < 360 && decs[row] >= -90 && decs[row] <= 90) {
                throw IngestError.badPosition(file: file, row: row + 1, ra: ra[row], dec: decs[row])
            }
        }
        if let times = rows[midpoint]?.doubles, let row = times.firstIndex(where: { !($0 > 15020 && $0 < 88069) }) {
            throw IngestError.badTime(file: file, row: row + 1, value: times[row])
        }
        if let ids = rows["diaSourceId"]?.int64s {
            var seen: [Int64: Int] = [:]
            seen.reserveCapacity(ids.count)
            for (row, id) in ids.enumerated() {
                if let first = seen.updateValue(row, forKey: id) {
                    throw IngestError.duplicateSource(file: file, rows: (first + 1, row + 1), diaSourceId: id)
                }
            }
        }
    }

    /// How far a position may lie outside the region, in radians: regions come with rounded corners and edges that are great circles where
    /// the detector's may be parallels.
    static let tolerance = 30.0 / 3600 * .pi / 180

    func check(_ rows: Table, fileRows: [Int], inside region: Region, visit: Int64, detector: Int32) throws {
        guard let ra = rows["ra"]?.doubles, let decs = rows[dec]?.doubles else { return }
        let allowed = region.padded(by: Self.tolerance)
        let inside = allowed.contains(ra: ra, dec: decs)
        guard let row = inside.firstIndex(of: false) else { return }
        let circle = region.boundingCircle
        let distance = (try UnitVector(ra: ra[row], dec: decs[row])).separation(to: circle.center) - circle.radius
        throw IngestError.outsideRegion(
            file: file, row: fileRows[row] + 1, visit: visit, detector: detector, degrees: max(Self.tolerance, distance) * 180 / .pi)
    }
}
