import Catalog
import Columns
import Foundation
import Postgres
import Ppdb
import Schema

/// Full-width DiaSources from an instance into its PPDB, end to end, both sides held against each other, then their month removed.
enum PpdbMeasurement {
    private static let rowsPerChange = 10_000

    static func run(instance path: String, rows total: Int) throws {
        let instance = try Instance.open(path)
        let connection = try instance.connect(as: .ingest)
        let generation = try instance.currentGeneration(on: connection)
        try store(total, generation, connection)
        try instance.connect(as: .owner).execute("VACUUM ANALYZE \(generation.table("DiaSource"))")
        let location = try (try? PpdbLocation.read(PpdbLocation.defaultConsumer, of: instance)) ?? PpdbLocation()
        _ = try? PpdbCreation(instance: instance, location: location).run()
        let ppdb = try Ppdb(instance: instance, location: location)
        var summary = Exporter.Summary()
        let exported = try seconds { summary = try Exporter(ppdb).run() }
        var best = Double.infinity
        var rows = 0.0
        for _ in 0..<3 {
            guard let report = try Verification(ppdb).run(), report.faults.isEmpty else {
                throw CatalogError.inconsistent("the PPDB differs from the instance")
            }
            (best, rows) = (min(best, report.seconds), Double(report.rows))
        }
        let limits = try limits(ppdb, generation)
        // The month is older than the policy's window, exported and verified: it may go.
        var stages: [String: Date] = [:]
        let retention = try Retention(instance) { stage in
            switch stage {
            case .begun: stages["begun"] = Date()
            case .detached: stages["detached"] = Date()
            case .ended: stages["ended"] = Date()
            default: break
            }
        }
        func between(_ a: String, _ b: String) -> Double { stages[b].flatMap { b in stages[a].map(b.timeIntervalSince) } ?? .nan }
        var (plan, outcome) = (RetentionPlan?.none, Retention.Outcome?.none)
        let planned = try seconds { plan = try retention.plan() }
        let applied = try seconds { outcome = try retention.apply(plan) }
        let month = plan?.steps.first { $0.table == "DiaSource" }
        guard let month, outcome?.removed.contains(where: { $0.label == month.label }) == true else {
            throw CatalogError.inconsistent("retention kept the verified month")
        }
        report(
            "ppdb",
            [
                "retentionPlanSeconds": planned, "retentionApplySeconds": applied, "retentionRows": Double(month.rows),
                "rows": Double(summary.rows), "chunks": Double(summary.chunks), "exportSeconds": exported,
                "exportRowsPerSecond": Double(summary.rows) / exported, "verifiedRows": rows, "verifySeconds": best,
                "verifyRowsPerSecond": rows / best, "retentionDetachSeconds": between("begun", "detached"),
                "retentionProofAndDropSeconds": between("detached", "ended"), "copyAloneRowsPerSecond": rows / limits.copy,
                "hashMicrosecondsPerRow": limits.hash / rows * 1e6,
            ])
    }

    /// The plain limits: COPY from server to server into a table without index, and PostgreSQL's hash of all columns on one core.
    private static func limits(_ ppdb: Ppdb, _ generation: Generation) throws -> (copy: Double, hash: Double) {
        let source = generation.table("DiaSource")
        let names = (generation.document[table: "DiaSource"]?.columns ?? []).map(\.name) + ["pixelId", "tile", "disposition", "replicaKey"]
        let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
        var copy = 0.0
        try ppdb.connection.execute("BEGIN; CREATE TABLE public.\"Copied\" AS SELECT \(list) FROM ppdb.\"DiaSource\" LIMIT 0")
        defer { try? ppdb.connection.execute("ROLLBACK") }
        copy = try seconds {
            try ppdb.apdb.relay("SELECT \(list) FROM \(source)", to: ppdb.connection, into: "public.\"Copied\"", columns: names)
        }
        let apdb = ppdb.apdb
        try apdb.execute("SET max_parallel_workers_per_gather = 0")
        defer { try? apdb.execute("RESET max_parallel_workers_per_gather") }
        let hash = try seconds { _ = try apdb.query("SELECT sum(hash_record_extended(ROW(\(list)), 0))::text AS \"sum\" FROM \(source)") }
        return (copy, hash)
    }

    /// Rows with a value in every column, as changes of a visit-detector's size and more.
    private static func store(_ total: Int, _ generation: Generation, _ connection: Connection) throws {
        let roles = generation.layout.roles
        let definition = generation.document[table: "DiaSource"]!
        let first = (try connection.int64("SELECT coalesce(max(\"diaSourceId\"), 0) FROM \(generation.table("DiaSource"))") ?? 0) + 1
        try connection.query(
            "SELECT skyledger.make_time_partition($1, 'DiaSource', 'DiaSource_2032', '60960', '60990')", [.text(generation.schemaName)])
        var random = SystemRandomNumberGenerator()
        let n = rowsPerChange
        var template = Table(
            definition.columns.filter { !["ssObjectId", "ssObjectReassocTimeMjdTai", "timeWithdrawnMjdTai"].contains($0.name) }.map {
                column in
                let values: ColumnValues =
                    switch column.datatype.columnType {
                    case .bool: .bool((0..<n).map { _ in Bool.random(using: &random) })
                    case .int16: .int16((0..<n).map { _ in Int16.random(in: 0..<189, using: &random) })
                    case .int32: .int32((0..<n).map { _ in Int32.random(in: 0..<1000, using: &random) })
                    case .int64: .int64((0..<n).map { _ in Int64.random(in: 0..<1_000_000, using: &random) })
                    case .float: .float((0..<n).map { _ in Float.random(in: 0..<1000, using: &random) })
                    case .double, .timestamp: .double((0..<n).map { _ in Double.random(in: 0..<90, using: &random) })
                    case .string, .binary: .string(.init((0..<n).map { String("ugrizy".dropFirst($0 % 6).prefix(1)) }))
                    }
                return Column(column.name, values)
            })
        template.set(Column(roles.sourceMidpoint, .double((0..<n).map { 60_970 + Double($0 % 10) })))
        // Ten sources of an object in the month, all of them in its tile.
        let objects = (0..<n).map { _ in Int64.random(in: 0..<Int64(max(1, total / 10)), using: &random) }
        template.set(Column("diaObjectId", .int64(objects)))
        template.set(Column("pixelId", .int64((0..<n).map { Int64($0) << 30 })))
        template.set(Column("tile", .int32(objects.map { Int32($0 % 5000) })))
        template.set(Column("disposition", .string(.init([String](repeating: "associated", count: n)))))
        for start in stride(from: 0, to: total, by: n) {
            template.set(Column("diaSourceId", .int64((0..<n).map { first + Int64(start + $0) })))
            try connection.transaction {
                try connection.query("SELECT skyledger.begin_change()")
                try connection.copyIn(template, to: generation.table("DiaSource"))
                try connection.run(
                    """
                    INSERT INTO skyledger."Change" ("replicaKey", "generation", "kind", "nRows", "sizeBytes")
                    VALUES (skyledger.replica_key(), $1, 'store', $2, $3)
                    """, [.int32(Int32(generation.id)), .int64(Int64(n)), .int64(Int64(n) * 450)])
            }
        }
    }
}
