import Columns
import Postgres

/// Rows under one key that a copy has written, to be announced in the feed when they are committed.
struct PieceChange {
    var key: Int64
    var rows: Int
    var sizeBytes: Int
}

/// Takes over the rows of a generation that lie outside a piece, table by table, a slice of each at a time.
///
/// `piece_visit`, `piece_source` and `piece_object` say what stays behind and which objects have another number from now on. Partitions are
/// filled by themselves and attached then, so that their indexes are made at once.
struct PieceRows {
    let connection: Connection
    let from: Generation
    let to: Generation

    /// Blocks of the server in one slice: no more than a chunk of the feed holds.
    private static let sliceBlocks: Int64 = 4096

    /// A table's rows that are copied: which, and what of a row changes.
    private struct Source {
        var table: String
        /// The relation that is read, and the one that is written.
        var relation: String
        var target: String
        var joins = ""
        var condition: String
        /// SQL of columns that are not copied as they are.
        var changed: [String: String] = [:]
    }

    /// How far it is.
    struct Progress {
        var table: String
        var done: Int64
        var total: Int64
    }

    private static let notOfPiece =
        "NOT EXISTS (SELECT FROM piece_visit AS v WHERE v.\"visit\" = a.\"visit\" AND v.\"detector\" = a.\"detector\")"
    private static let byObject = "LEFT JOIN piece_object AS o ON o.\"oldId\" = a.\"diaObjectId\""
    private static let newObject = ["diaObjectId": "coalesce(o.\"newId\", a.\"diaObjectId\")"]

    /// Copies all tables of the feed.
    ///
    /// - Parameter progress: called before each slice; throws to stop.
    func copy(progress: (Progress) throws -> Void) throws -> [PieceChange] {
        var changes: [PieceChange] = []
        for (table, parent, _) in from.layout.timePartitioned {
            for leaf in try leaves(of: parent) {
                let target = quoted(to.schemaName) + "." + quoted(leaf.name)
                try connection.execute(
                    "CREATE TABLE \(target) (LIKE \(to.table(parent)) INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)")
                let relation = quoted(from.schemaName) + "." + quoted(leaf.name)
                changes += try copy(source(table, relation, target), progress)
                try connection.execute(
                    """
                    ALTER TABLE \(to.table(parent)) ATTACH PARTITION \(target) \(leaf.bound);
                    GRANT SELECT ON \(target) TO \(Role.reader.rawValue);
                    GRANT SELECT, INSERT, UPDATE, DELETE ON \(target) TO \(Role.ingest.rawValue)
                    """)
                // Its rule of validity comes with the copy's end: nobody else writes here.
            }
        }
        changes += try copy(source("DiaObject", from.table("DiaObject_open"), to.table("DiaObject_open")), progress)
        for table in ["SSSource", "UpdateRecord"]
        where table == "UpdateRecord" || from.document[table: table]?[column: "diaSourceId"] != nil {
            changes += try copy(source(table, from.table(table), to.table(table)), progress)
        }
        return changes
    }

    /// The versions that end with the copy: those of objects that are renewed.
    func copyEnded() throws -> PieceChange? {
        let end = from.layout.roles.validityEnd
        var ended = source("DiaObject", from.table("DiaObject_open"), to.table("DiaObject"))
        ended.condition = "o.\"fate\" = 'renew'"
        ended.changed[end] = "o.\"renewedMjdTai\""
        return try insert(ended, slice: nil)
    }

    /// Tables that are in no feed: the newest states of objects, and the visit table.
    func copyRest() throws {
        var last = source("DiaObjectLast", from.table("DiaObjectLast"), to.table("DiaObjectLast"))
        last.condition = "o.\"oldId\" IS NULL"
        try write(last)
        // Alerts are the former generation's: each is witnessed once.
        var visits = source("VisitDetector", from.table("VisitDetector"), to.table("VisitDetector"))
        visits.condition = Self.notOfPiece
        visits.changed = ["nAlerts": "0", "alertRoot": "NULL"]
        visits.joins = ""
        if from.layout.document[table: "DiaForcedSource"] != nil {
            visits.joins = """
                LEFT JOIN (SELECT f."visit", f."detector", count(*)::integer AS n FROM \(from.table("DiaForcedSource")) AS f
                           JOIN piece_object AS o ON o."oldId" = f."diaObjectId" AND o."fate" = 'drop' GROUP BY 1, 2) AS gone
                    ON gone."visit" = a."visit" AND gone."detector" = a."detector"
                """
            visits.changed["nDiaForcedSources"] = "a.\"nDiaForcedSources\" - coalesce(gone.n, 0)"
        }
        try write(visits)
    }

