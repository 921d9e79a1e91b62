import Columns
import Postgres

/// Sources that belong to no object, DiaObject or SSObject, and were not withdrawn: what linking of moving objects starts from.
///
/// A night is `floor(midpointMjdTai - nightStartDays)`. With 0 it is the day of MJD TAI; 16/24 is noon to noon at Cerro Pachon.
public struct UnassociatedQuery: Sendable {
    /// Times of the exposures, MJD TAI: since inclusive, before exclusive.
    public var since: Double?
    public var before: Double?
    /// Columns of DiaSource; nil for all.
    public var columns: [String]?
    /// Whether sources whose DiaObject has no other source are wanted too: a moving object founds one wherever it is first seen.
    public var includesSingles = false

    public init(since: Double? = nil, before: Double? = nil) { (self.since, self.before) = (since, before) }

    public init(night: Int, nightStartDays: Double = 0) {
        self.init(since: Double(night) + nightStartDays, before: Double(night + 1) + nightStartDays)
    }

    /// Rows in the order of time and diaSourceId.
    ///
    /// - Throws: `CatalogError.badRequest` where a column does not exist, or singles are asked of all times.
    public func run(on connection: Connection, generation: Generation) throws -> Table {
        guard !includesSingles || since != nil && before != nil else {
            throw CatalogError.badRequest("sources of objects with one source need a night or a range of times: name it")
        }
        return try connection.copyOut(statement(generation))
    }

    /// By night the number of sources and how they came to be without object: columns night, nDiaSources and one for each disposition
    /// that has any of them.
    ///
    /// - Parameter nightStartDays: where a night begins, days after midnight TAI.
    public func counts(on connection: Connection, generation: Generation, nightStartDays: Double = 0) throws -> Table {
        guard nightStartDays.isFinite else { throw CatalogError.badRequest("the start of a night is \(nightStartDays): give days") }
        let selection = try selection(generation)
        let rows = try connection.copyOut(
            """
            SELECT floor(t.\(midpoint(generation)) - \(TableSelection.number(nightStartDays)))::integer AS "night",
                   t."disposition", count(*) AS "n"
            FROM \(generation.table("DiaSource")) AS t WHERE \(conditions(selection).joined(separator: " AND "))
            GROUP BY 1, 2 ORDER BY 1, 2
            """)
        return Self.pivot(rows)
    }

    /// From a row for each night and disposition to a row for each night. Pure.
    static func pivot(_ rows: Table) -> Table {
        let (night, n) = (rows["night"]?.int32s ?? [], rows["n"]?.int64s ?? [])
        let disposition = (0..<rows.rowCount).map { rows["disposition"]!.strings![$0] }
        let nights = Set(night).sorted()
        let place = Dictionary(uniqueKeysWithValues: nights.enumerated().map { ($1, $0) })
        var total = [Int64](repeating: 0, count: nights.count)
        var each: [String: [Int64]] = [:]
        for row in night.indices {
            total[place[night[row]]!] += n[row]
            each[disposition[row], default: .init(repeating: 0, count: nights.count)][place[night[row]]!] += n[row]
        }
        return Table(
            [Column("night", .int32(nights)), Column("nDiaSources", .int64(total))]
                + each.keys.sorted().map { Column($0, .int64(each[$0]!)) })
    }

    // MARK: Statements

    private func selection(_ generation: Generation) throws -> TableSelection {
        for (name, time) in [("since", since), ("until", before)] {
            if let time, time.isNaN { throw CatalogError.badRequest("\(name) is no number: give an MJD") }
        }
        return try TableSelection(
            generation, table: "DiaSource", columns: columns, since: since, until: nil, asOf: nil, includesWithdrawn: false)
    }

    private func midpoint(_ generation: Generation) -> String { quoted(generation.layout.roles.sourceMidpoint) }

    /// The times, and that nothing was withdrawn.
    private func times(_ selection: TableSelection) -> [String] {
        selection.conditions + (before.map { ["t.\(midpoint(selection.generation)) < \(TableSelection.number($0))"] } ?? [])
    }

    /// In the words of the partial index DiaSource_unassociatedTime.
    private func conditions(_ selection: TableSelection) -> [String] {
        let solar = selection.definition[column: "ssObjectId"] == nil ? [] : ["t.\"ssObjectId\" IS NULL"]
        return ["t.\"diaObjectId\" IS NULL"] + solar + ["t.\(midpoint(selection.generation)) > 0"] + times(selection)
    }

    /// The statement that `run` sends, for those who want its plan.
    public func statement(_ generation: Generation) throws -> String {
        let selection = try selection(generation)
        let columns = selection.columns.map { "t.\(quoted($0)) AS \(quoted($0))" }.joined(separator: ", ")
        let table = generation.table("DiaSource")
        let alone = "SELECT t.* FROM \(table) AS t WHERE \(conditions(selection).joined(separator: " AND "))"
        var rows = alone
        if includesSingles, let since, let before {
            // No index has all sources by time: the night's visits name their blocks. A source may differ from its exposure by a day.
            rows += """

                UNION ALL
                SELECT t.* FROM \(table) AS t JOIN \(generation.table("DiaObjectLast")) AS o
                    ON o."diaObjectId" = t."diaObjectId" AND o."nDiaSources" = 1
                WHERE t."visit" = ANY (ARRAY(
                    SELECT v."visit" FROM \(generation.table("VisitDetector")) AS v
                    WHERE v."midpointMjdTai" BETWEEN \(TableSelection.number(since - 1)) AND \(TableSelection.number(before + 1))))
                  AND \(times(selection).joined(separator: " AND "))
                """
        }
        return "SELECT \(columns) FROM (\(rows)) AS t ORDER BY t.\(midpoint(generation)), t.\"diaSourceId\""
    }
}
