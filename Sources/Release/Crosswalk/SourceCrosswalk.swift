import Association

/// Sources of an old and a new generation, matched by visit-detector and position.
///
///     let matches = try SourceCrosswalk.match(old: CrosswalkSources(oldRows), new: CrosswalkSources(newRows), rules: CrosswalkRules())
///     try copy(matches.table)
///
/// A batch holds whole visit-detectors, of both generations; how many is the caller's choice and changes nothing, since each is decided by
/// itself. Batches need no memory of each other and may be matched on several threads.
public enum SourceCrosswalk {
    /// One to one within a visit-detector, so that the sum of angles is least, where an old source without partner counts 1.01 times the
    /// radius (`OptimalAssignment`). Identifiers decide between equal sums; the order of rows does not matter. Sources whose position is
    /// not finite have no partner.
    ///
    /// - Throws: `ReleaseError.rule`, and `.duplicate` where one diaSourceId stands twice in a visit-detector of one generation.
    /// - Complexity: O(rows + pairs within the radius) where partners are clear, and sorting of each visit-detector's identifiers.
    public static func match(old: CrosswalkSources, new: CrosswalkSources, rules: CrosswalkRules) throws -> SourceMatches {
        try rules.check()
        var model = MatchModel()
        model.radiusArcsec = rules.sourceRadiusArcsec
        let (oldRows, newRows) = (old.rowsByVisitDetector(), new.rowsByVisitDetector())
        var out = SourceMatches()
        for key in Set(oldRows.keys).union(newRows.keys).sorted() {
            let before = try inOrder(oldRows[key] ?? [], of: old, key, .old)
            let after = try inOrder(newRows[key] ?? [], of: new, key, .new)
            append(key, old, before, new, after, model, to: &out)
        }
        return out
    }

    /// Rows in the order of identifiers, which are all different.
    private static func inOrder(_ rows: [Int32], of sources: CrosswalkSources, _ key: VisitDetectorKey, _ side: CrosswalkSide) throws
        -> [Int]
    {
        var keyed = rows.map { (id: sources.positions.id[Int($0)], row: Int($0)) }
        keyed.sort { $0.id < $1.id }
        var place: String { "visit \(key.visit), detector \(key.detector) of the \(side.rawValue) generation" }
        for k in keyed.indices {
            if keyed[k].id == 0 { throw ReleaseError.noIdentifier(what: "diaSourceId", place: place) }
            if k > 0, keyed[k].id == keyed[k - 1].id { throw ReleaseError.duplicate(what: "diaSourceId", id: keyed[k].id, place: place) }
        }
        return keyed.map(\.row)
    }

    private static func append(
        _ key: VisitDetectorKey, _ old: CrosswalkSources, _ before: [Int], _ new: CrosswalkSources, _ after: [Int], _ model: MatchModel,
        to out: inout SourceMatches
    ) {
        let assignment = OptimalAssignment.associate(
            sources: plain(old, before), objects: plain(new, after), model: model)
        var taken = [Bool](repeating: false, count: after.count)
        for (place, row) in before.enumerated() {
            let partner = assignment.objectRow[place]
            if let partner { taken[partner] = true }
            out.add(key, old, row, new, partner.map { after[$0] }, assignment.separationArcsec[place])
        }
        for (place, row) in after.enumerated() where !taken[place] { out.add(key, old, nil, new, row, .nan) }
        let matched = assignment.matchedCount
        out.counts.append(SourceMatchCount(key: key, matched: matched, vanished: before.count - matched, new: after.count - matched))
    }

    /// Without errors, so that the cost of a pair is its angle.
    private static func plain(_ sources: CrosswalkSources, _ rows: [Int]) -> Positions {
        let p = sources.positions
        return Positions(id: rows.map { p.id[$0] }, x: rows.map { p.x[$0] }, y: rows.map { p.y[$0] }, z: rows.map { p.z[$0] })
    }
}

extension SourceMatches {
    fileprivate mutating func add(
        _ key: VisitDetectorKey, _ old: CrosswalkSources, _ oldRow: Int?, _ new: CrosswalkSources, _ newRow: Int?, _ separation: Double
    ) {
        visit.append(key.visit)
        detector.append(key.detector)
        oldDiaSourceId.append(oldRow.map { old.positions.id[$0] } ?? 0)
        newDiaSourceId.append(newRow.map { new.positions.id[$0] } ?? 0)
        oldDiaObjectId.append(oldRow.map { old.diaObjectId[$0] } ?? 0)
        newDiaObjectId.append(newRow.map { new.diaObjectId[$0] } ?? 0)
        oldTile.append(oldRow.map { old.tile[$0] } ?? 0)
        newTile.append(newRow.map { new.tile[$0] } ?? 0)
        separationArcsec.append(separation)
    }
}
