/// Association by likelihood: the one-to-one pairing of least total cost.
///
/// The cost of a pair is the negative logarithm of the probability density (per square arcsecond) of the object's offset from the source,
/// given the errors of both: `-ln((1 - f) N(d; S) + f N(d; S + (radius / 2)^2))`, where d is (east, north) in the source's tangent plane, S
/// the sum of the covariances in the source's frame and f the model's `tailFraction`. A source without partner costs
/// `-ln(newSourceDensity)`; an object without partner costs nothing. Where no row of either side has errors, a pair costs its angle in
/// arcseconds and no match 1.01 times the radius.
///
///     let errors = PositionErrors(raErr: raErr, decErr: decErr, raDecCov: raDecCov)
///     let sources = Positions(id: diaSourceId, ra: ra, dec: dec, errors: errors)
///     let assignment = OptimalAssignment.associate(sources: sources, objects: objects, model: MatchModel())
public enum OptimalAssignment {
    /// The total of costs is the least of all pairings. Each connected component of the pairs within the radius is decided by itself,
    /// so what lies elsewhere changes nothing. Identifiers decide between equal totals; the order of rows does not matter. Rows whose
    /// position is not finite match nothing.
    ///
    /// Traps where a value of the model is out of its range (`MatchModel.isValid`).
    /// - Complexity: O(n + m + pairs within the radius) where partners are clear; see `SparseAssignment` for the rest.
    public static func associate(sources: Positions, objects: Positions, model: MatchModel) -> Assignment {
        let usesErrors = PairCost.usesErrors(sources: sources, objects: objects)
        let candidates = CandidatePairs(sources: sources, objects: objects, model: model, usesErrors: usesErrors)
        var assignment = Assignment(unmatched: sources.count)
        let contested = matchUnrivalled(candidates.pairs, objectCount: objects.count, into: &assignment)
        if !contested.isEmpty {
            matchContested(contested, candidates.cost, sources: sources, objects: objects, into: &assignment)
        }
        return assignment
    }

    /// The total that `associate` makes least: costs of the pairs, and no match for each other source. Infinite where a pair is impossible.
    /// - Complexity: O(number of sources)
    public static func totalCost(of assignment: Assignment, sources: Positions, objects: Positions, model: MatchModel) -> Double {
        let cost = PairCost(model, usesErrors: PairCost.usesErrors(sources: sources, objects: objects))
        let noMatch = cost.cost(merit: cost.noMatchMerit)
        var total = 0.0
        for (source, object) in assignment.objectRow.enumerated() {
            total += object.map { cost.cost(source: sources.sample(source), object: objects.sample($0)) } ?? noMatch
        }
        return total
    }

    /// Matches the pairs whose source and object have no other candidate; gives the other pairs.
    private static func matchUnrivalled(
        _ pairs: [CandidatePair], objectCount: Int, into assignment: inout Assignment
    ) -> [CandidatePair] {
        // One candidate or more than one: two bits' worth for each row.
        var sourceDegree = [UInt8](repeating: 0, count: assignment.objectRow.count)
        var objectDegree = [UInt8](repeating: 0, count: objectCount)
        var contested: [CandidatePair] = []
        pairs.withUnsafeBufferPointer { pairs in
            sourceDegree.withUnsafeMutableBufferPointer { sourceDegree in
                objectDegree.withUnsafeMutableBufferPointer { objectDegree in
                    for pair in pairs {
                        sourceDegree[Int(pair.source)] = min(2, sourceDegree[Int(pair.source)] + 1)
                        objectDegree[Int(pair.object)] = min(2, objectDegree[Int(pair.object)] + 1)
                    }
                    assignment.withUnsafeMutableBuffers { objectRow, separationArcsec in
                        for pair in pairs {
                            if sourceDegree[Int(pair.source)] == 1, objectDegree[Int(pair.object)] == 1 {
                                objectRow[Int(pair.source)] = Int(pair.object)
                                separationArcsec[Int(pair.source)] = Angle.arcsec(chordSquared: pair.chordSquared)
                            } else {
                                contested.append(pair)
                            }
                        }
                    }
                }
            }
        }
        return contested
    }

    /// Solves the components with more than one pair, with sources and objects in the order of their identifiers.
    private static func matchContested(
        _ pairs: [CandidatePair], _ cost: PairCost, sources: Positions, objects: Positions, into assignment: inout Assignment
    ) {
        let rows = IdentifierOrder(pairs.lazy.map(\.source), ids: sources.id)
        let columns = IdentifierOrder(pairs.lazy.map(\.object), ids: objects.id)
        // Counting sorts: by column, then by row, so that the entries of a row ascend.
        let byColumn = columns.sorted(Array(0..<Int32(pairs.count))) { pairs[Int($0)].object }.values
        let sorted = rows.sorted(byColumn) { pairs[Int($0)].source }
        let problem = SparseAssignment(
            starts: sorted.starts,
            entries: sorted.values.map {
                let pair = pairs[Int($0)]
                return SparseAssignment.Entry(cost: cost.cost(merit: pair.merit), column: columns.rank[Int(pair.object)])
            },
            columnCount: columns.rows.count, aloneCost: cost.cost(merit: cost.noMatchMerit))
        for (row, column) in problem.solve().enumerated() where column >= 0 {
            let span = sorted.starts[row]..<sorted.starts[row + 1]
            let k = span.first { problem.entries[$0].column == column }!
            let pair = pairs[Int(sorted.values[k])]
            assignment.objectRow[Int(pair.source)] = Int(pair.object)
            assignment.separationArcsec[Int(pair.source)] = Angle.arcsec(chordSquared: pair.chordSquared)
        }
    }
}
