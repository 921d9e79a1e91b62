import Columns
import Postgres
import Schema

/// The indexes that readers of a PPDB need: cones (pixelId), light curves (diaObjectId, time) and times, made where they are missing.
public struct ReaderIndexes {
    /// An index that should be there.
    public struct Wanted: Sendable, Hashable {
        public var table: String
        public var columns: [String]
        /// How times that grow with the rows are indexed: by ranges of blocks, a thousandth of a tree's size.
        public var isBlockRange = false

        public var name: String { "\(table)_\(isBlockRange ? "time" : columns.count > 1 ? "lightCurve" : columns[0])" }

        func definition(on table: String) -> String {
            let list = SQLText.list(columns)
            return isBlockRange
                ? "\(table) USING brin (\(list)) WITH (pages_per_range = 32, autosummarize = on)" : "\(table) (\(list))"
        }
    }

    /// All that readers need; those whose table or columns a PPDB does not have are passed over.
    public static let wanted = [
        Wanted(table: "DiaObject", columns: ["pixelId"]),
        Wanted(table: "DiaObject", columns: ["diaObjectId", "validityStartMjdTai"]),
        Wanted(table: "DiaObject", columns: ["validityStartMjdTai"], isBlockRange: true),
        Wanted(table: "DiaSource", columns: ["pixelId"]),
        Wanted(table: "DiaSource", columns: ["diaObjectId", "midpointMjdTai"]),
        Wanted(table: "DiaSource", columns: ["midpointMjdTai"], isBlockRange: true),
        Wanted(table: "DiaForcedSource", columns: ["pixelId"]),
        Wanted(table: "DiaForcedSource", columns: ["diaObjectId", "midpointMjdTai"]),
        Wanted(table: "DiaForcedSource", columns: ["midpointMjdTai"], isBlockRange: true),
        Wanted(table: "SSSource", columns: ["ssObjectId"]),
        Wanted(table: "DiaObject_To_Object_Match", columns: ["diaObjectId"]),
        Wanted(table: "DiaObject_To_Object_Match", columns: ["objectId"]),
    ]

    let tables: PpdbTables

    public init(_ tables: PpdbTables) { self.tables = tables }

    /// Those of `wanted` that the PPDB has no index for, by whatever name: one that begins with the columns serves.
    public func missing() throws -> [Wanted] {
        let present = try indexes()
        return try Self.wanted.filter { wanted in
            let columns = Set(try tables.storedColumns(of: wanted.table))
            guard !columns.isEmpty, wanted.columns.allSatisfy(columns.contains) else { return false }
            return !present.contains { index in
                index.table == wanted.table && index.columns.starts(with: wanted.columns)
                    && (index.method == "btree" || wanted.isBlockRange)
            }
        }
    }

    /// Makes what is missing, without keeping writers out (CREATE INDEX CONCURRENTLY); on a partitioned table partition by partition.
    ///
    /// - Parameters:
    ///   - progress: the index that is begun, how many are done, how many there are; return false to stop before it.
    /// - Returns: names of the indexes made.
    /// - Throws: `ProductError.interrupted`, `PostgresError`. What a stopped run left is found and made again by the next.
    public func make(progress: (String, Int, Int) -> Bool = { _, _, _ in true }) throws -> [String] {
        let connection = tables.connection
        try dropInvalid()
        let missing = try missing()
        for (number, wanted) in missing.enumerated() {
            guard progress(wanted.name, number, missing.count) else { throw ProductError.interrupted }
            guard let leaves = try partitions(of: wanted.table) else {
                try connection.execute(
                    "CREATE INDEX CONCURRENTLY IF NOT EXISTS \(SQLText.identifier(wanted.name)) ON \(wanted.definition(on: tables.name(wanted.table)))"
                )
                continue
            }
            // The parent's index takes the partitions' indexes that fit as its own, so that it is made in a moment.
            for leaf in leaves {
                let name = leaf.suffix(40) + "_" + wanted.name.suffix(22)
                try connection.execute(
                    "CREATE INDEX CONCURRENTLY IF NOT EXISTS \(SQLText.identifier(String(name))) ON \(wanted.definition(on: tables.name(leaf)))"
                )
            }
            try connection.execute(
                "CREATE INDEX IF NOT EXISTS \(SQLText.identifier(wanted.name)) ON \(wanted.definition(on: tables.name(wanted.table)))")
        }
        if !missing.isEmpty {
            for table in Set(missing.map(\.table)).sorted() { try connection.execute("ANALYZE \(tables.name(table))") }
        }
        return missing.map(\.name)
    }

    private func indexes() throws -> [(table: String, columns: [String], method: String)] {
        let rows = try tables.connection.query(
            """
            SELECT t.relname::text AS "table", m.amname::text AS "method",
                (SELECT string_agg(a.attname, E'\\n' ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY AS k(number, place)
                 JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number) AS "columns"
            FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid JOIN pg_class AS c ON c.oid = i.indexrelid
            JOIN pg_am AS m ON m.oid = c.relam JOIN pg_namespace AS n ON n.oid = t.relnamespace
            WHERE n.nspname = $1 AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
            """, [.text(tables.schema)])
        guard let names = rows["table"]?.strings, let methods = rows["method"]?.strings, let columns = rows["columns"]?.strings else {
            return []
        }
        return (0..<names.count).map { (names[$0], columns[$0].split(separator: "\n").map(String.init), methods[$0]) }
    }

    /// Tables that hold the rows of a partitioned table, none where nothing was stored yet; nil for a plain one.
    private func partitions(of table: String) throws -> [String]? {
        let rows = try tables.connection.query(
            """
            SELECT c.relname::text AS "name", p.level AS "level" FROM pg_partition_tree($1::regclass) AS p JOIN pg_class AS c ON c.oid = p.relid
            WHERE p.isleaf ORDER BY 1
            """, [.text(tables.name(table))])
        guard let names = rows["name"]?.strings, let levels = rows["level"]?.int32s else { return [] }
        return levels == [0] ? nil : (0..<names.count).map { names[$0] }
    }

    /// An index whose making was stopped is there and of no use.
    private func dropInvalid() throws {
        let rows = try tables.connection.query(
            """
            SELECT c.relname::text AS "name" FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
            JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND NOT i.indisvalid AND c.relkind = 'i'
                AND NOT EXISTS (SELECT 1 FROM pg_stat_progress_create_index AS p WHERE p.index_relid = c.oid)
            """, [.text(tables.schema)])
        for row in 0..<rows.rowCount {
            guard let name = rows["name"]?.strings?[row] else { continue }
            try tables.connection.execute("DROP INDEX CONCURRENTLY IF EXISTS \(SQLText.identifier(tables.schema, name))")
        }
    }
}
