import Association
import Columns
import Postgres
import Sphere

/// The one transaction of an update: takes locks, collects changes, writes them with new versions and records at the end.
final class UpdateTransaction {
    let updates: Updates
    let mjdTai: Double
    var records: UpdateRecords
    private var changes: [SourceChange] = []
    /// By object, how many sources it gains or loses.
    private var balance: [Int64: Int32] = [:]
    private(set) var objects: [Int64: OpenObject] = [:]
    private var founded: [OpenObject] = []
    /// Objects to close whatever they hold, and those to close when nothing is left of them.
    private var closing: Set<Int64> = []
    private var closingIfEmpty: Set<Int64> = []
    /// Rows of SSSource for sources that move to SSObjects.
    var ssSources = Table()
    var outcome = Updates.Outcome()

    var connection: Connection { updates.connection }
    var generation: Generation { updates.generation }

    init(_ updates: Updates, cause: String, mjdTai: Double) {
        self.updates = updates
        self.mjdTai = mjdTai
        records = UpdateRecords(cause: cause, mjdTai: mjdTai)
    }

    /// Locks what the rows and objects lie in and reads them again: nothing changes under the update from here on.
    ///
    /// - Parameters:
    ///   - sources: reads the rows; called before and after the locks are taken.
    ///   - objects: identifiers beside the rows' owners.
    /// - Throws: a retryable error where rows moved to other tiles in between.
    func lock(objects more: [Int64], tiles: [Int32] = [], sources: () throws -> [StoredSource]) throws -> [StoredSource] {
        func owners(_ rows: [StoredSource]) -> [Int64] { Set(rows.compactMap(\.diaObjectId) + more).sorted() }
        let before = try sources()
        let known = try OpenObject.read(owners(before), generation, on: connection)
        let locked = Set(before.map(\.tile) + known.values.map(\.tile) + tiles)
        try TileLocks(connection: connection, generation: generation).take(tiles: locked)
        let after = try sources()
        objects = try OpenObject.read(owners(after), generation, on: connection)
        guard locked.isSuperset(of: after.map(\.tile) + objects.values.map(\.tile)) else {
            var error = PostgresError(.server, "rows moved while they were read: run the command again")
            error.sqlState = "40001"
            throw error
        }
        return after
    }

    /// The sources named, all of them.
    func lockSources(_ ids: [Int64], objects: [Int64] = [], tiles: [Int32] = []) throws -> [StoredSource] {
        let rows = try lock(objects: objects, tiles: tiles) { try StoredSource.read(ids, generation, on: connection) }
        if rows.count < ids.count {
            let found = Set(rows.map(\.diaSourceId))
            throw CatalogError.badRequest("there is no DiaSource \(ids.first { !found.contains($0) } ?? 0): nothing was changed")
        }
        return rows
    }

    /// An object that must be open.
    func requireOpen(_ id: Int64) throws -> OpenObject {
        if let object = objects[id] { return object }
        let exists = try !OpenObject.existing([id], generation, on: connection).isEmpty
        throw CatalogError.badRequest(
            exists
                ? "DiaObject \(id) is closed and cannot be changed: nothing was changed"
                : "there is no DiaObject \(id): nothing was changed")
    }

    /// Gives a source another owner.
    func move(_ source: StoredSource, to object: OpenObject?, ssObjectId: Int64? = nil, disposition: Disposition) {
        let tile = object?.tile ?? updates.pixelization.tile(of: source.pixelId)
        changes.append(
            SourceChange(
                diaSourceId: source.diaSourceId, midpointMjdTai: source.midpointMjdTai, tile: source.tile, newTile: tile,
                diaObjectId: object?.diaObjectId, ssObjectId: ssObjectId, disposition: disposition))
        if !source.isWithdrawn {
            if let old = source.diaObjectId { balance[old, default: 0] -= 1 }
            if let object { balance[object.diaObjectId, default: 0] += 1 }
        }
        if let old = source.diaObjectId { closingIfEmpty.insert(old) }
    }

