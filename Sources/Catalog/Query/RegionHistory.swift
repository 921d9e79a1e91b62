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
        guard mjdTai.isFinite, sourceMonths >= 0, forcedSourceMonths >= 0 else {
            throw CatalogError.badRequest("the window ends at \(mjdTai) and is \(sourceMonths) and \(forcedSourceMonths) months long")
        }
        let scan = try PixelScan(region, pixelization, maxRanges: 64)
        return try connection.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") {
            func rows(_ table: String, months: Int? = nil) throws -> Table {
                let since = months.map { mjdTai - Double($0) * SummaryModel.daysPerMonth }
                let selection = try TableSelection(
                    generation, table: table, columns: nil, since: since, until: months == nil ? nil : mjdTai, asOf: nil,
                    includesWithdrawn: false)
                var conditions = selection.conditions
                if let since { conditions.append("t.\(quoted(selection.time)) > \(TableSelection.number(since))") }
                let rows = scan.rows(of: generation.table(table), as: "t", where: conditions)
                return try connection.copyOut("SELECT \(selection.selected) FROM \(rows)")
            }
            return Answer(
                diaObjects: try rows("DiaObject"), diaSources: try rows("DiaSource", months: sourceMonths),
                diaForcedSources: try rows("DiaForcedSource", months: forcedSourceMonths))
        }
    }
}
