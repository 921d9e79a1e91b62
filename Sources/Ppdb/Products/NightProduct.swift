import Columns
import Foundation
import Postgres
import Schema

/// The rows of one night's visits, a Parquet file a table, and FITS binary tables for those who want them.
///
/// DiaSource and DiaForcedSource are taken by the time of the exposure, SSSource by its DiaSource, and of DiaObject the versions whose last
/// source is of the night, whatever became of them later. A table that the PPDB does not have is left out; one without rows of the
/// night has a file without rows. All tables are of one moment.
public struct NightProduct: Sendable {
    /// "2026-08-01"; the product is named for it.
    public var night: String
    /// Exposures of the night, MJD TAI.
    public var span: Range<Double>
    public var writesFITS = false
    /// Whether a product of the night that is there gives way to a new one.
    public var replaces = false

    /// Tables of a product, in the manifest's order.
    public static let tables = ["DiaObject", "DiaSource", "DiaForcedSource", "SSSource"]
    /// Rows that are in memory at once, and in a row group.
    static let rowsAtOnce = 65_536
    /// Rows of a FITS file at most: FITS files are made whole in memory.
    static let fitsRowsMax = 500_000

    public init(night: String, span: Range<Double>) {
        self.night = night
        self.span = span
    }

    /// What a run found or made.
    public struct Outcome: Sendable {
        public var path: String
        public var manifest: Manifest
        /// False where the product was there already, complete and of the present state.
        public var isNew: Bool
    }

