import Columns
import Foundation
import Postgres
import Sizing

/// Measures what an instance takes on disk. Reads only; rows of large partitions are the server's estimate, and the report says so.
public struct SizingMeter {
    /// Partitions up to this size have their rows counted.
    static let countedBytes: Int64 = 1 << 30
    /// Pages that a sample of rows is read from.
    static let samplePages = 500.0
    static let pageBytes: Int64 = 8192

    let instance: Instance
    let connection: Connection
    let generation: Generation

    /// - Throws: `PostgresError`, `CatalogError`
    public init(_ instance: Instance) throws {
        self.instance = instance
        connection = try instance.connect(as: .reader)
        generation = try instance.currentGeneration(on: connection)
    }

    /// All that is measured.
    ///
    /// - Parameter progress: called with tables done and tables in all; return false to stop.
    /// - Returns: nil where `progress` stopped it.
    /// - Throws: `PostgresError`, `CatalogError`
    public func measure(progress: (Int, Int) -> Bool = { _, _ in true }) throws -> SizingMeasurement? {
        // One snapshot for counts, sums and sizes of files as far as PostgreSQL can give one.
        try connection.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") { try measureInside(progress) }
    }

    private func measureInside(_ progress: (Int, Int) -> Bool) throws -> SizingMeasurement? {
        var measurement = SizingMeasurement(
            generation: generation.schemaName, schemaVersion: generation.document.version?.description ?? "none")
        let server = try ResultRows(connection.query(SQLFile.load("sizing/server")))
        measurement.measuredAt = server.text("measuredAt", 0)
        let schemas = [generation.schemaName, "ledger", "skyledger"]
        var relations: [SizingMeasurement.Relation] = []
        for schema in schemas {
            for (relation, isReadable) in try self.relations(schema) {
                guard progress(relations.count, relations.count + 1) else { return nil }
                relations.append(isReadable ? try completed(relation) : relation)
            }
        }
        try countAlerts(&relations)
        measurement.relations = relations
        guard let beside = try beside({ progress(relations.count + $0, relations.count + $0 + 1) }) else { return nil }
        measurement.beside = beside
        measurement.columns = try SizingColumns(connection: connection, schema: generation.schemaName).costs(relations)
        for schema in schemas { measurement.indexes += try indexes(schema) }
        measurement.visits = try visits()
        measurement.versionWidths = try versionWidths(heapBytes: measurement.relations(of: "DiaObject").reduce(0) { $0 + $1.heapBytes })
        measurement.ledgerMonths = try ledgerMonths()
        measurement.packets = try packets(heapBytes: measurement.relations(of: "DiaObjectLast").reduce(0) { $0 + $1.heapBytes })
        measurement.images = try images()
        measurement.server = SizingFiles(instance: instance).server(
            databaseBytes: server.integer("databaseBytes", 0), walLimitBytes: server.integer("walLimitBytes", 0))
        let tables = beside.reduce(relations.count) { $0 + $1.relations.count }
        return progress(tables, tables) ? measurement : nil
    }

    /// The other generation of an open release, and Level-2 catalogs; nil where the caller stopped it.
    private func beside(_ progress: (Int) -> Bool) throws -> [SizingMeasurement.Beside]? {
        let rows = try ResultRows(connection.query(SQLFile.load("sizing/beside")))
        var done = 0
        var out: [SizingMeasurement.Beside] = []
        for row in 0..<rows.count {
            var beside = SizingMeasurement.Beside(
                schema: rows.text("schema", row), kind: .init(rawValue: rows.text("kind", row)) ?? .generation,
                release: rows.optionalText("release", row), state: rows.optionalText("state", row), relations: [])
            for (relation, isReadable) in try relations(beside.schema) {
                guard progress(done) else { return nil }
                beside.relations.append(isReadable ? try completed(relation) : relation)
                done += 1
            }
            out.append(beside)
        }
        return out
    }

    private func relations(_ schema: String) throws -> [(SizingMeasurement.Relation, isReadable: Bool)] {
        let rows = try ResultRows(connection.query(SQLFile.load("sizing/relations"), [.text(schema)]))
        return (0..<rows.count).map { row in
            let relation = SizingMeasurement.Relation(
                schema: schema, table: rows.text("table", row),
                partition: rows.flag("isPartition", row) ? rows.text("partition", row) : nil,
                rows: Int64(max(0, rows.real("rowsEstimated", row))), isCounted: false, heapBytes: rows.integer("heapBytes", row),
                mapBytes: rows.integer("mapBytes", row), toastBytes: rows.integer("toastBytes", row),
                indexBytes: rows.integer("indexBytes", row), indexCount: Int(rows.integer("indexes", row)))
            return (relation, rows.flag("isReadable", row))
        }
    }

    /// Counts the rows of what is small enough, and estimates what of the heap is free.
    private func completed(_ relation: SizingMeasurement.Relation) throws -> SizingMeasurement.Relation {
        var relation = relation
        let name = "\(quoted(relation.schema)).\(quoted(relation.partition ?? relation.table))"
        if relation.heapBytes <= Self.countedBytes {
            relation.rows = try connection.int64("SELECT count(*) FROM \(name)") ?? 0
            relation.isCounted = true
        }
        // The empty tables of TOAST have an index of one page.
        guard relation.toastBytes <= Self.pageBytes, relation.heapBytes > 0 else { return relation }
        let sample = try ResultRows(
            connection.query(
                SQLFile.load("sizing/row_width", ["table": name, "percent": Self.percent(ofPages: relation.heapBytes / Self.pageBytes)])))
        guard let width = sample.optionalReal("width", 0) else {
            relation.freeBytes = relation.rows == 0 ? relation.heapBytes : nil
            return relation
        }
        // A row lies at a multiple of 8 bytes and has a pointer of 4; a page has a header of 24 bytes.
        let taken = Double(relation.rows) * (width + 4) + Double(relation.heapBytes / Self.pageBytes * 24)
        relation.freeBytes = max(0, relation.heapBytes - Int64(taken))
        return relation
    }

