import Columns
import Postgres

/// New versions of objects whose summaries forced sources have changed.
extension ForcedLoad {
    /// Computes the summaries anew from what is stored, and gives a new version to those objects where they differ from the open one, so
    /// that doing it again does nothing. The caller holds the locks of the objects' tiles.
    ///
    /// - Returns: how many got one.
    func refresh(_ objects: [OpenObject], mjdTai: Double) throws -> Int {
        guard !objects.isEmpty else { return 0 }
        let model = configuration.summaries
        let ids = objects.map(\.diaObjectId)
        let history = try HistoryReader(connection: connection, generation: generation)
            .history(of: ids, last: .init(repeating: -.infinity, count: ids.count), configuration: configuration)
        let versions = VersionTable(generation.layout)
        let (spans, summaries) = (history.spans(model), history.summaries(model, columns: versions.summaryColumns))
        // What holds over the objects' lives stays as it is.
        func states(_ chosen: [Int], starts: [Int64: Double]) -> [ObjectState] {
            chosen.map { i in
                let old = objects[i]
                return ObjectState(
                    diaObjectId: old.diaObjectId, tile: old.tile, ra: old.ra, dec: old.dec, nDiaSources: old.nDiaSources,
                    firstDiaSourceMjdTai: old.firstDiaSourceMjdTai, lastDiaSourceMjdTai: old.lastDiaSourceMjdTai,
                    nDiaSourcesGood: Int32(spans[i].good), validityStart: starts[old.diaObjectId] ?? mjdTai)
            }
        }
        let changed = try differing(versions.rows(states(Array(ids.indices), starts: [:]), summaries: summaries), ids)
        guard !changed.isEmpty else { return 0 }
        let writer = VersionWriter(connection: connection, generation: generation, pixelization: pixelization)
        let ends = try writer.close(changed.map { ids[$0] }.sorted(), at: mjdTai)
        try writer.insert(versions.rows(states(changed, starts: ends), summaries: summaries.gather(changed)), areNew: false)
        return changed.count
    }

    /// Numbers of the objects whose open version says something else than rows for them.
    private func differing(_ rows: Table, _ ids: [Int64]) throws -> [Int] {
        let roles = generation.layout.roles
        // The pixel follows from the position, and the start is what a new version is about.
        let names = rows.columnNames.filter { ![roles.validityStart, "pixelId", "tile"].contains($0) }
        let open = try connection.query(
            """
            SELECT \(names.map(quoted).joined(separator: ", ")) FROM \(generation.table("DiaObject"))
            WHERE "diaObjectId" = ANY ($1) AND \(quoted(roles.validityEnd)) IS NULL
            """, [.int64Array(ids)])
        let place = Dictionary(uniqueKeysWithValues: (open["diaObjectId"]?.int64s ?? []).enumerated().map { ($1, $0) })
        return ids.indices.filter { number in
            guard let row = place[ids[number]] else { return true }
            return RowComparison.difference(rows, number, open, row, in: names) != nil
        }
    }
}
