import Columns
import Foundation
import Testing

@testable import Postgres

@Suite("Connections, COPY and the private server", .serialized) struct ConnectionTests {
    /// Rows of every type, some null, some extreme.
    static func table(_ rows: Int) -> Table {
        func column(_ name: String, _ values: ColumnValues) -> Column {
            Column(name, values, validity: Validity((0..<rows).map { _ in Int.random(in: 0..<5) > 0 })).withZeroedNulls
        }
        return Table([
            Column("id", .int32((0..<rows).map(Int32.init))), column("b", .bool((0..<rows).map { _ in .random() })),
            column("i2", .int16((0..<rows).map { _ in [Int16.min, .max, 0, .random(in: -99...99)].randomElement()! })),
            column("i4", .int32((0..<rows).map { _ in [Int32.min, .max, 0, .random(in: -99...99)].randomElement()! })),
            column("i8", .int64((0..<rows).map { _ in [Int64.min, .max, 0, .random(in: -99...99)].randomElement()! })),
            column(
                "f4", .float((0..<rows).map { _ in [Float.infinity, -0.0, .leastNonzeroMagnitude, .random(in: -1...1)].randomElement()! })),
            column(
                "f8",
                .double((0..<rows).map { _ in [Double.infinity, -0.0, .leastNonzeroMagnitude, .random(in: -1...1)].randomElement()! })),
            column(
                "t",
                .string(.init((0..<rows).map { _ in ["", "å\n\t\\\"'", "plain", String(repeating: "x", count: 3000)].randomElement()! }))),
            column("y", .binary(.init((0..<rows).map { _ in ["", "\u{1}\u{7f}", "abc"].randomElement()! }))),
            column("ts", .timestamp((0..<rows).map { _ in Int64.random(in: -2_000_000_000_000_000...4_000_000_000_000_000) })),
        ])
    }
    static let definition =
        "(id integer, b boolean, i2 smallint, i4 integer, i8 bigint, f4 real, f8 double precision, t text, y bytea, ts timestamp)"

