import Catalog
import TestSupport
import Testing

@Suite("Cutting the feed into chunks") struct SealPlanTests {
    private func changes(_ count: Int, seed: UInt64) -> [SealPlan.Change] {
        var generator = SeededGenerator(state: seed)
        return (1...max(count, 1)).prefix(count).map { number in
            SealPlan.Change(
                change: Int64(number), nRows: Int64.random(in: 1...60, using: &generator),
                sizeBytes: Int64.random(in: 1...5000, using: &generator), ageSeconds: Double(count - number))
        }
    }

    @Test("every change is in one chunk, in order; none but a single change is larger than the limit; none could take its neighbour too")
    func sealsAll() {
        var limits = SealPlan.Limits()
        (limits.sizeBytes, limits.rows) = (20_000, 200)
        for seed in 0..<50 as Range<UInt64> {
            let changes = changes(Int(seed) * 3, seed: seed)
            let chunks = SealPlan(changes, limits: limits, sealsAll: true).chunks
            #expect(chunks.flatMap { Array($0.firstChange...$0.lastChange) } == changes.map(\.change))
            for (number, chunk) in chunks.enumerated() {
                let members = changes.filter { (chunk.firstChange...chunk.lastChange).contains($0.change) }
                #expect(chunk.nRows == members.reduce(0) { $0 + $1.nRows } && chunk.sizeBytes == members.reduce(0) { $0 + $1.sizeBytes })
                #expect(members.count == 1 || chunk.nRows <= limits.rows && chunk.sizeBytes <= limits.sizeBytes)
                guard number + 1 < chunks.count, let next = changes.first(where: { $0.change == chunk.lastChange + 1 }) else { continue }
                #expect(chunk.nRows + next.nRows > limits.rows || chunk.sizeBytes + next.sizeBytes > limits.sizeBytes)
            }
        }
    }

    @Test("what is neither full nor old stays open, and is closed when its oldest change reaches the age")
    func age() {
        var limits = SealPlan.Limits()
        limits.ageSeconds = 10
        let young = (1...3).map { SealPlan.Change(change: $0, nRows: 1, sizeBytes: 1, ageSeconds: 9.9) }
        #expect(SealPlan(young, limits: limits, sealsAll: false).chunks.isEmpty)
        var old = young
        old[0].ageSeconds = 10
        #expect(SealPlan(old, limits: limits, sealsAll: false).chunks.map(\.lastChange) == [3])
        #expect(SealPlan([], limits: limits, sealsAll: true).chunks.isEmpty)
    }
}