    /// Makes the product in a folder of `directory` that is named for the night.
    ///
    /// A product that is there is read again, held against its manifest and counted against the database, and left as it is.
    ///
    /// - Parameter progress: rows done, and rows in all; return false to stop.
    /// - Throws: `ProductError.damaged` and `.outdated` for a product that is there and does not hold, unless `replaces`;
    ///   `.interrupted`; `ColumnsError`, `PostgresError`
    public func run(_ tables: PpdbTables, into directory: String, progress: (Int, Int) -> Bool = { _, _ in true }) throws -> Outcome {
        let path = URL(fileURLWithPath: directory).appendingPathComponent("night-\(night)").standardizedFileURL.path
        return try tables.connection.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") {
            let parts = try Self.tables.compactMap { try part($0, of: tables) }
            guard parts.contains(where: { $0.table == "DiaSource" }) else {
                throw ProductError.badRequest(
                    "the PPDB has no table DiaSource in schema \(tables.schema): fill it with `skyledger ppdb export`")
            }
            var counts: [String: Int] = [:]
            for part in parts { counts[part.table] = Int(try tables.connection.int64("SELECT count(*) \(part.source)") ?? 0) }
            if !replaces, FileManager.default.fileExists(atPath: path) {
                return Outcome(path: path, manifest: try existing(path, counts, tables), isNew: false)
            }
            let folder = try ProductFolder(path)
            let total = counts.values.reduce(0, +) * (writesFITS ? 2 : 1)
            var done = 0
            for part in parts {
                try write(part, of: tables, into: folder, isFITS: false) { rows in
                    done += rows
                    return progress(done, total)
                }
                guard writesFITS else { continue }
                try write(part, of: tables, into: folder, isFITS: true) { rows in
                    done += rows
                    return progress(done, total)
                }
            }
            let manifest = try manifest(of: tables, folder.files, rows: counts)
            try folder.complete(manifest)
            return Outcome(path: path, manifest: manifest, isNew: true)
        }
    }

    /// A table's columns, and where its rows of the night come from.
    private struct Part {
        var table: String
        var columns: [ColumnDefinition]
        /// FROM ... WHERE ..., with the table as t.
        var source: String
        var order: String
    }

    private func part(_ table: String, of tables: PpdbTables) throws -> Part? {
        let columns = try tables.columns(of: table)
        guard !columns.isEmpty else { return nil }
        func first(_ candidates: [String]) -> String? { candidates.first { name in columns.contains { $0.name == name } } }
        func inNight(_ column: String, _ alias: String) -> String {
            let time = "\(alias).\(SQLText.identifier(column))"
            return "\(time) >= \(Self.number(span.lowerBound)) AND \(time) < \(Self.number(span.upperBound))"
        }
        let rows = "FROM \(tables.name(table)) AS t WHERE "
        switch table {
        case "DiaSource", "DiaForcedSource":
            guard let time = first(["midpointMjdTai", "midPointTai"]) else { return nil }
            let key = table == "DiaSource" ? "t.\"diaSourceId\"" : "t.\"diaObjectId\", t.\"visit\", t.\"detector\""
            return Part(table: table, columns: columns, source: rows + inNight(time, "t"), order: key)
        case "DiaObject":
            guard let time = first(["lastDiaSourceMjdTai", "validityStartMjdTai"]),
                let start = first(["validityStartMjdTai", "validityStart"])
            else { return nil }
            return Part(
                table: table, columns: columns, source: rows + inNight(time, "t"),
                order: "t.\"diaObjectId\", t.\(SQLText.identifier(start))")
        default:
            let sources = try tables.columns(of: "DiaSource").map(\.name)
            guard let time = ["midpointMjdTai", "midPointTai"].first(where: sources.contains), first(["diaSourceId"]) != nil else {
                return nil
            }
            let ofNight =
                "EXISTS (SELECT 1 FROM \(tables.name("DiaSource")) AS s WHERE s.\"diaSourceId\" = t.\"diaSourceId\" AND \(inNight(time, "s")))"
            return Part(table: table, columns: columns, source: rows + ofNight, order: "t.\"diaSourceId\"")
        }
    }

    static func number(_ value: Double) -> String { "'\(value)'::double precision" }

    private func existing(_ path: String, _ counts: [String: Int], _ tables: PpdbTables) throws -> Manifest {
        guard let manifest = try Manifest.read(from: path) else {
            throw ProductError.damaged(path: path, reason: "it has no \(Manifest.name)")
        }
        try manifest.check(path)
        guard manifest.sinceMjdTai == span.lowerBound, manifest.untilMjdTai == span.upperBound else {
            throw ProductError.outdated(path: path, reason: "its night is bounded by other times, of another observatory perhaps")
        }
        for (table, count) in counts.sorted(by: { $0.key < $1.key }) where manifest.rows[table] != count {
            throw ProductError.outdated(path: path, reason: "the PPDB has \(count) rows of \(table), it has \(manifest.rows[table] ?? 0)")
        }
        if writesFITS, !manifest.files.contains(where: { $0.file.hasSuffix(".fits") }) {
            throw ProductError.outdated(path: path, reason: "it has no FITS files, which --fits asks for")
        }
        return manifest
    }

    private func write(_ part: Part, of tables: PpdbTables, into folder: ProductFolder, isFITS: Bool, _ progress: (Int) -> Bool) throws {
        // Sorted, so that the same rows make the same bytes.
        let sql = "SELECT \(PpdbTables.list(part.columns, of: "t")) \(part.source) ORDER BY \(part.order)"
        if isFITS {
            var number = 0
            try tables.connection.copyOut(sql, rowsPerTable: Self.fitsRowsMax) { rows in
                guard rows.rowCount > 0 || number == 0 else { return }
                number += 1
                let file = number == 1 ? "\(part.table).fits" : "\(part.table)-\(number).fits"
                try FITSTable.write(rows.documented(by: part.columns), to: folder.place(file))
                try folder.add(file, table: part.table, rows: rows.rowCount)
                guard progress(rows.rowCount) else { throw ProductError.interrupted }
            }
            return
        }
        let file = "\(part.table).parquet"
        let writer = try ParquetWriter(
            path: folder.place(file), compression: .zstd,
            metadata: ["night": night, "table": part.table, "schema_document": tables.document.name])
        var count = 0
        try tables.connection.copyOut(sql, rowsPerTable: Self.rowsAtOnce) { rows in
            try writer.append(rows.documented(by: part.columns))
            count += rows.rowCount
            guard progress(rows.rowCount) else { throw ProductError.interrupted }
        }
        try writer.close()
        try folder.add(file, table: part.table, rows: count)
    }

    private func manifest(of tables: PpdbTables, _ files: [Manifest.File], rows: [String: Int]) throws -> Manifest {
        var manifest = try Manifest(describing: tables, product: "night \(night)", files, rows: rows)
        (manifest.sinceMjdTai, manifest.untilMjdTai) = (span.lowerBound, span.upperBound)
        return manifest
    }
}

extension Manifest {
    /// With the document, the database and the time of the moment.
    init(describing tables: PpdbTables, product: String, _ files: [File], rows: [String: Int]) throws {
        let identity = try tables.connection.text(
            "SELECT (SELECT system_identifier::text FROM pg_control_system()) || '/' || current_database()::text")
        let version = tables.document.version.map { " \($0)" } ?? ""
        self.init(
            product: product, files: files, rows: rows, schemaDocument: tables.document.name + version, instanceId: identity ?? "",
            createdAt: ISO8601DateFormatter().string(from: Date()), sinceMjdTai: nil, untilMjdTai: nil)
    }
}