    @Test("rows of every type come back from COPY and from a query as they went in, and psql writes the encoder's very bytes")
    func copy() throws {
        let server = try TestServer()
        let connection = try server.connection()
        try connection.execute("CREATE TABLE t \(Self.definition)")
        for rows in [0, 1, 1000] {
            let table = Self.table(rows)
            try connection.execute("TRUNCATE t")
            #expect(try connection.copyIn(table, to: "t") == rows)
            // Without nulls a column has no bitmap; compare cell by cell through one form.
            let back = try connection.copyOut("SELECT * FROM t ORDER BY id")
            #expect(back.rowCount == rows)
            #expect(CopyEncoder.encode(back) == CopyEncoder.encode(table))
            #expect(CopyEncoder.encode(try connection.query("SELECT * FROM t ORDER BY id")) == CopyEncoder.encode(table))
            let file = server.directory + "-copy"
            defer { try? FileManager.default.removeItem(atPath: file) }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [
                "psql", "-X", "-q", "-h", server.cluster.socketDirectory, "-U", "skyledger_owner", "postgres", "-c",
                "\\copy (SELECT * FROM t ORDER BY id) to '\(file)' (format binary)",
            ]
            try process.run()
            process.waitUntilExit()
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == Data(CopyEncoder.encode(table)))
        }
    }

    @Test("COPY data that are cut or changed give an error or a table, never a crash")
    func damagedCopy() throws {
        let table = Self.table(20)
        let bytes = CopyEncoder.encode(table)
        let columns = table.columns.map { (name: $0.name, type: $0.type) }
        #expect(CopyEncoder.encode(try CopyDecoder.decode(bytes, columns: columns)) == bytes)
        for length in stride(from: 0, to: bytes.count - 1, by: 7) {
            #expect(throws: PostgresError.self) { try CopyDecoder.decode(Array(bytes.prefix(length)), columns: columns) }
        }
        for _ in 0..<500 {
            var changed = bytes
            changed[Int.random(in: changed.indices)] = .random(in: 0...255)
            _ = try? CopyDecoder.decode(changed, columns: columns)
        }
    }

    @Test("errors carry SQLSTATE, constraint and table, and the connection goes on after them")
    func errors() throws {
        let server = try TestServer()
        let connection = try server.connection()
        try connection.execute("CREATE TABLE u (id bigint CONSTRAINT u_key PRIMARY KEY)")
        let twice = Table([Column("id", .int64([1, 1]))])
        let error = #expect(throws: PostgresError.self) { try connection.copyIn(twice, to: "u") }
        #expect(error?.sqlState == "23505" && error?.constraint == "u_key" && error?.table == "u")
        #expect(try connection.int64("SELECT count(*) FROM u") == 0)
        #expect(throws: PostgresError.self) { try connection.query("SELECT nonsense") }
        #expect(throws: PostgresError.self) { try connection.copyOut("SELECT 1 / (g - 5) FROM generate_series(1, 9) AS g") }
        #expect(try connection.int64("SELECT 7::bigint") == 7)
    }

    @Test("a transaction is undone when its body throws, and an inner one by itself")
    func transactions() throws {
        struct Stop: Error {}
        let server = try TestServer()
        let connection = try server.connection()
        try connection.execute("CREATE TABLE v (id bigint)")
        #expect(throws: Stop.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO v VALUES (1)")
                throw Stop()
            }
        }
        try connection.transaction {
            try connection.execute("INSERT INTO v VALUES (2)")
            #expect(throws: Stop.self) {
                try connection.transaction {
                    try connection.execute("INSERT INTO v VALUES (3)")
                    throw Stop()
                }
            }
        }
        #expect(try connection.query("SELECT id FROM v")["id"]?.int64s == [2])
    }

    @Test("a transaction whose body swallowed an error is no success, and COPY of another type than the column's is refused")
    func noSilentLoss() throws {
        let server = try TestServer()
        let connection = try server.connection()
        try connection.execute("CREATE TABLE w (id bigint, x real)")
        #expect(throws: PostgresError.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO w VALUES (1, 1)")
                _ = try? connection.execute("SELECT nonsense")
            }
        }
        #expect(try connection.int64("SELECT count(*) FROM w") == 0)
        let wrong = Table([Column("id", .int64([1])), Column("x", .int32([7]))])
        #expect(throws: PostgresError.self) { try connection.copyIn(wrong, to: "w") }
        #expect(try connection.copyIn(Table([Column("id", .int64([1])), Column("x", .float([7]))]), to: "w") == 1)
        #expect(try connection.query("SELECT x FROM w")["x"]?.floats == [7])
    }

    @Test("initialising a folder that has a cluster is refused and leaves it as it is")
    func initialiseTwice() throws {
        let server = try TestServer()
        try server.cluster.stop()
        #expect(throws: PostgresError.self) { try server.cluster.initialise() }
        try server.cluster.start()
        #expect(try server.connection().int64("SELECT 1::bigint") == 1)
    }

    @Test("a statement can be cancelled from another thread, and a terminated backend is an error and no hang")
    func interruption() throws {
        let server = try TestServer()
        let connection = try server.connection()
        let canceller = connection.canceller()
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.3) { canceller.cancel() }
        let cancelled = #expect(throws: PostgresError.self) { try connection.query("SELECT pg_sleep(30)") }
        #expect(cancelled?.sqlState == "57014")
        try server.admin().query("SELECT pg_terminate_backend($1)", [.int32(connection.backendProcessId)])
        let lost = #expect(throws: PostgresError.self) { try connection.query("SELECT 1") }
        #expect(lost?.isConnectionLost == true)
        #expect(!connection.isAlive)
    }

    @Test("a pipeline answers in order, and an error in its middle is that statement's")
    func pipeline() throws {
        let server = try TestServer()
        let connection = try server.connection()
        let answers = try connection.pipeline { pipeline in
            for i in 0..<10 { pipeline.add("SELECT $1::bigint AS n", [.int64(Int64(i))]) }
        }
        #expect(answers.map { $0["n"]?.int64s?.first } == (0..<10).map(Int64.init))
        let error = #expect(throws: PostgresError.self) {
            try connection.pipeline { pipeline in
                pipeline.add("SELECT 1")
                pipeline.add("SELECT nonsense")
                pipeline.add("SELECT 2")
            }
        }
        #expect(error?.statement?.contains("nonsense") == true)
        #expect(try connection.int64("SELECT 3::bigint") == 3)
    }

    @Test("arrays travel with their nulls")
    func arrays() throws {
        let server = try TestServer()
        let rows = try server.connection().query(
            "SELECT * FROM unnest($1::bigint[], $2::double precision[], $3::real[], $4::text[], $5::integer[]) AS t(a, b, c, d, e)",
            [.int64Array([1, 2]), .doubleArray([nil, 2.5]), .floatArray([1.5, nil]), .textArray(["x", nil]), .int32Array([3, 4])])
        #expect(rows["a"]?.int64s == [1, 2] && rows["e"]?.int32s == [3, 4])
        #expect(rows["b"]?.isNull(0) == true && rows["b"]?.doubles?[1] == 2.5)
        #expect(rows["c"]?.isNull(1) == true && rows["d"]?.isNull(1) == true)
    }

    @Test("the pool lends no more connections than its limit, and one that broke is replaced")
    func pool() throws {
        let server = try TestServer()
        let pool = ConnectionPool(limit: 2) { try server.connection() }
        let seen = Seen()
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            do {
                try pool.withConnection { connection in
                    seen.add(connection.backendProcessId)
                    _ = try connection.query("SELECT pg_sleep(0.05)")
                }
            } catch { seen.add(-1) }
        }
        #expect(seen.all.count <= 2 && !seen.all.contains(-1))
        #expect(throws: PostgresError.self) {
            try pool.withConnection { try $0.query("SELECT pg_terminate_backend(pg_backend_pid())") }
        }
        #expect(try pool.withConnection { try $0.int64("SELECT 5::bigint") } == 5)
        pool.close()
        #expect(throws: PostgresError.self) { try pool.withConnection { _ in } }
    }

    @Test("a server that was killed starts again, also where its lock file names another program, and two starters start it once")
    func restarts() throws {
        let server = try TestServer()
        let cluster = server.cluster
        let first = try #require(cluster.runningPostmaster)
        try cluster.start()
        #expect(cluster.runningPostmaster == first)
        kill(first, SIGKILL)
        for _ in 0..<300 where kill(first, 0) == 0 { usleep(10_000) }
        DispatchQueue.concurrentPerform(iterations: 3) { _ in try? cluster.start() }
        #expect(try server.connection().int64("SELECT 1::bigint") == 1)
        try cluster.stop()
        try cluster.stop()
        #expect(!cluster.isRunning)
        // The number of a program that lives and is no server of this folder.
        try "\(getpid())\n".write(toFile: cluster.dataDirectory + "/postmaster.pid", atomically: true, encoding: .utf8)
        #expect(!cluster.isRunning)
        try cluster.start()
        #expect(try server.connection().int64("SELECT 2::bigint") == 2)
    }

    @Test("a folder below one that the server's user may not enter, and one with a long path, have servers like any other")
    func hardPlaces() throws {
        let closed = "/tmp/skyledger-closed-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: closed, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let long = "/tmp/skyledger-long-\(UInt32.random(in: 0 ... .max))/" + String(repeating: "a-long-name/", count: 9)
        try FileManager.default.createDirectory(atPath: long, withIntermediateDirectories: true)
        defer {
            try? FileManager.default.removeItem(atPath: closed)
            try? FileManager.default.removeItem(atPath: String(long.split(separator: "/").prefix(2).map { "/" + $0 }.joined()))
        }
        for place in [closed, long] {
            let cluster = PrivateCluster(directory: place + "/postgres", settings: ClusterSettings(profile: .test))
            try cluster.initialise()
            defer {
                try? cluster.stop(.immediate)
                cluster.remove()
                #expect(!FileManager.default.fileExists(atPath: cluster.dataDirectory))
            }
            try cluster.start()
            let connection = try Connection(cluster.parameters(user: PrivateCluster.superuser, database: "postgres"))
            #expect(try connection.int64("SELECT 1::bigint") == 1)
        }
    }

    @Test("a server that cannot start says why in one sentence")
    func failingStart() throws {
        let server = try TestServer()
        try server.cluster.stop()
        let conf = server.cluster.dataDirectory + "/postgresql.conf"
        let text = try String(contentsOfFile: conf, encoding: .utf8)
        try (text + "\nno_such_setting = 1\n").write(toFile: conf, atomically: false, encoding: .utf8)
        let error = #expect(throws: PostgresError.self) { try server.cluster.start() }
        #expect(error?.description.contains("no_such_setting") == true)
    }
}

/// What several threads saw.
///
/// - Note: `@unchecked Sendable` because its one variable is touched only while the lock is held.
final class Seen: @unchecked Sendable {
    private let lock = NSLock()
    private var numbers: Set<Int32> = []

    func add(_ number: Int32) { lock.withLock { _ = numbers.insert(number) } }
    var all: Set<Int32> { lock.withLock { numbers } }
}
