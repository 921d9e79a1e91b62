import Association
import Columns
import Foundation
import TestSupport

@testable import Release

/// Made sources of two generations: some shifted, some dropped, some added, crowded enough that partners are contested.
struct CrosswalkFixture {
    var old: CrosswalkSources
    var new: CrosswalkSources

    /// Several visit-detectors of small fields, with rows in random order.
    init(seed: UInt64, groups: Int = 6, perGroup: Int = 60, sideArcsec: Double = 12, scatterArcsec: Double = 0.4) {
        var random = SeededGenerator(state: seed)
        var rows: (old: [Row], new: [Row]) = ([], [])
        var id: Int64 = 1
        for group in 0..<groups {
            let (visit, detector) = (Int64(group / 2 + 7), Int32(group % 2))
            for _ in 0..<perGroup {
                let (x, y) = (Double.random(in: 0..<sideArcsec, using: &random), Double.random(in: 0..<sideArcsec, using: &random))
                let kind = Int.random(in: 0..<10, using: &random)
                id += 1
                if kind != 0 { rows.old.append(Row(visit: visit, detector: detector, id: id, x: x, y: y)) }
                func shift() -> Double { Double.random(in: -scatterArcsec...scatterArcsec, using: &random) }
                if kind != 1 { rows.new.append(Row(visit: visit, detector: detector, id: 100_000 - id, x: x + shift(), y: y + shift())) }
            }
        }
        rows.old.shuffle(using: &random)
        rows.new.shuffle(using: &random)
        (old, new) = (Self.sources(rows.old), Self.sources(rows.new))
    }

    struct Row {
        var visit: Int64
        var detector: Int32
        var id: Int64
        /// Arcseconds from RA 40, Dec 5, on a plane.
        var x: Double
        var y: Double
        var object: Int64 = 0
    }

    static func sources(_ rows: [Row]) -> CrosswalkSources {
        CrosswalkSources(
            visit: rows.map(\.visit), detector: rows.map(\.detector), positions: positions(rows.map { ($0.id, $0.x, $0.y) }),
            diaObjectId: rows.map(\.object), tile: rows.map { _ in 1 })
    }

    static func positions(_ rows: [(id: Int64, x: Double, y: Double)]) -> Positions {
        Positions(
            id: rows.map(\.id), ra: rows.map { 40 + $0.x / 3600 / cos(5 * Double.pi / 180) }, dec: rows.map { 5 + $0.y / 3600 })
    }
}

extension CrosswalkSources {
    func shuffled(seed: UInt64) -> CrosswalkSources {
        var random = SeededGenerator(state: seed)
        return rows(Array(0..<count).shuffled(using: &random))
    }

    func rows(_ rows: [Int]) -> CrosswalkSources {
        CrosswalkSources(
            visit: rows.map { visit[$0] }, detector: rows.map { detector[$0] }, positions: positions.gather(rows),
            diaObjectId: rows.map { diaObjectId[$0] }, tile: rows.map { tile[$0] })
    }

    /// With the identifiers as in a file.
    var table: Table {
        let places = positions.x.indices.map { row in
            (ra: atan2(positions.y[row], positions.x[row]) * 180 / .pi, dec: asin(positions.z[row]) * 180 / .pi)
        }
        return Table([
            Column("visit", .int64(visit)), Column("detector", .int32(detector)), Column("diaSourceId", .int64(positions.id)),
            Column("ra", .double(places.map(\.ra))), Column("dec", .double(places.map(\.dec))), Column("diaObjectId", .int64(diaObjectId)),
            Column("tile", .int64(tile)),
        ])
    }
}

/// A folder of a test's own.
func withFolder<T>(_ body: (String) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("release-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
}