    /// Partitions of the ledger are not read by themselves; their rows are counted through the parent.
    private func countAlerts(_ relations: inout [SizingMeasurement.Relation]) throws {
        let alerts = relations.indices.filter { relations[$0].schema == "ledger" && relations[$0].table == "Alert" }
        guard alerts.reduce(0, { $0 + relations[$1].heapBytes }) <= Self.countedBytes else { return }
        let counts = try ResultRows(connection.query(SQLFile.load("sizing/ledger_partitions")))
        let rows = Dictionary((0..<counts.count).map { (counts.text("partition", $0), counts.integer("rows", $0)) }) { first, _ in first }
        for i in alerts {
            relations[i].rows = rows[relations[i].partition ?? ""] ?? 0
            relations[i].isCounted = true
        }
    }

    /// The share of a table to be sampled, percent, as SQL.
    static func percent(ofPages pages: Int64) -> String { "\(min(100, 100 * samplePages / Double(max(1, pages))))" }

    private func indexes(_ schema: String) throws -> [SizingMeasurement.Index] {
        let rows = try ResultRows(connection.query(SQLFile.load("sizing/indexes"), [.text(schema)]))
        return (0..<rows.count).map { row in
            SizingMeasurement.Index(
                schema: schema, table: rows.text("table", row), partition: rows.text("partition", row), index: rows.text("index", row),
                method: rows.text("method", row), bytes: rows.integer("bytes", row))
        }
    }

    private func visits() throws -> [SizingMeasurement.Visit] {
        let packets = try ResultRows(connection.query(SQLFile.load("sizing/packets")))
        let place = Dictionary((0..<packets.count).map { (packets.integer("visit", $0), $0) }) { first, _ in first }
        let rows = try ResultRows(connection.query(SQLFile.load("sizing/visits", generation.names)))
        return (0..<rows.count).map { row in
            func number(_ name: String) -> Int64 { rows.integer(name, row) }
            let packet = place[number("visit")]
            return SizingMeasurement.Visit(
                visit: number("visit"), night: number("night"), midpointMjdTai: rows.real("midpointMjdTai", row),
                detectors: number("detectors"), diaSources: number("diaSources"), diaForcedSources: number("diaForcedSources"),
                diaObjectsNew: number("diaObjectsNew"), diaObjectsUpdated: number("diaObjectsUpdated"), ssSources: number("ssSources"),
                alerts: packet.map { packets.integer("alerts", $0) } ?? 0, packetBytes: packet.map { packets.integer("bytes", $0) } ?? 0,
                packetStoredBytes: packet.map { packets.integer("storedBytes", $0) } ?? 0)
        }
    }

    private func versionWidths(heapBytes: Int64) throws -> [SizingMeasurement.NightWidth] {
        var names = generation.names
        names["percent"] = Self.percent(ofPages: heapBytes / Self.pageBytes)
        let rows = try ResultRows(connection.query(SQLFile.load("sizing/version_widths", names)))
        return (0..<rows.count).map { row in
            SizingMeasurement.NightWidth(night: rows.integer("night", row), width: rows.real("width", row), rows: rows.integer("rows", row))
        }
    }

    private func packets(heapBytes: Int64) throws -> SizingMeasurement.PacketSizes? {
        var names = generation.names
        names["percent"] = Self.percent(ofPages: heapBytes / Self.pageBytes)
        let rows = try ResultRows(connection.query(SQLFile.load("sizing/packet_history", names)))
        guard let base = rows.optionalReal("baseBytes", 0), let slope = rows.optionalReal("bytesPerHistoryRow", 0) else { return nil }
        return SizingMeasurement.PacketSizes(
            alerts: rows.integer("alerts", 0), baseBytes: base, bytesPerHistoryRow: slope, storedFraction: rows.real("storedFraction", 0))
    }

    private func ledgerMonths() throws -> [SizingMeasurement.LedgerMonth] {
        let rows = try ResultRows(connection.query(SQLFile.load("sizing/ledger_months")))
        return (0..<rows.count).map { row in
            SizingMeasurement.LedgerMonth(
                month: rows.text("month", row), alerts: rows.integer("alerts", row), packetBytes: rows.integer("bytes", row),
                packetStoredBytes: rows.integer("storedBytes", row))
        }
    }

    /// Nil where the instance has no table of cached images.
    private func images() throws -> [SizingMeasurement.ImageKind]? {
        guard try connection.text("SELECT to_regclass('skyledger.\"CachedImage\"')::text") != nil else { return nil }
        let rows = try ResultRows(connection.query(SQLFile.load("sizing/images")))
        return (0..<rows.count).map {
            SizingMeasurement.ImageKind(kind: rows.text("kind", $0), files: rows.integer("files", $0), bytes: rows.integer("bytes", $0))
        }
    }
}
