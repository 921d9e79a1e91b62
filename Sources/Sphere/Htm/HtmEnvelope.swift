/// The cover of a region by trixels of one level.
enum HtmEnvelope {
    /// Breadth first: trixels inside are kept whole, those that cross the edge are divided until the level, or until there are many
    /// more ranges than allowed; then the narrowest gaps are closed. For the cover at hand no set of so few ranges is smaller.
    static func ranges(of region: Region, level: Int, maxRanges: Int) -> RangeSet {
        let probe = TrixelProbe(region)
        // With the slack, a cover whose number of ranges shrinks again at a deeper level is found too.
        let rangesMax = maxRanges > 0 ? 4 * maxRanges + 16 : Int.max
        var inside: [ClosedRange<Int64>] = []
        var crossing: [Trixel] = []
        func sort(_ trixel: Trixel, depth: Int) {
            switch probe.relation(to: trixel) {
            case .outside: break
            case .inside: inside.append(leaves(of: trixel.id, below: level - depth))
            case .crossing: crossing.append(trixel)
            }
        }
        for root in Trixel.roots { sort(root, depth: 0) }
        var depth = 0
        while depth < level, !crossing.isEmpty {
            if crossing.count > rangesMax / 4, cover(inside, crossing, below: level - depth).ranges.count > rangesMax { break }
            let parents = crossing
            crossing.removeAll(keepingCapacity: true)
            depth += 1
            for parent in parents {
                let children = parent.children
                sort(children.0, depth: depth)
                sort(children.1, depth: depth)
                sort(children.2, depth: depth)
                sort(children.3, depth: depth)
            }
        }
        return cover(inside, crossing, below: level - depth).simplified(toAtMost: maxRanges)
    }

    private static func cover(_ inside: [ClosedRange<Int64>], _ crossing: [Trixel], below levels: Int) -> RangeSet {
        RangeSet(inside + crossing.map { leaves(of: $0.id, below: levels) })
    }

    private static func leaves(of id: Int64, below levels: Int) -> ClosedRange<Int64> {
        let shift = Int64(2 * levels)
        return (id << shift)...(((id + 1) << shift) - 1)
    }
}
