import Columns
import Foundation
import Sphere

/// Detections of ZTF's alerts as rows of DiaSource.
///
/// The file was made for tests of another program, which moved some detections of many objects to a few common places on the sky. These
/// share an exposure's time and quadrant with others far away: each gets an exposure of its own.
struct ZTFDetections {
    var candid: [Int64]
    var object: [String]
    var ra: [Double]
    var dec: [Double]
    /// Whether several objects' detections were put exactly there.
    var isMoved: [Bool]
    private var visit: [Int64]
    private var detector: [Int32]
    private var mjdTai: [Double]
    private var band: [String]
    private var flux: [Float]
    private var fluxErr: [Float]

    init(_ path: String) throws {
        let rows = try ParquetReader(path: path).read(
            columns: ["objectId", "candid", "jd", "fid", "ra", "dec", "magpsf", "sigmapsf", "isdiffpos", "field", "rcid"])
        candid = rows["candid"]!.int64s!
        object = candid.indices.map { rows["objectId"]!.strings![$0] }
        (ra, dec) = (rows["ra"]!.doubles!, rows["dec"]!.doubles!)
        let jd = rows["jd"]!.doubles!
        // TAI is 37 s ahead of UTC since 2017.
        mjdTai = jd.map { $0 - 2_400_000.5 + 37 / 86400 }
        detector = rows["rcid"]!.numbers!.map { Int32($0) }
        band = rows["fid"]!.numbers!.map { ["", "g", "r", "i"][Int($0)] }
        let field = rows["field"]!.numbers!
        visit = jd.indices.map { Int64(((jd[$0] - 2_460_000) * 86400).rounded()) * 2000 + Int64(field[$0]) % 2000 }
        let (magnitude, error) = (rows["magpsf"]!.numbers!, rows["sigmapsf"]!.numbers!)
        let positive = rows["isdiffpos"]!.strings!
        let sign = candid.indices.map { ["t", "1"].contains(positive[$0]) ? Float(1) : -1 }
        // AB magnitudes to nJy.
        let size = magnitude.map { Float(pow(10, (31.4 - $0) / 2.5)) }
        flux = size.indices.map { sign[$0] * size[$0] }
        fluxErr = size.indices.map { size[$0] * Float(error[$0] / 1.0857) }

        struct Place: Hashable {
            var ra: Double
            var dec: Double
        }
        let (names, places) = (object, ra.indices.map { [ra, dec] in Place(ra: ra[$0], dec: dec[$0]) })
        let objectsAt = Dictionary(grouping: places.indices) { places[$0] }.mapValues { rows in Set(rows.map { names[$0] }).count }
        isMoved = places.map { objectsAt[$0]! > 1 }
        struct Exposure: Hashable {
            var visit: Int64
            var detector: Int32
        }
        var first: [Exposure: Int] = [:]
        for row in ra.indices {
            let exposure = Exposure(visit: visit[row], detector: detector[row])
            if let other = first[exposure], abs(dec[row] - dec[other]) > 2 {
                (visit[row], isMoved[row]) = (-visit[row] * 1000 - Int64(row % 1000), true)
            } else if first[exposure] == nil {
                first[exposure] = row
            }
        }
    }

    var table: Table {
        let zero = [Float](repeating: 0, count: candid.count)
        return Table([
            Column("diaSourceId", .int64(candid)), Column("visit", .int64(visit)), Column("detector", .int16(detector.map(Int16.init))),
            Column("midpointMjdTai", .double(mjdTai)), Column("ra", .double(ra)), Column("dec", .double(dec)),
            Column("x", .float(zero)), Column("y", .float(zero)), Column("band", .string(.init(band))),
            Column("psfFlux", .float(flux)), Column("psfFluxErr", .float(fluxErr)),
        ])
    }

    /// The largest distance between two of the detections.
    func spreadArcsec(_ rows: [Int]) -> Double {
        let points = rows.map { try! UnitVector(ra: ra[$0], dec: dec[$0]) }
        return points.flatMap { a in points.map { b in a.separation(to: b) * 180 / .pi * 3600 } }.max() ?? 0
    }

    func hasTwoInOneExposure(_ rows: [Int]) -> Bool { Set(rows.map { mjdTai[$0] }).count < rows.count }
}
