import Alerts
import Catalog
import Columns
import Postgres

/// All alerts of the ledger traced to the current generation, a piece at a time.
public struct AlertSurvey {
    let walk: Correspondences
    /// Reads the ledger while the walk's own connection answers.
    let ledger: Connection

    public init(instance: Instance) throws {
        walk = try Correspondences(instance: instance, connection: instance.connect(as: .reader))
        ledger = try instance.connect(as: .reader)
    }

    /// What is known of an alert's source.
    public enum State: String, Sendable, CaseIterable, Codable {
        /// It is in the current generation.
        case found
        case withdrawn
        /// The release's processing found no such source.
        case vanished
        /// Alerts of others and those without detection have no source here.
        case noSource
        /// It should be in the current generation and is not: retention took it, or its visit is not there.
        case gone
        /// A crosswalk is missing on the way.
        case noCrosswalk

        /// Whether the question what became of it has an answer.
        public var isTraced: Bool { self != .gone && self != .noCrosswalk }
    }

    private static let piece = 20_000

    /// - Parameter body: receives rows alertId, generation, diaSourceId, state, nowGeneration, nowDiaSourceId, nowDiaObjectId, nowSsObjectId;
    ///   false to stop.
    /// - Returns: how many alerts by state.
    public func run(_ body: (Table) throws -> Bool) throws -> [State: Int] {
        let current = try walk.instance.generation(walk.current, on: walk.connection)
        var counts: [State: Int] = [:]
        struct Stopped: Error {}
        do {
            try ledger.copyOut(
                """
                SELECT "alertId", "generation", "diaSourceId", "kind" FROM ledger."Alert" ORDER BY "issuedMjdTai", "batchId", "place"
                """, rowsPerTable: Self.piece
            ) { rows in
                let (table, states) = try traced(rows, current)
                for state in states { counts[state, default: 0] += 1 }
                guard try body(table) else { throw Stopped() }
            }
        } catch is Stopped {}
        return counts
    }

    private func traced(_ rows: Table, _ current: Generation) throws -> (Table, [State]) {
        let (alertId, generation) = (rows["alertId"]?.int64s ?? [], rows["generation"]?.int32s ?? [])
        let (source, kind) = (rows["diaSourceId"]!, rows["kind"]!.strings!)
        let ids: [Int64?] = alertId.indices.map { row in
            let key = LedgerBatchKey(generation: generation[row], visit: 0, detector: 0, kind: kind[row])
            return source.isNull(row) || ForeignImport.isForeign(key) ? nil : source.int64s![row]
        }
        var now = ids
        var states = [State](repeating: .noSource, count: ids.count)
        for from in Set(generation) {
            let mine = ids.indices.filter { generation[$0] == from && ids[$0] != nil }
            let steps = mine.isEmpty ? [:] : try walk.sources(mine.map { ids[$0]! }, from: Int(from), to: current.id)
            for row in mine {
                states[row] = .found
                guard let last = steps[ids[row]!]?.last else { continue }
                now[row] = last.becomes
                if last.finding == .vanished { states[row] = .vanished }
                if last.finding == .noCrosswalk { states[row] = .noCrosswalk }
            }
        }
        let owners = try owners(now.indices.filter { states[$0] == .found }.compactMap { now[$0] }, current)
        for row in now.indices where states[row] == .found {
            guard let owner = owners[now[row]!] else {
                (states[row], now[row]) = (.gone, nil)
                continue
            }
            if owner.isWithdrawn { states[row] = .withdrawn }
        }
        func numbers(_ name: String, _ values: [Int64?]) -> Column {
            Column(name, .int64(values.map { $0 ?? 0 }), validity: Validity(values.lazy.map { $0 != nil }))
        }
        let table = Table([
            Column("alertId", .int64(alertId)), Column("generation", .int32(generation)), numbers("diaSourceId", ids),
            Column("state", .string(ByteStrings(states.map(\.rawValue)))),
            Column("nowGeneration", .int32(.init(repeating: Int32(current.id), count: ids.count))), numbers("nowDiaSourceId", now),
            numbers("nowDiaObjectId", now.map { $0.flatMap { owners[$0]?.object } }),
            numbers("nowSsObjectId", now.map { $0.flatMap { owners[$0]?.ssObject } }),
        ])
        return (table, states)
    }

    private struct Owner {
        var object: Int64?
        var ssObject: Int64?
        var isWithdrawn: Bool
    }

    private func owners(_ ids: [Int64], _ current: Generation) throws -> [Int64: Owner] {
        let source = current.document[table: "DiaSource"]
        let ss = source?[column: "ssObjectId"] == nil ? "NULL::bigint" : "\"ssObjectId\""
        let withdrawn = source?[column: "timeWithdrawnMjdTai"] == nil ? "false" : "\"timeWithdrawnMjdTai\" IS NOT NULL"
        let rows = try walk.connection.query(
            """
            SELECT "diaSourceId" AS id, "diaObjectId" AS object, \(ss) AS ss, \(withdrawn) AS withdrawn
            FROM \(current.table("DiaSource")) WHERE "diaSourceId" = ANY ($1)
            """, [.int64Array(ids)])
        guard let id = rows["id"]?.int64s, let object = rows["object"], let ssObject = rows["ss"],
            let isWithdrawn = rows["withdrawn"]?.bools
        else { return [:] }
        var out: [Int64: Owner] = [:]
        for row in id.indices {
            out[id[row]] = Owner(
                object: object.isNull(row) ? nil : object.int64s?[row], ssObject: ssObject.isNull(row) ? nil : ssObject.int64s?[row],
                isWithdrawn: isWithdrawn[row])
        }
        return out
    }
}
