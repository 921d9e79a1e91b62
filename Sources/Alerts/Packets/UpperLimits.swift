import Catalog
import Columns

/// Visits that covered a position and recorded nothing of its object.
enum UpperLimits {
    /// What an object has records of.
    struct Recorded: Hashable {
        var object: Int
        var visit: Int64
        var detector: Int32
    }

    /// - Parameters:
    ///   - ra, dec: positions of the objects, ICRS degrees.
    ///   - recorded: visit-detectors from which there are sources or forced sources of objects.
    /// - Returns: rows with the fields of `diaNondetectionLimit`, and for each the number of its object; by object and time.
    static func rows(_ visits: [CoveringVisits.Visit], ra: [Double], dec: [Double], recorded: Set<Recorded>) -> (Table, [Int]) {
        var (object, at): ([Int], [Int]) = ([], [])
        for (i, visit) in visits.enumerated() {
            let covered = visit.region.contains(ra: ra, dec: dec)
            for number in covered.indices where covered[number] {
                if recorded.contains(Recorded(object: number, visit: visit.visit, detector: visit.detector)) { continue }
                object.append(number)
                at.append(i)
            }
        }
        let band = at.map { visits[$0].band }
        let noise = at.map { visits[$0].diaNoise }
        let rows = Table([
            Column("visit", .int64(at.map { visits[$0].visit })), Column("detector", .int32(at.map { visits[$0].detector })),
            Column("midpointMjdTai", .double(at.map { visits[$0].midpointMjdTai })),
            Column("band", .string(.init(band.map { $0 ?? "" })), validity: Validity(band.map { $0 != nil })),
            Column("diaNoise", .float(noise.map { $0 ?? 0 }), validity: Validity(noise.map { $0 != nil })),
        ])
        return (rows, object)
    }
}
