import Association
import Columns
import Postgres
import Sphere

/// All that is known around a place: objects, and the light curves of a window of time, in one snapshot. The alert cycle begins with it.
///
/// Rows are those of every pixel that touches the region: none of the region is missing, and a few beside it may come.
/// Withdrawn rows are left out.
public struct RegionHistory: Sendable {
    public struct Answer: Sendable {
        /// Open versions.
        public var diaObjects: Table
        public var diaSources: Table
        public var diaForcedSources: Table
    }

    public var region: Region
    /// End of the windows, inclusive, MJD TAI.
    public var mjdTai: Double
    /// Lengths of the windows, months of `SummaryModel.daysPerMonth`; rows exactly so long before are left out.
    public var sourceMonths: Int
    public var forcedSourceMonths: Int

    public init(region: Region, mjdTai: Double, sourceMonths: Int = 12, forcedSourceMonths: Int = 12) {
        (self.region, self.mjdTai) = (region, mjdTai)
        (self.sourceMonths, self.forcedSourceMonths) = (sourceMonths, forcedSourceMonths)
    }

    /// Rows of all columns, in no order. Within a transaction of the caller's the snapshot is that transaction's.
    public func read(on connection: Connection, generation: Generation, pixelization: any Pixelization) throws -> Answer {
        let scan = try scan(pixelization)
        return try connection.transaction(Self.mode) {
            Answer(
                diaObjects: try objects(scan, generation, connection), diaSources: try sources(scan, generation, connection),
                diaForcedSources: try forced(scan, generation, connection))
        }
    }

    /// The same by two connections at once, which see one snapshot: a server's process sends rows no faster than one core encodes them.
    ///
    /// - Parameter other: not in a transaction, and used by nobody else meanwhile.
    public func read(
        on connection: Connection, beside other: Connection, generation: Generation, pixelization: any Pixelization
    ) throws -> Answer {
        let scan = try scan(pixelization)
        let lent = Lent(connection: other)
        return try connection.transaction(Self.mode) {
            let snapshot = try connection.query("SELECT pg_export_snapshot() AS id")["id"]?.strings?[0] ?? ""
            let sources = Background { [self] in
                try lent.connection.transaction(Self.mode) {
                    try lent.connection.execute("SET TRANSACTION SNAPSHOT '\(snapshot)'")
                    return try self.sources(scan, generation, lent.connection)
                }
            }
            let rest = Result { (try objects(scan, generation, connection), try forced(scan, generation, connection)) }
            let diaSources = try sources.value()
            let (diaObjects, diaForcedSources) = try rest.get()
            return Answer(diaObjects: diaObjects, diaSources: diaSources, diaForcedSources: diaForcedSources)
        }
    }

    private static let mode = "ISOLATION LEVEL REPEATABLE READ READ ONLY"

    /// A connection on its way to the thread that uses it.
    ///
    /// - Note: `@unchecked Sendable` because the caller leaves it alone until that thread has ended, which `Background.value` waits for.
    private struct Lent: @unchecked Sendable {
        let connection: Connection
    }

    private func scan(_ pixelization: any Pixelization) throws -> PixelScan {
        guard mjdTai.isFinite, sourceMonths >= 0, forcedSourceMonths >= 0 else {
            throw CatalogError.badRequest("the window ends at \(mjdTai) and is \(sourceMonths) and \(forcedSourceMonths) months long")
        }
        return try PixelScan(region, pixelization, maxRanges: 200)
    }

    private func objects(_ scan: PixelScan, _ generation: Generation, _ connection: Connection) throws -> Table {
        try rows(scan, "DiaObject", months: nil, generation, connection)
    }

    private func sources(_ scan: PixelScan, _ generation: Generation, _ connection: Connection) throws -> Table {
        try rows(scan, "DiaSource", months: sourceMonths, generation, connection)
    }

    private func forced(_ scan: PixelScan, _ generation: Generation, _ connection: Connection) throws -> Table {
        try rows(scan, "DiaForcedSource", months: forcedSourceMonths, generation, connection)
    }

    private func rows(
        _ scan: PixelScan, _ table: String, months: Int?, _ generation: Generation, _ connection: Connection
    ) throws -> Table {
        let since = months.map { mjdTai - Double($0) * SummaryModel.daysPerMonth }
        let selection = try TableSelection(
            generation, table: table, columns: nil, since: since, until: months == nil ? nil : mjdTai, asOf: nil, includesWithdrawn: false)
        var conditions = selection.conditions
        if let since { conditions.append("t.\(quoted(selection.time)) > \(TableSelection.number(since))") }
        let rows = scan.rows(of: generation.table(table), as: "t", where: conditions)
        return try connection.copyOut("SELECT \(selection.selected) FROM \(rows)")
    }
}
