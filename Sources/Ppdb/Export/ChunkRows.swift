import Catalog
import Schema

/// Which rows of the instance belong to changes, as SQL.
///
/// A version of an object travels with the end that it has when the changes are applied: the end that a later change gave it follows with
/// that change. Sources travel as they stand; what later changes made of them is applied again, to the same values.
struct ChunkRows {
    /// Keys of the changes, ascending.
    let keys: [Int64]
    let generation: Generation
    /// Keys of all later changes, where they are known; nil where the changes are those of the next chunk, and brought no rows with a past.
    let later: [Int64]?

    init(keys: [Int64], generation: Generation, later: [Int64]? = nil) {
        self.keys = keys.sorted()
        self.generation = generation
        self.later = later
    }

    static func array(_ values: [Int64]) -> String { "'{\(values.map(String.init).joined(separator: ","))}'::bigint[]" }

    /// That a row is of the changes; the range is for the index.
    static func condition(_ keys: [Int64], of alias: String) -> String {
        guard let low = keys.min(), let high = keys.max() else { return "false" }
        let range = "\(alias).\"replicaKey\" BETWEEN \(low) AND \(high)"
        return high - low + 1 == Int64(keys.count) ? range : "\(range) AND \(alias).\"replicaKey\" = ANY (\(array(keys)))"
    }

    func condition(of alias: String) -> String { Self.condition(keys, of: alias) }

    private var roles: ColumnRoles { generation.layout.roles }

    /// Ends of object versions that changes bring: the starts of the versions that follow, and the ends of objects that were closed.
    ///
    /// - Parameter condition: on the rows of an alias, by key.
    private func ends(_ condition: (String) -> String) -> String {
        """
        SELECT n."diaObjectId", n.\(SQLText.identifier(roles.validityStart)) AS "end" FROM \(generation.table("DiaObject")) AS n
        WHERE \(condition("n"))
        UNION ALL
        SELECT r."diaObjectId", (r."after"->>'validityEndMjdTai')::double precision FROM \(generation.table("UpdateRecord")) AS r
        WHERE r."updateType" = '\(UpdateType.closeObject.rawValue)' AND r."after"->>'validityEndMjdTai' IS NOT NULL AND \(condition("r"))
        """
    }

    /// (diaObjectId, end) of versions that end with these changes.
    var ends: String { ends { condition(of: $0) } }

    /// The rows of a table, with columns that it has in the instance.
    func rows(of table: FeedTable, columns: [String]) -> String {
        guard table.name == "DiaObject" else {
            return "SELECT \(table.list(columns, of: "a")) FROM \(table.source) AS a WHERE \(condition(of: "a"))"
        }
        let end = SQLText.identifier(roles.validityEnd)
        // Nobody wrote down when versions ended before there was a feed, or in the generation that they were copied from: an end stands unless a
        // later change brought it.
        let known = later.map { later in ends { Self.condition(later, of: $0) } } ?? ends
        let holds = later != nil ? "k.\"diaObjectId\" IS NULL" : "k.\"diaObjectId\" IS NOT NULL"
        let list = columns.map { name in
            name == roles.validityEnd ? "CASE WHEN \(holds) THEN a.\(end) END AS \(end)" : "a.\(SQLText.identifier(name))"
        }
        return """
            SELECT \(list.joined(separator: ", ")) FROM \(table.source) AS a
            LEFT JOIN (\(known)) AS k ON k."diaObjectId" = a."diaObjectId" AND k."end" = a.\(end)
            WHERE \(condition(of: "a"))
            """
    }
}
