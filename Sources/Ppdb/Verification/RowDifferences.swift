import Catalog
import Columns
import Postgres
import Schema

/// A row that is not the same on both sides.
struct RowDifference {
    enum Kind: String {
        case different = "differs from the instance's"
        case missing = "is missing"
        case extra = "is not in the instance"
    }

    var kind: Kind
    var label: String
    /// The row's key as SQL: (1, 2).
    var key: String

    var sentence: String { "\(label) \(kind.rawValue)" }
}

/// Which rows of a change are not the same on both sides.
enum RowDifferences {
    static func read(_ table: FeedTable, key: Int64, pending: PendingChanges, of ppdb: Ppdb) throws -> [RowDifference] {
        func rows(isInstance: Bool) throws -> [String: (hash: Int64, label: String)] {
            let name = isInstance ? table.source : table.target
            let touched = pending.touched(table.name, of: "a", isInstance: isInstance)
            let keys = table.key.map { "a.\(SQLText.identifier($0))::text" }.joined(separator: " || ', ' || ")
            let found = try (isInstance ? ppdb.apdb : ppdb.connection).query(
                """
                SELECT '(' || \(keys) || ')' AS "key", \(table.label(of: "a")) AS "label", \(table.hash(table.common, of: "a")) AS "hash"
                FROM \(name) AS a WHERE a."replicaKey" = \(key)\(touched.map { " AND (\($0.sql)) IS NOT TRUE" } ?? "")
                """, touched?.parameters ?? [])
            guard let key = found["key"]?.strings, let label = found["label"]?.strings, let hash = found["hash"]?.int64s else { return [:] }
            // A row that stands twice has a key of its own.
            var out: [String: (Int64, String)] = [:]
            for i in hash.indices { out[key[i]] = (hash[i], label[i]) }
            return out
        }
        let (theirs, ours) = (try rows(isInstance: true), try rows(isInstance: false))
        var out: [RowDifference] = []
        for (key, row) in theirs {
            guard let mine = ours[key] else {
                out.append(RowDifference(kind: .missing, label: row.label, key: key))
                continue
            }
            if mine.hash != row.hash { out.append(RowDifference(kind: .different, label: row.label, key: key)) }
        }
        for (key, row) in ours where theirs[key] == nil { out.append(RowDifference(kind: .extra, label: row.label, key: key)) }
        return out.sorted { $0.label < $1.label }
    }
}