    /// Tables that belong to no place, before those that refer to them.
    func copyPlaceless() throws {
        let placed = Set(GenerationLayout.spatialTables + ["SSSource", "UpdateRecord", "VisitDetector"])
        var left = (from.document.tables.map(\.name) + GenerationLayout.ownTables).filter { !placed.contains($0) }
        let rows = try connection.query(
            """
            SELECT a.relname::text AS "from", b.relname::text AS "to" FROM pg_constraint AS c
            JOIN pg_class AS a ON a.oid = c.conrelid JOIN pg_class AS b ON b.oid = c.confrelid
            WHERE c.contype = 'f' AND a.oid <> b.oid AND c.connamespace = $1::text::regnamespace
            """, [.text(quoted(to.schemaName))])
        let references = (0..<rows.rowCount).map { (from: rows["from"]!.strings![$0], to: rows["to"]!.strings![$0]) }
        while !left.isEmpty {
            // A ring of references would be the document's fault; then the server says so.
            let ready = left.filter { table in !references.contains { $0.from == table && left.contains($0.to) } }
            for table in ready.isEmpty ? left : ready {
                try write(Source(table: table, relation: from.table(table), target: to.table(table), condition: "true"))
            }
            left = ready.isEmpty ? [] : left.filter { !ready.contains($0) }
        }
    }

    private func source(_ table: String, _ relation: String, _ target: String) -> Source {
        var source = Source(table: table, relation: relation, target: target, joins: Self.byObject, condition: "true")
        source.changed = Self.newObject
        switch table {
        case "DiaSource":
            source.condition = Self.notOfPiece
        case "DiaForcedSource": source.condition = Self.notOfPiece + " AND o.\"fate\" IS DISTINCT FROM 'drop'"
        case "DiaObject":
            let isOpen = relation == from.table("DiaObject_open")
            source.condition = isOpen ? "o.\"oldId\" IS NULL" : "o.\"fate\" IS DISTINCT FROM 'drop'"
        case "SSSource":
            source.joins = ""
            source.changed = [:]
            source.condition = "NOT EXISTS (SELECT FROM piece_source AS p WHERE p.\"diaSourceId\" = a.\"diaSourceId\")"
        case "UpdateRecord":
            source.condition =
                "o.\"fate\" IS DISTINCT FROM 'drop' AND NOT EXISTS (SELECT FROM piece_source AS p WHERE p.\"diaSourceId\" = a.\"diaSourceId\")"
            for column in ["before", "after"] { source.changed[column] = Self.renumbered(column) }
        default: break
        }
        return source
    }

    /// What a record says of objects, with their present numbers: a PPDB applies records in their order to the rows that it was given.
    private static func renumbered(_ column: String) -> String {
        """
        a."\(column)" || coalesce((
            SELECT jsonb_object_agg(k.name, m."newId") FROM (VALUES ('diaObjectId'), ('mergedInto'), ('splitFrom')) AS k(name)
            JOIN piece_object AS m ON m."oldId" = (a."\(column)"->>k.name)::bigint AND m."newId" IS NOT NULL), '{}')
        """
    }

    private func copy(_ source: Source, _ progress: (Progress) throws -> Void) throws -> [PieceChange] {
        let blocks =
            try connection.int64(
                "SELECT pg_relation_size('\(source.relation)'::regclass) / current_setting('block_size')::bigint") ?? 0
        var changes: [PieceChange] = []
        for first in stride(from: 0, to: blocks, by: Int(Self.sliceBlocks)) {
            try progress(Progress(table: source.table, done: first, total: blocks))
            let end = min(first + Self.sliceBlocks, blocks)
            if let change = try insert(source, slice: "a.ctid >= '(\(first),0)' AND a.ctid < '(\(end),0)'") { changes.append(change) }
        }
        return changes
    }

    /// Under a key of its own.
    private func insert(_ source: Source, slice: String?) throws -> PieceChange? {
        let feed = try ChangeFeed.begin(to, on: connection)
        let rows = try write(source, slice)
        guard rows > 0 else { return nil }
        return PieceChange(key: feed.key, rows: rows, sizeBytes: rows * RowWidth.bytes(of: source.table, in: to.document))
    }

    @discardableResult
    private func write(_ source: Source, _ slice: String? = nil) throws -> Int {
        let columns = try columns(of: to.table(source.table))
        let values = columns.map { source.changed[$0] ?? "a.\(quoted($0))" }
        return try connection.run(
            """
            INSERT INTO \(source.target) (\(columns.map(quoted).joined(separator: ", ")))
            SELECT \(values.joined(separator: ", ")) FROM \(source.relation) AS a \(source.joins)
            WHERE \(source.condition)\(slice.map { " AND \($0)" } ?? "")
            """)
    }

    /// A table's columns but the key, which is the copy's own.
    private func columns(of table: String) throws -> [String] {
        let rows = try connection.query(
            """
            SELECT attname::text AS "name" FROM pg_attribute
            WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> 'replicaKey'
            ORDER BY attnum
            """, [.text(table)])
        return (0..<rows.rowCount).map { rows["name"]!.strings![$0] }
    }

    /// The partitions of a table and their bounds as SQL writes them, in order.
    private func leaves(of parent: String) throws -> [(name: String, bound: String)] {
        let rows = try connection.query(
            """
            SELECT c.relname::text AS "name", pg_get_expr(c.relpartbound, c.oid) AS "bound"
            FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
            WHERE i.inhparent = $1::text::regclass AND NOT i.inhdetachpending ORDER BY length(c.relname), c.relname
            """, [.text(from.table(parent))])
        let (names, bounds) = (rows["name"]!.strings!, rows["bound"]!.strings!)
        return (0..<rows.rowCount).map { (names[$0], bounds[$0]) }
    }
}
