import Association
import Columns
import Sphere
import TestSupport
import Testing

@testable import Release

@Suite("A crosswalk is cut into pieces that memory holds") struct CrosswalkPiecesTests {
    @Test("every visit-detector is in one batch, none has more than the limit unless it is a single one, and ranges name no other's")
    func batches() {
        var random = SeededGenerator(state: 5)
        for limit in [1, 40, 300, 100_000] {
            var all: [(key: VisitDetectorKey, sourceCount: Int)] = []
            for visit in Int64(100)..<140 {
                for detector in Int32(0)..<Int32.random(in: 1...6, using: &random) {
                    all.append((VisitDetectorKey(visit: visit, detector: detector), Int.random(in: 0...60, using: &random)))
                }
            }
            let batches = VisitDetectorBatch.batches(all.shuffled(using: &random), limit: limit)
            #expect(batches.flatMap(\.keys) == all.map(\.key).sorted())
            for batch in batches {
                #expect(batch.sourceCount <= limit || batch.keys.count == 1)
                let named = all.filter {
                    batch.visits.contains($0.key.visit) && (batch.detectors?.contains($0.key.detector) ?? true)
                }
                #expect(named.map(\.key).sorted() == batch.keys)
            }
        }
    }

    @Test(
        "two objects within the radius meet in the tiles of both, and only those near edges are held in memory",
        arguments: ["htm20", "s2-20"])
    func borders(_ name: String) throws {
        let pixelization = try Sphere.pixelization(named: name)
        var random = SeededGenerator(state: 8)
        let count = 4000
        // Near the pole too, where a degree of right ascension is short.
        for centre in [(ra: 150.0, dec: -30.0), (ra: 10.0, dec: 89.95), (ra: 0.0, dec: 0.0)] {
            func places() -> (ra: [Double], dec: [Double]) {
                (
                    (0..<count).map { _ in centre.ra + Double.random(in: -0.2...0.2, using: &random) },
                    (0..<count).map { _ in min(90, centre.dec + Double.random(in: -0.2...0.2, using: &random)) }
                )
            }
            let radius = 8.0
            let points = places()
            let tiles = pixelization.index(ra: points.ra, dec: points.dec).map { Int64(pixelization.tile(of: $0)) }
            var border = BorderObjects(pixelization, radiusArcsec: radius)
            let ids = (1...count).map(Int64.init)
            // Every tenth says another tile than that of its position.
            let told = tiles.indices.map { tiles[$0] + ($0 % 10 == 0 ? 1 : 0) }
            try border.add(
                Table([
                    Column("diaObjectId", .int64(ids)), Column("ra", .double(points.ra)), Column("dec", .double(points.dec)),
                    Column("tile", .int64(told)),
                ]))
            #expect(Set(border.moved.keys) == Set(ids.filter { ($0 - 1) % 10 == 0 }))
            #expect(border.moved.allSatisfy { $0.value == tiles[Int($0.key) - 1] })
            let all = Positions(id: ids, ra: points.ra, dec: points.dec)
            let visits = border.visitors.mapValues { Set($0.map(\.id)) }
            let pairs = NearPairs(all, all, radiusArcsec: radius)
            var crossing = 0
            for k in 0..<pairs.count where tiles[Int(pairs.first[k])] != tiles[Int(pairs.second[k])] {
                crossing += 1
                #expect(visits[tiles[Int(pairs.second[k])]]?.contains(ids[Int(pairs.first[k])]) == true)
            }
            #expect(crossing > 0)
            if centre.dec < 80 { #expect(visits.values.reduce(0) { $0 + $1.count } < count / 2) }
        }
    }
}
