import TestSupport
import Testing

@testable import Release

@Suite("Counting of shared sources")
struct LinkCounterTests {
    /// Matches of a few objects, some without an object on one side.
    private func matches(_ rows: [(old: Int64, new: Int64)]) throws -> SourceMatches {
        func sources(_ shift: Int64, _ object: ((old: Int64, new: Int64)) -> Int64) -> CrosswalkSources {
            CrosswalkFixture.sources(
                rows.enumerated().map {
                    .init(visit: Int64($0 + 1), detector: 1, id: Int64($0 + 1) + shift, x: 0, y: 0, object: object($1))
                })
        }
        return try SourceCrosswalk.match(old: sources(0, \.old), new: sources(1_000_000, \.new), rules: CrosswalkRules())
    }

    @Test("each pair of objects has as many shared sources as there are pairs of their sources, however they are batched")
    func counts() throws {
        var random = SeededGenerator(state: 9)
        let rows = (0..<600).map { _ in
            (old: Int64.random(in: 0..<5, using: &random), new: Int64.random(in: 0..<6, using: &random))
        }
        var expected: [[Int64]: Int64] = [:]
        for row in rows where row.old != 0 && row.new != 0 { expected[[row.old, row.new], default: 0] += 1 }
        var (whole, parts) = (LinkCounter(), LinkCounter())
        whole.add(try matches(rows))
        for start in stride(from: 0, to: rows.count, by: 150).reversed() {
            parts.add(try matches(Array(rows[start..<start + 150])))
            // Asking in between changes nothing.
            _ = parts.allLinks()
        }
        let links = whole.allLinks()
        #expect(Dictionary(uniqueKeysWithValues: links.map { ([$0.oldDiaObjectId, $0.newDiaObjectId], $0.sharedSources) }) == expected)
        #expect(parts.allLinks() == links)
    }
}
