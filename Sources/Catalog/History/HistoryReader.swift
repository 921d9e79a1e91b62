import Association
import Columns
import Postgres

/// Reads the histories of objects out of the row tables: what their summaries are made of.
struct HistoryReader {
    let connection: Connection
    let generation: Generation
    /// Whether all columns of the document are read, rather than those that summaries are made of.
    var isWhole = false

    /// The columns of DiaSource that summaries and the rules of forced photometry look at, as far as the document has them.
    static func sourceColumns(_ generation: Generation) -> [String] {
        let roles = generation.layout.roles
        let wanted =
            [
                "diaSourceId", "diaObjectId", roles.sourceMidpoint, "ra", roles.dec, "raErr", "decErr", "ra_dec_Cov", "band",
                "psfFlux", "psfFluxErr", "psfFlux_flag", "scienceFlux", "scienceFluxErr", "forced_PsfFlux_flag",
            ] + ForcedRules.columns
        let known = generation.document[table: "DiaSource"]!
        return wanted.filter { known[column: $0] != nil }
    }

    /// Sources of the objects later than a time, those that were withdrawn left out.
    func sources(of ids: [Int64], since: Double) throws -> Table {
        let roles = generation.layout.roles
        if isWhole { return try whole("DiaSource", time: roles.sourceMidpoint, of: ids, since: since) }
        let columns = Self.sourceColumns(generation).map(quoted).joined(separator: ", ")
        return try connection.query(
            """
            SELECT \(columns) FROM \(generation.table("DiaSource"))
            WHERE "diaObjectId" = ANY ($1) AND \(quoted(roles.sourceMidpoint)) > $2\(isKept("DiaSource"))
            """, [.int64Array(ids), .double(since)], name: "history_sources")
    }

    func forcedSources(of ids: [Int64], since: Double) throws -> Table {
        let roles = generation.layout.roles
        if isWhole { return try whole("DiaForcedSource", time: roles.forcedMidpoint, of: ids, since: since) }
        return try connection.query(
            """
            SELECT "diaObjectId", \(quoted(roles.forcedMidpoint)), "band", "psfFlux", "psfFluxErr", "psfFlux_flag"
            FROM \(generation.table("DiaForcedSource"))
            WHERE "diaObjectId" = ANY ($1) AND \(quoted(roles.forcedMidpoint)) > $2\(isKept("DiaForcedSource"))
            """, [.int64Array(ids), .double(since)], name: "history_forced")
    }

    /// Rows with all columns of the document, and those that summaries look at.
    private func whole(_ table: String, time: String, of ids: [Int64], since: Double) throws -> Table {
        let own = table == "DiaForcedSource" ? ["psfFlux_flag"] : []
        let columns = generation.document[table: table]!.columns.map(\.name)
        return try connection.copyOut(
            """
            SELECT \((columns + own.filter { !columns.contains($0) }).map(quoted).joined(separator: ", ")) FROM \(generation.table(table))
            WHERE "diaObjectId" = ANY (\(StoreTransaction.array(ids))) AND \(quoted(time)) > \(since)\(isKept(table))
            """)
    }

    /// The condition that a row was not withdrawn, where the document knows withdrawals.
    func isKept(_ table: String) -> String {
        generation.document[table: table]?[column: "timeWithdrawnMjdTai"] == nil ? "" : " AND \"timeWithdrawnMjdTai\" IS NULL"
    }

    /// The histories of objects in the window that ends with the last source of each.
    ///
    /// - Parameter last: for each object the earliest time that its last source can have.
    func history(of ids: [Int64], last: [Double], configuration: Configuration) throws -> ObjectHistory {
        var history = ObjectHistory(objectCount: ids.count, roles: generation.layout.roles, forcedRules: configuration.forced)
        try extend(&history, with: ids, last: last, model: configuration.summaries)
        return history
    }

    /// What was read of some objects, and for each row the number of its object.
    struct Rows {
        var sources = Table()
        var sourceOwners: [Int?] = []
        var forced = Table()
        var forcedOwners: [Int?] = []
    }

    /// Adds what is stored of the first objects of a history.
    ///
    /// - Parameter also: a time from which on rows are wanted beside those that summaries are made of.
    @discardableResult
    func extend(
        _ history: inout ObjectHistory, with ids: [Int64], last: [Double], model: SummaryModel, also: Double = .infinity
    ) throws -> Rows {
        guard !ids.isEmpty else { return Rows() }
        let number = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
        let earliest = last.min() ?? 0
        func since(_ months: Int) -> Double {
            min(also, earliest.isFinite ? earliest - Double(months) * SummaryModel.daysPerMonth : -1e9)
        }
        func owners(_ rows: Table) -> [Int?] { (rows["diaObjectId"]?.int64s ?? []).map { number[$0] } }
        let sources = try sources(of: ids, since: since(model.readSourcesMonths))
        let forced = try forcedSources(of: ids, since: since(model.readForcedSourcesMonths))
        let rows = Rows(sources: sources, sourceOwners: owners(sources), forced: forced, forcedOwners: owners(forced))
        history.add(sources, owners: rows.sourceOwners)
        history.addForced(forced, owners: rows.forcedOwners)
        return rows
    }
}
