import Catalog
import Columns
import Postgres

extension Correspondences {
    /// All steps of an object on the way between two generations, release by release: what was split is followed in all its parts.
    public func objects(_ id: Int64, from: Int, to: Int) throws -> [ObjectStep] {
        var out: [ObjectStep] = []
        var here = [id]
        for leg in try legs(from: from, to: to) {
            let steps = try here.flatMap { try step($0, leg) }
            out += steps
            here = Set(steps.filter(\.isFollowed).compactMap(\.becomes)).sorted()
        }
        return out
    }

    /// What an object of one generation is in another: none where it vanished or is not known; itself in its own.
    public func whatBecame(of id: Int64, from: Int, to: Int) throws -> [Int64] {
        if from == to { return [id] }
        return Set(try objects(id, from: from, to: to).filter { $0.toGeneration == to && $0.isFollowed }.compactMap(\.becomes)).sorted()
    }

    private func step(_ id: Int64, _ leg: Leg) throws -> [ObjectStep] {
        func plain(_ finding: ObjectStep.Finding, _ becomes: Int64?) -> ObjectStep {
            ObjectStep(
                release: leg.way.release, crosswalk: leg.way.crosswalk, fromGeneration: leg.from, toGeneration: leg.to, diaObjectId: id,
                becomes: becomes, finding: finding)
        }
        guard let crosswalk = leg.way.crosswalk else { return [plain(.noCrosswalk, nil)] }
        let (own, other) = leg.isBackward ? ("new", "old") : ("old", "new")
        let rows = try connection.query(
            """
            SELECT "\(other)DiaObjectId" AS partner, "kind", "nShared", "n\(own.capitalized)" AS "nOwn", "n\(other.capitalized)" AS "nOther",
                   "separationArcsec"
            FROM skyledger."CrosswalkObject" WHERE "crosswalk" = $1 AND "\(own)DiaObjectId" = $2
            ORDER BY "kind" = 'minor', "nShared" DESC, 1
            """, [.int32(Int32(crosswalk)), .int64(id)])
        guard rows.rowCount > 0 else { return try younger(id, leg, plain) }
        return (0..<rows.rowCount).map { row in
            let partner = rows["partner"]!
            var step = plain(
                Self.finding(rows["kind"]!.strings![row], leg.isBackward), partner.isNull(row) ? nil : partner.int64s![row])
            if step.becomes != nil {
                step.nShared = Int(rows["nShared"]!.int32s![row])
                step.nOwn = Int(rows["nOwn"]!.int32s![row])
                step.nOther = Int(rows["nOther"]!.int32s![row])
                step.separationArcsec = rows["separationArcsec"]!.isNull(row) ? nil : Double(rows["separationArcsec"]!.floats![row])
            }
            return step
        }
    }

    /// A stored kind, from the side where the step begins.
    static func finding(_ kind: String, _ isBackward: Bool) -> ObjectStep.Finding {
        switch ObjectLinkKind(rawValue: kind) {
        case .same: .same
        case .split: isBackward ? .merged : .split
        case .merged: isBackward ? .split : .merged
        case .mixed: .mixed
        case .minor: .minor
        case .vanished, .new, nil: .vanished
        }
    }

    /// An object that came after the crosswalk: its sources say what it is, where both generations are there to be asked.
    private func younger(_ id: Int64, _ leg: Leg, _ plain: (ObjectStep.Finding, Int64?) -> ObjectStep) throws -> [ObjectStep] {
        guard present.contains(leg.from), present.contains(leg.to) else { return [plain(.sameId, id)] }
        func table(_ generation: Int) throws -> String { try instance.generation(generation, on: connection).table("DiaSource") }
        let own = try connection.query("SELECT \"diaSourceId\" FROM \(try table(leg.from)) WHERE \"diaObjectId\" = $1", [.int64(id)])
        let sources = own["diaSourceId"]?.int64s ?? []
        let becomes = try self.sources(sources, from: leg.from, to: leg.to).values.compactMap { $0.last?.becomes }
        let rows = try connection.query(
            """
            SELECT "diaObjectId" AS id, count(*) AS n FROM \(try table(leg.to))
            WHERE "diaSourceId" = ANY ($1) AND "diaObjectId" IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1
            """, [.int64Array(becomes)])
        guard let ids = rows["id"]?.int64s, let counts = rows["n"]?.int64s, !ids.isEmpty else {
            return [sources.isEmpty ? plain(.sameId, id) : plain(.vanished, nil)]
        }
        return ids.indices.map { row in
            var step = plain(.bySources, ids[row])
            (step.nShared, step.nOwn, step.nOther) = (Int(counts[row]), sources.count, Int(counts[row]))
            return step
        }
    }
}
