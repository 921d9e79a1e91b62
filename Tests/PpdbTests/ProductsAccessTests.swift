import Columns
import Foundation
import Postgres
import Ppdb
import TestSupport
import Testing

@Suite("What readers of a PPDB need", .serialized) struct ProductsAccessTests {
    @Test(
        "indexes are made where they are missing, once, and light curves and cones use them; a partitioned table has them on every partition"
    )
    func indexes() throws {
        let fixture = try ProductsFixture()
        let tables = try fixture.tables()
        try tables.connection.execute(
            """
            ALTER TABLE ppdb."DiaForcedSource" RENAME TO plain;
            CREATE TABLE ppdb."DiaForcedSource" (LIKE ppdb.plain) PARTITION BY RANGE ("midpointMjdTai");
            CREATE TABLE ppdb.forced_early PARTITION OF ppdb."DiaForcedSource" FOR VALUES FROM ('-infinity') TO (61045);
            CREATE TABLE ppdb.forced_late PARTITION OF ppdb."DiaForcedSource" FOR VALUES FROM (61045) TO ('infinity');
            INSERT INTO ppdb."DiaForcedSource" SELECT * FROM ppdb.plain; DROP TABLE ppdb.plain
            """)
        let indexes = ReaderIndexes(tables)
        let missing = try indexes.missing()
        #expect(missing.contains { $0.name == "DiaSource_lightCurve" })
        #expect(try indexes.make() == missing.map(\.name))
        #expect(try indexes.missing() == [])
        #expect(try indexes.make() == [])
        #expect(
            try fixture.int(
                "SELECT count(*) FROM pg_index WHERE indrelid IN ('ppdb.forced_early'::regclass, 'ppdb.forced_late'::regclass) AND indisvalid"
            )
                == 6)
        try tables.connection.execute("SET enable_seqscan = off")
        let plan = try tables.connection.query(
            "EXPLAIN SELECT * FROM ppdb.\"DiaSource\" WHERE \"diaObjectId\" = 1 ORDER BY \"midpointMjdTai\"")
        #expect(plan.columns[0].strings.map { ($0[0] + $0[$0.count - 1]).contains("DiaSource_lightCurve") } == true)
    }

    @Test("a reader's role reads and cannot write or make tables, its statements end at the timeout, its answers at the limit of rows")
    func roles() throws {
        let fixture = try ProductsFixture()
        var roles = ReaderRoles()
        roles.name = "reader_\(UInt32.random(in: 0 ... .max))"
        (roles.timeoutSeconds, roles.rowLimit, roles.temporaryMegabytes) = (1, 10, 1)
        let administrator = try fixture.administrator()
        #expect(try roles.make(administrator, owner: "skyledger_owner") == [])
        #expect(try roles.make(administrator, owner: "skyledger_owner") == [])
        let cluster = try #require(fixture.instance.cluster)
        try cluster.admit(role: roles.name)
        let reader = try Connection(cluster.parameters(user: roles.name, database: "skyledger"))
        let answer = try LimitedSQL.run("SELECT * FROM \"DiaSource\" ORDER BY 1", on: reader)
        #expect(answer.rows.rowCount == 10 && answer.isCut)
        #expect(try LimitedSQL.run("SELECT * FROM \"DiaSource\" LIMIT 10", on: reader).isCut == false)
        #expect(throws: ProductError.self) { try LimitedSQL.run("SELECT 1", on: reader, rowLimit: 11) }
        #expect(throws: ProductError.self) { try LimitedSQL.run("SELECT 1", on: reader, timeoutSeconds: 2) }
        func state(_ body: () throws -> Void) -> String {
            do {
                try body()
                return "done"
            } catch { return (error as? PostgresError)?.sqlState ?? "\(error)" }
        }
        #expect(state { _ = try LimitedSQL.run("SELECT pg_sleep(20)", on: reader) } == "57014")
        #expect(state { _ = try LimitedSQL.run("SELECT 1; DROP TABLE ppdb.\"DiaSource\"", on: reader) } == "42601")
        #expect(state { _ = try LimitedSQL.run("DELETE FROM \"DiaSource\" RETURNING 1", on: reader) } == "42601")
        // Directly, also without the read-only default: rights and the space of temporary files hold.
        try reader.execute("SET default_transaction_read_only = off; SET statement_timeout = 0")
        #expect(state { try reader.execute("DELETE FROM ppdb.\"DiaSource\"") } == "42501")
        #expect(state { try reader.execute("CREATE TEMPORARY TABLE mine (x int)") } == "42501")
        #expect(state { try reader.execute("SET temp_file_limit = -1") } == "42501")
        #expect(state { try reader.execute("SET work_mem = '64kB'; SELECT x FROM generate_series(1, 500000) AS x ORDER BY -x") } == "53400")
        // Tables that come later are read too.
        try fixture.tables().connection.execute("CREATE TABLE ppdb.later (x int)")
        #expect(try reader.int64("SELECT count(*) FROM ppdb.later") == 0)
    }
}
