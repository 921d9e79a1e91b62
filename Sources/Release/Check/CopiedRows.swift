import Catalog
import Postgres
import Schema

/// What a generation took over from another one, held against it: a piece is replaced, all else must have stayed.
///
/// Compared are the values that were measured or computed: which object a source belongs to, and whether something was withdrawn, may have
/// changed since in either generation. Objects whose founding source was replaced have another number.
public struct CopiedRows: Sendable, Equatable, Codable {
    public struct Part: Sendable, Equatable, Codable {
        public var table: String
        /// Rows that were compared, and those that are not the same.
        public var rows: Int64 = 0
        public var different: Int64 = 0
    }

    /// Visit-detectors that were taken over, and those that the new generation made.
    public var visitDetectors: Int64
    public var ownVisitDetectors: Int64
    public var parts: [Part] = []
    /// Objects that have another number.
    public var renumberedObjects: Int64 = 0
    /// Sources that are with sources of other objects than before.
    public var movedSources: Int64 = 0
    /// The first rows that are not the same.
    public var named: [String] = []

    static let namedMax = 20

    public var rows: Int64 { parts.reduce(0) { $0 + $1.rows } }
    public var different: Int64 { parts.reduce(0) { $0 + $1.different } }
}

/// Reads it, a month of sources at a time.
struct CopiedRowsReader {
    let old: Generation
    let new: Generation
    let connection: Connection

    /// What may differ: bookkeeping, and what updates and later visits change in rows that stand.
    private static let changing: Set = [
        "replicaKey", "diaObjectId", "ssObjectId", "disposition", "tile", "timeWithdrawnMjdTai", "ssObjectReassocTimeMjdTai",
    ]

    /// - Parameter progress: parts done and in all; return false to stop.
    /// - Returns: nil where nothing was taken over.
    /// - Throws: `CheckError.interrupted`
    func read(progress: (Int, Int) -> Bool) throws -> CopiedRows? {
        let makers = try Releases(connection: connection).makers(of: new.id)
        let taken = makers.filter { $0.generation != new.id }.reduce(0) { $0 + $1.visitDetectors }
        guard taken > 0 else { return nil }
        var out = CopiedRows(visitDetectors: taken, ownVisitDetectors: makers.reduce(0) { $0 + $1.visitDetectors } - taken)
        var names = ReleaseFile.schemas(old, new)
        let months = try connection.query(ReleaseFile.sql("months", names))["month"]?.int64s.map(Array.init) ?? []
        names["midpoint"] = SQLText.identifier(new.layout.roles.sourceMidpoint)
        let owners = try ReleaseFile.sql("copied-owners", names)
        var done = 0
        func next() throws {
            guard progress(done, months.count + 1) else { throw CheckError.interrupted }
            done += 1
        }
        let tables = ["DiaSource", "DiaForcedSource"].filter { old.document[table: $0] != nil && new.document[table: $0] != nil }
        let texts = try tables.map { try statement($0, names) }
        out.parts = tables.map { CopiedRows.Part(table: $0) }
        for month in months {
            try next()
            let partition = TimePartition(number: Int(month))
            let bounds: [Parameter] = [.double(partition.lowerMjdTai), .double(partition.upperMjdTai)]
            for (place, text) in texts.enumerated() { try compare(text, bounds, place, into: &out) }
            out.movedSources += try connection.int64(owners, bounds) ?? 0
        }
        try next()
        try compareObjects(names, into: &out)
        return out
    }

    private func statement(_ table: String, _ names: [String: String]) throws -> String {
        var names = names
        let isForced = table == "DiaForcedSource"
        names["table"] = table
        names["midpoint"] = SQLText.identifier(isForced ? new.layout.roles.forcedMidpoint : new.layout.roles.sourceMidpoint)
        names["hash"] = hash(table)
        names["id"] = isForced ? "a.\"diaObjectId\"" : "a.\"diaSourceId\""
        // Forced sources have no number of their own that stays: they are found by their values. The new generation may have more by later
        // forced photometry, and lacks those of objects of which nothing is left.
        names["match"] = isForced ? names["hash"] : names["id"]
        names["matched"] = isForced ? "hash" : "id"
        names["join"] = isForced ? "RIGHT" : "FULL"
        names["newRows"] = isForced ? " AND a.\"generation\" <> \(new.id)" : ""
        return try ReleaseFile.sql("copied-sources", names)
    }

    private func compare(_ text: String, _ bounds: [Parameter], _ place: Int, into out: inout CopiedRows) throws {
        let rows = try connection.query(text, bounds + [.int64(Int64(CopiedRows.namedMax))])
        out.parts[place].rows += rows["rows"]?.int64s?.first ?? 0
        out.parts[place].different += rows["different"]?.int64s?.first ?? 0
        guard let visits = rows["visit"], let detectors = rows["detector"]?.int32s, let ids = rows["id"]?.int64s else { return }
        let table = out.parts[place].table
        for row in 0..<rows.rowCount where !visits.isNull(row) && out.named.count < CopiedRows.namedMax {
            let key = table == "DiaSource" ? "diaSourceId" : "diaObjectId"
            out.named.append("\(table) of visit \(visits.int64s![row]) detector \(detectors[row]), \(key) \(ids[row])")
        }
    }

    private func compareObjects(_ names: [String: String], into out: inout CopiedRows) throws {
        var names = names
        let roles = new.layout.roles
        names["start"] = SQLText.identifier(roles.validityStart)
        names["end"] = SQLText.identifier(roles.validityEnd)
        names["hash"] = hash("DiaObject", but: [roles.validityEnd])
        names["monthDays"] = "\(TimePartition.lengthDays)"
        let months =
            try connection.query(
                """
                SELECT substring(c.relname FROM '_([0-9]+)$')::bigint AS "month" FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
                WHERE i.inhparent = '\(old.table("DiaObject_closed"))'::regclass AND NOT i.inhdetachpending AND c.relname ~ '_[0-9]+$'
                """)["month"]?.int64s.map(Array.init) ?? []
        let rows = try connection.query(
            ReleaseFile.sql("copied-objects", names), [.int64Array(months), .int64(Int64(CopiedRows.namedMax))])
        out.parts.append(
            CopiedRows.Part(table: "DiaObject", rows: rows["rows"]?.int64s?.first ?? 0, different: rows["different"]?.int64s?.first ?? 0))
        out.renumberedObjects = rows["renumbered"]?.int64s?.first ?? 0
        guard let ids = rows["id"], let values = ids.int64s else { return }
        for row in 0..<rows.rowCount where !ids.isNull(row) && out.named.count < CopiedRows.namedMax {
            out.named.append("a version of DiaObject \(values[row])")
        }
    }

    /// A row's hash, of the alias `a`, over what both generations have alike and must not have changed.
    private func hash(_ table: String, but more: Set<String> = []) -> String {
        let given = old.document[table: table]?.columns ?? []
        let kept = given.filter { new.document[table: table]?[column: $0.name]?.datatype == $0.datatype }.map(\.name)
        let own = GenerationLayout.ownColumns(of: table).map(\.name).filter { !kept.contains($0) }
        let columns = (kept + own).filter {
            !more.contains($0) && (table == "DiaObject" ? $0 != "replicaKey" && $0 != "diaObjectId" : !Self.changing.contains($0))
        }
        return "hash_record_extended(ROW(\(columns.map { "a.\(SQLText.identifier($0))" }.joined(separator: ", "))), 0)"
    }
}
