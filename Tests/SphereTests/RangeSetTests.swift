import TestSupport
import Testing

@testable import Sphere

struct RangeSetTests {
    private func random(_ generator: inout SeededGenerator) -> [ClosedRange<Int64>] {
        (0..<Int.random(in: 0...12, using: &generator)).map { _ in
            let lower = Int64.random(in: -30...60, using: &generator)
            return lower...(lower + Int64.random(in: 0...8, using: &generator))
        }
    }

    private func ids(_ ranges: [ClosedRange<Int64>]) -> Set<Int64> { Set(ranges.flatMap { Array($0) }) }

    @Test("Union, intersection, containment and count agree with sets of single ids")
    func algebraAgreesWithSets() {
        var generator = SeededGenerator(state: 21)
        for _ in 0..<2_000 {
            let (a, b) = (random(&generator), random(&generator))
            let (left, right) = (RangeSet(a), RangeSet(b))
            #expect(ids(left.union(right).ranges) == ids(a).union(ids(b)))
            #expect(ids(left.intersection(right).ranges) == ids(a).intersection(ids(b)))
            #expect((-40...80).allSatisfy { left.contains($0) == ids(a).contains($0) })
            #expect(left.idCount == Double(ids(a).count))
            for (first, second) in zip(left.ranges, left.ranges.dropFirst()) {
                #expect(first.upperBound + 1 < second.lowerBound || (first.upperBound == -1 && second.lowerBound == 0))
            }
        }
    }

    @Test("A simplified set is the smallest superset with so few ranges, by trial of all choices of gaps")
    func simplifiedIsSmallest() {
        var generator = SeededGenerator(state: 22)
        for _ in 0..<500 {
            let set = RangeSet(random(&generator).map { ($0.lowerBound + 31)...($0.upperBound + 31) })
            for limit in 1...5 {
                let simple = set.simplified(toAtMost: limit)
                #expect(simple.ranges.count <= limit && ids(simple.ranges).isSuperset(of: ids(set.ranges)))
                guard set.ranges.count > limit else { continue }
                let smallest = (0..<(1 << (set.ranges.count - 1))).filter { $0.nonzeroBitCount == limit - 1 }.map { kept in
                    var total = set.ranges.last!.upperBound - set.ranges[0].lowerBound + 1
                    for gap in 0..<(set.ranges.count - 1) where kept >> gap & 1 == 1 {
                        total -= set.ranges[gap + 1].lowerBound - set.ranges[gap].upperBound - 1
                    }
                    return total
                }.min()!
                #expect(simple.idCount == Double(smallest))
            }
            #expect(set.simplified(toAtMost: 0) == set)
        }
    }

    @Test("No range spans the sign change, and the ends of Int64 are ids like others")
    func signChangeAndEnds() {
        let set = RangeSet([-5 ... -1, 0...5, Int64.max...Int64.max, Int64.min...Int64.min])
        #expect(set.ranges == [Int64.min...Int64.min, -5 ... -1, 0...5, Int64.max...Int64.max])
        #expect(set.simplified(toAtMost: 1).ranges == [Int64.min ... -1, 0...Int64.max])
        #expect(set.closingGaps(upTo: 3) == set)
        #expect(RangeSet([1...1, 3...3, 7...7]).closingGaps(upTo: 1).ranges == [1...3, 7...7])
    }
}
