import Association
import Columns
import Postgres
import Sphere

/// New objects take the earlier sources near them that founded nothing: of a variable star's first detections the flagged ones are not lost.
extension StoreTransaction {
    /// Takes them in the database and adds them to the histories.
    /// - Returns: for each object how many it took.
    func adopt(_ members: Members, into history: inout ObjectHistory) throws -> [Int32] {
        var taken = [Int32](repeating: 0, count: history.objectCount)
        guard configuration.founding.adoptsEarlierSources, !members.founded.isEmpty else { return taken }
        let new = Positions(sources, dec: roles.dec).gather(members.founded)
        let radiusArcsec = configuration.association.match.radiusArcsec
        let waiting = try unassociated(around: new, radiusArcsec: radiusArcsec)
        guard waiting.rowCount > 0 else { return taken }
        let founders = Adoption.founders(of: Positions(waiting, dec: roles.dec), among: new, radiusArcsec: radiusArcsec)
        guard founders.contains(where: { $0 != nil }) else { return taken }
        history.add(waiting, owners: founders.map { $0.map { members.known.count + $0 } })

        let (id, disposition, tile) = (waiting["diaSourceId"]?.int64s ?? [], waiting["disposition"]?.strings, waiting["tile"]?.int32s ?? [])
        let time = waiting[roles.sourceMidpoint]?.doubles ?? []
        var updates = UpdateRecords(cause: "a new object was founded within the radius", mjdTai: processedMjdTai)
        var changes: [SourceChange] = []
        for (row, founder) in founders.enumerated().sorted(by: { id[$0.offset] < id[$1.offset] }) {
            guard let founder else { continue }
            let owner = members.objectId[members.founded[founder]]!
            taken[members.known.count + founder] += 1
            changes.append(
                SourceChange(
                    diaSourceId: id[row], midpointMjdTai: time[row], tile: tile[row], newTile: members.tile[members.founded[founder]],
                    diaObjectId: owner, ssObjectId: nil, disposition: .adopted))
            updates.add(
                .reassignSourceToObject, diaSourceId: id[row], diaObjectId: owner,
                before: ["diaObjectId": .none, "disposition": .text(disposition?[row] ?? ""), "tile": .integer(Int64(tile[row]))],
                after: [
                    "diaObjectId": .integer(owner), "disposition": .text(Disposition.adopted.rawValue),
                    "tile": .integer(Int64(changes.last!.newTile)),
                ])
        }
        try SourceChange.apply(changes, to: generation, on: connection)
        try updates.store(in: generation, on: connection)
        counts.adopted = changes.count
        keepAdopted(waiting, founders, members)
        return taken
    }

    /// The window's sources near new objects that founded nothing and may yet belong to something; a few farther ones of the same pixels.
    private func unassociated(around new: Positions, radiusArcsec: Double) throws -> Table {
        let radius = radiusArcsec / 3600 * .pi / 180
        let ranges = try new.id.indices.flatMap { row in
            let center = UnitVector(x: new.x[row], y: new.y[row], z: new.z[row])
            return pixelization.envelope(of: .circle(try Circle(center: center, radius: radius)), maxRanges: 4).ranges
        }
        let since = visitDetector.midpointMjdTai - Double(configuration.summaries.readSourcesMonths) * SummaryModel.daysPerMonth
        let reader = HistoryReader(connection: connection, generation: generation)
        let known =
            request.alerts == nil ? HistoryReader.sourceColumns(generation) : generation.document[table: "DiaSource"]!.columns.map(\.name)
        let columns = (known + ["disposition", "tile"]).map { "s.\(quoted($0))" }.joined(separator: ", ")
        let owners = generation.document[table: "DiaSource"]![column: "ssObjectId"] == nil ? "" : " AND s.\"ssObjectId\" IS NULL"
        let rows = PixelScan(Array(RangeSet(ranges).ranges)).rows(
            of: generation.table("DiaSource"), as: "s",
            where: [
                "s.\"diaObjectId\" IS NULL\(owners)",
                "s.\"disposition\" IN ('\(Disposition.marginal.rawValue)', '\(Disposition.limited.rawValue)')",
                // Not the bare column: where a new partition has no statistics yet the index by time looks as good as that by pixel.
                "s.\(quoted(roles.sourceMidpoint)) + 0 > \(since)\(reader.isKept("DiaSource"))",
            ])
        return try connection.copyOut("SELECT \(columns) FROM \(rows)")
    }
}