    /// A source of an object counts again, or no longer.
    func count(_ difference: Int32, of object: Int64) { balance[object, default: 0] += difference }

    func close(_ object: Int64) { closing.insert(object) }

    /// A new object, to which sources are then moved.
    func found(_ object: OpenObject) {
        founded.append(object)
        objects[object.diaObjectId] = object
    }

    /// Writes changes, versions and records.
    func finish() throws -> Updates.Outcome {
        let feed = try ChangeFeed.begin(generation, on: connection)
        try SourceChange.apply(changes, to: generation, on: connection)
        let renewedSSSources = try renewSSSources()
        outcome.diaSources += changes.count
        let new = Set(founded.map(\.diaObjectId))
        let touched = balance.keys.filter { objects[$0] != nil }.sorted()
        let empty = touched.filter { id in closingIfEmpty.contains(id) && objects[id]!.nDiaSources + balance[id]! <= 0 && !new.contains(id)
        }
        closing.formUnion(empty)
        let renewed = touched.filter { !closing.contains($0) }
        let ends = try writer.close((renewed.filter { !new.contains($0) } + closing).sorted(), at: mjdTai)
        try writeVersions(renewed, new: new, starts: ends)
        try remove(closing.sorted(), ends)
        outcome.diaObjectsUpdated = renewed
        outcome.diaObjectsClosed = closing.sorted()
        outcome.operation = try records.store(in: generation, on: connection)
        try feed.record(
            .update, rows: ["UpdateRecord": records.count, "DiaObject": renewed.count, "SSSource": renewedSSSources],
            operation: outcome.operation == 0 ? nil : outcome.operation)
        return outcome
    }

    /// What SSSource said of a source holds for the SSObject that it had, and no other.
    ///
    /// - Returns: how many rows were written.
    private func renewSSSources() throws -> Int {
        guard generation.document[table: "SSSource"]?[column: "diaSourceId"] != nil, !changes.isEmpty else { return 0 }
        let moved = Set(changes.map(\.diaSourceId))
        try connection.run("DELETE FROM \(generation.table("SSSource")) WHERE \"diaSourceId\" = ANY ($1)", [.int64Array(moved.sorted())])
        let ids = ssSources["diaSourceId"]?.int64s ?? []
        let rows = SolarSystemResult.storable(ssSources, generation).gather(ids.indices.filter { moved.contains(ids[$0]) })
        return try connection.copyIn(rows, to: generation.table("SSSource"))
    }

    private var writer: VersionWriter {
        VersionWriter(connection: connection, generation: generation, pixelization: updates.pixelization)
    }

    private func writeVersions(_ ids: [Int64], new: Set<Int64>, starts: [Int64: Double]) throws {
        guard !ids.isEmpty else { return }
        let rows = try VersionRenewal(connection: connection, generation: generation, configuration: updates.configuration).versions(
            of: ids.map { objects[$0]! }, nDiaSources: ids.map { objects[$0]!.nDiaSources + balance[$0]! },
            starts: ids.map { starts[$0] ?? mjdTai })
        for areNew in [false, true] {
            let chosen = ids.indices.filter { new.contains(ids[$0]) == areNew }
            try writer.insert(rows.gather(chosen), areNew: areNew)
        }
    }

    /// Takes closed objects out of DiaObjectLast.
    private func remove(_ ids: [Int64], _ ends: [Int64: Double]) throws {
        guard !ids.isEmpty else { return }
        try connection.run("DELETE FROM \(generation.table("DiaObjectLast")) WHERE \"diaObjectId\" = ANY ($1)", [.int64Array(ids)])
        for id in ids {
            records.add(
                .closeObject, diaObjectId: id, before: ["validityEndMjdTai": .none],
                after: [
                    "validityEndMjdTai": .real(ends[id] ?? .nan),
                    "nDiaSources": .integer(Int64(objects[id]?.nDiaSources ?? 0) + Int64(balance[id] ?? 0)),
                ])
        }
    }
}
