import Catalog
import Columns
import Foundation
import Ingest
import Postgres

/// Full-width DiaSource rows into and out of a table without indexes, and the same rows as a COPY file for psql to copy.
enum CopyMeasurement {
    static func run(instance path: String, workload: String) throws {
        let instance = try Instance.open(path)
        let connection = try instance.connect(as: .owner)
        let generation = try instance.currentGeneration(on: connection)
        let files = try FileManager.default.contentsOfDirectory(atPath: workload).filter { $0.hasPrefix("visit_") }.sorted().prefix(50)
        var rows = Table()
        for file in files { rows = rows.appending(try ParquetReader(path: workload + "/" + file).read()) }
        rows.set(Column("pixelId", .int64(.init(repeating: 1, count: rows.rowCount))))
        rows.set(Column("tile", .int32(.init(repeating: 1, count: rows.rowCount))))
        rows.set(Column("disposition", .string(.init([String](repeating: "associated", count: rows.rowCount)))))
        try connection.execute("DROP SCHEMA IF EXISTS bench CASCADE; CREATE SCHEMA bench")
        defer { try? connection.execute("DROP SCHEMA bench CASCADE") }
        try connection.execute("CREATE TABLE bench.source (LIKE \(generation.table("DiaSource")))")
        // Files bring neither the key of a change nor the generation.
        try connection.execute("ALTER TABLE bench.source ALTER \"replicaKey\" DROP NOT NULL, ALTER \"generation\" DROP NOT NULL")
        let file = "/tmp/skyledger-bench-copy.bin"
        let encode = seconds { _ = CopyEncoder.encode(rows) }
        try Data(CopyEncoder.encode(rows)).write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let columns = rows.columnNames.map { "\"\($0)\"" }.joined(separator: ", ")
        var best = (ourIn: Double.infinity, ourOut: Double.infinity, psqlIn: Double.infinity, psqlOut: Double.infinity)
        for _ in 0..<5 {
            try connection.execute("TRUNCATE bench.source")
            best.psqlIn = min(best.psqlIn, try psql(instance, "\\copy bench.source (\(columns)) from '\(file)' (format binary)"))
            try connection.execute("TRUNCATE bench.source")
            best.ourIn = min(best.ourIn, try seconds { try connection.copyIn(rows, to: "bench.source") })
            best.ourOut = min(best.ourOut, try seconds { _ = try connection.copyOut("SELECT \(columns) FROM bench.source") })
            best.psqlOut = min(
                best.psqlOut, try psql(instance, "\\copy (SELECT \(columns) FROM bench.source) to '/dev/null' (format binary)"))
        }
        let n = Double(rows.rowCount)
        report(
            "copy",
            [
                "rows": n, "columns": Double(rows.columns.count), "encodeRowsPerSecond": n / encode, "inSeconds": best.ourIn,
                "psqlInSeconds": best.psqlIn,
                "outSeconds": best.ourOut, "psqlOutSeconds": best.psqlOut, "inRatio": best.ourIn / best.psqlIn,
                "outRatio": best.ourOut / best.psqlOut,
            ])
    }

    /// psql's own time for a command, without its start.
    private static func psql(_ instance: Instance, _ command: String) throws -> Double {
        guard let cluster = instance.cluster else {
            throw CatalogError.unavailable("the copy measurement needs an instance with a private server")
        }
        let parameters = cluster.parameters(user: Role.owner.rawValue, database: Instance.databaseName)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "psql", "-X", "-q", "-h", parameters.socketDirectory!, "-U", parameters.user!, parameters.database!, "-c", "\\timing on", "-c",
            command,
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard let match = output.firstMatch(of: /Time: ([0-9.]+) ms/), let milliseconds = Double(match.1) else {
            throw CatalogError.unavailable("psql did not say how long it took: \(output)")
        }
        return milliseconds / 1000
    }
}
