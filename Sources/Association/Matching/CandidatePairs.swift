/// A source and an object that may belong together.
struct CandidatePair {
    var source: Int32
    var object: Int32
    var merit: Double
    var chordSquared: Double
}

/// All pairs within the radius that are better than no match, in no order that means anything.
struct CandidatePairs {
    let pairs: [CandidatePair]
    let cost: PairCost

    /// Indexes the shorter list and runs through the longer one.
    /// - Complexity: O(n + m + pairs within the radius)
    init(sources: Positions, objects: Positions, model: MatchModel, usesErrors: Bool) {
        let cost = PairCost(model, usesErrors: usesErrors)
        let radius = SearchRadius(arcsec: model.radiusArcsec)
        var pairs: [CandidatePair] = []
        pairs.reserveCapacity(min(sources.count, objects.count))
        if sources.count <= objects.count {
            CellIndex(sources, radius: radius, otherCount: objects.count).forEachPair(with: objects) { source, object, chordSquared in
                let merit = cost.merit(source: source, object: object, chordSquared: chordSquared)
                if merit > cost.noMatchMerit {
                    pairs.append(CandidatePair(source: source.row, object: object.row, merit: merit, chordSquared: chordSquared))
                }
            }
        } else {
            CellIndex(objects, radius: radius, otherCount: sources.count).forEachPair(with: sources) { object, source, chordSquared in
                let merit = cost.merit(source: source, object: object, chordSquared: chordSquared)
                if merit > cost.noMatchMerit {
                    pairs.append(CandidatePair(source: source.row, object: object.row, merit: merit, chordSquared: chordSquared))
                }
            }
        }
        self.pairs = pairs
        self.cost = cost
    }
}
