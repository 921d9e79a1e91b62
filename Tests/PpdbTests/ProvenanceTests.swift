import Foundation
import Ingest
import Postgres
import Ppdb
import TestSupport
import Testing

@testable import Catalog

@Suite("Which generation made a row, in a PPDB", .serialized) struct ProvenanceTests {
    private static let shift = 1_000_000_000_000_000
    private static let tables = ["ppdb.\"DiaSource\"", "ppdb.\"DiaForcedSource\"", "ppdb.\"DiaObject\"", "replica.\"UpdateRecord\""]

    @Test("a PPDB of an older program gets the column when it is opened, its sums stay true, and it goes on")
    func older() throws {
        let fixture = try PpdbFixture()
        try fixture.load(3)
        try fixture.loadForced(flux: 50)
        try fixture.update(round: 1)
        try fixture.export()
        let before = try Self.shape(fixture.ppdb().connection)
        for table in Self.tables + ["ppdb.\"SSSource\""] {
            try fixture.ppdb().connection.execute("ALTER TABLE \(table) DROP COLUMN \"generation\"")
        }
        let ppdb = try fixture.ppdb()
        #expect(try Self.shape(ppdb.connection) == before)
        for table in Self.tables {
            #expect(try ppdb.connection.int64("SELECT count(*) FROM \(table) WHERE \"generation\" = 1") ?? 0 > 0)
            #expect(try ppdb.connection.int64("SELECT count(*) FROM \(table) WHERE \"generation\" <> 1") == 0)
        }
        // What an older program wrote down: sums over all columns that it knew.
        let columns = try ppdb.connection.text(
            """
            SELECT string_agg(format('s.%I', a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute AS a
            WHERE a.attrelid = 'ppdb."DiaSource"'::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> 'generation'
            """)
        #expect(
            try ppdb.connection.text(
                "SELECT sum(hash_record_extended(ROW(\(try #require(columns))), 0))::text FROM ppdb.\"DiaSource\" AS s")
                == ppdb.connection.text("SELECT sum(\"checksum\")::text FROM replica.\"ChunkTable\" WHERE \"table\" = 'DiaSource'"))
        let report = try fixture.verify()
        #expect(report.faults == [] && report.verified == report.chunks)
        try fixture.load(2)
        try fixture.update(round: 2)
        try fixture.export()
        #expect(try fixture.verify().faults == [])
        try fixture.requireEqual()
    }

    @Test("a wrong generation of a row is found and mended")
    func damage() throws {
        let fixture = try PpdbFixture()
        try fixture.load(2)
        try fixture.export()
        let ppdb = try fixture.ppdb()
        let id = try #require(try ppdb.connection.int64("SELECT min(\"diaSourceId\") FROM ppdb.\"DiaSource\""))
        try ppdb.connection.execute("UPDATE ppdb.\"DiaSource\" SET \"generation\" = 7 WHERE \"diaSourceId\" = \(id)")
        let report = try fixture.verify()
        #expect(report.faults.flatMap(\.rows) == ["DiaSource with diaSourceId \(id) differs from the instance's"])
        #expect(try Repair(ppdb).run(report.faults).left == [])
        #expect(try fixture.verify().faults == [])
        try fixture.requireEqual()
    }

    @Test(
        "rows that a generation took over travel with the generation that made them, versions that ended before it too, and later changes follow"
    )
    func copied() throws {
        let fixture = try PpdbFixture()
        try fixture.load(3)
        try fixture.loadForced(flux: 50)
        try fixture.update(round: 1)
        try fixture.export()
        try Self.takeOver(fixture)
        try fixture.load(1)
        // The copies come in several chunks; between them nothing is a fault.
        var chunks = 0
        while true {
            let before = chunks
            let part = try Exporter(fixture.ppdb(), settings: PpdbFixture.settings).run { _, _ in
                chunks += 1
                return chunks <= before + 3
            }
            #expect(try fixture.verify().faults == [])
            if !part.isStopped { break }
        }
        #expect(chunks > 12)
        let ppdb = try fixture.ppdb()
        for table in ["DiaSource", "DiaForcedSource", "DiaObject"] {
            for made in [1, 2] where (table, made) != ("DiaForcedSource", 2) {
                let found = try ppdb.connection.int64("SELECT count(*) FROM ppdb_0002.\"\(table)\" WHERE \"generation\" = \(made)")
                #expect(found ?? 0 > 0, "\(table) of \(made)")
                #expect(
                    try fixture.ids("SELECT count(*) FROM l1_0002.\"\(table)\" WHERE \"generation\" = \(made)").first == found)
            }
        }
        let ended = try ppdb.connection.int64(
            """
            SELECT count(*) FROM ppdb_0002."DiaObject" AS a WHERE a."validityEndMjdTai" IS NOT NULL AND a."generation" = 1
              AND NOT EXISTS (SELECT FROM ppdb_0002."DiaObject" AS b WHERE b."diaObjectId" = a."diaObjectId"
                              AND b."validityStartMjdTai" = a."validityEndMjdTai")
            """)
        #expect(ended ?? 0 > 1, "versions whose next one was not taken over")
        let report = try fixture.verify()
        #expect(report.faults == [] && report.verified == report.chunks)
        let output = try GoldenScript.run("ppdb_equal.py", [fixture.instance.cluster!.socketDirectory, "ppdb", "2", "_0002"])
        #expect(output.hasSuffix("equal\n"), "\(output)")
        // A row that was copied, damaged in one way only.
        let id = try #require(
            try ppdb.connection.int64("SELECT min(\"diaObjectId\") FROM ppdb_0002.\"DiaObject\" WHERE \"generation\" = 1"))
        try ppdb.connection.execute(
            "UPDATE ppdb_0002.\"DiaObject\" SET \"generation\" = 2 WHERE \"diaObjectId\" = \(id) AND \"generation\" = 1")
        let damaged = try fixture.verify()
        #expect(damaged.faults.map(\.generation) == [2] && damaged.faults[0].table == "DiaObject")
        #expect(try Repair(ppdb).run(damaged.faults).left == [])
        #expect(try fixture.verify().faults == [])
    }

    /// Columns of the tables, but not their order.
    private static func shape(_ connection: Connection) throws -> [String] {
        let rows = try connection.query(
            """
            SELECT concat_ws(' ', table_schema, table_name, column_name, data_type, is_nullable, column_default) AS "c"
            FROM information_schema.columns WHERE table_schema IN ('ppdb', 'replica') ORDER BY 1
            """)
        return (0..<rows.rowCount).map { rows["c"]!.strings![$0] }
    }

    /// A joined release whose generation is a copy of the current one, but for the open versions of a few objects.
    private static func takeOver(_ fixture: PpdbFixture) throws {
        var beginning = ReleaseBeginning(instance: fixture.instance, name: "dr1", cutoffMjdTai: 88_000)
        beginning.checksDisk = false
        _ = try beginning.run()
        let owner = try fixture.instance.connect(as: .owner)
        let (old, new) = (try fixture.instance.generation(1, on: owner), try fixture.instance.generation(2, on: owner))
        try owner.transaction {
            for (table, parent, key) in old.layout.timePartitioned {
                let parts = try owner.query(
                    "SELECT substring(relid::text from '_([0-9]+)\"?$')::integer AS n FROM pg_partition_tree($1::text::regclass) WHERE isleaf AND level > 0",
                    [.text(old.table(parent))])
                for number in parts["n"]?.int32s ?? [] {
                    try PartitionKeeper.make(
                        TimePartition(number: Int(number)), of: table, parent: parent, key: key, generation: new, on: owner)
                }
            }
            // In slices, each a change, the versions of an object and the records of a row in several.
            let isLeft = "\"diaObjectId\" % 5 = 0"
            let isClosed = "\"validityEndMjdTai\" IS NOT NULL"
            let isOdd = "floor(\"validityStartMjdTai\" * 1e5)::bigint % 2 = 1"
            for (table, condition) in [
                ("VisitDetector", "true"), ("DiaSource", "true"), ("DiaForcedSource", "true"), ("DiaObjectLast", "NOT \(isLeft)"),
                ("DiaObject", "\(isClosed) AND \(isOdd)"), ("DiaObject", "NOT \(isClosed) AND NOT \(isLeft)"),
                ("DiaObject", "\(isClosed) AND NOT \(isOdd)"), ("SSSource", "true"), ("UpdateRecord", "\"operation\" % 2 = 1"),
                ("UpdateRecord", "\"operation\" % 2 = 0"),
            ] {
                try owner.query("SELECT skyledger.begin_change()")
                let names = try #require(
                    try owner.text(
                        """
                        SELECT string_agg(column_name, ' ') FROM information_schema.columns
                        WHERE table_schema = $1 AND table_name = $2 AND column_name <> 'replicaKey'
                        """, [.text(old.schemaName), .text(table)])
                ).split(separator: " ")
                let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
                // Some objects have another number in the new generation; records say what they said.
                let values = names.map { name in
                    name == "diaObjectId" && table != "UpdateRecord"
                        ? "\"diaObjectId\" + CASE WHEN \"diaObjectId\" % 5 = 1 THEN \(Self.shift) ELSE 0 END" : "\"\(name)\""
                }.joined(separator: ", ")
                let rows = try owner.run(
                    "INSERT INTO \(new.table(table)) (\(list)) SELECT \(values) FROM \(old.table(table)) WHERE \(condition)")
                guard table.hasPrefix("Dia") && table != "DiaObjectLast" || table == "SSSource" || table == "UpdateRecord" else { continue }
                try owner.run(
                    """
                    INSERT INTO skyledger."Change" ("replicaKey", "generation", "kind", "nRows", "sizeBytes")
                    VALUES (skyledger.replica_key(), 2, 'copy', $1, $1 * 400)
                    """, [.int64(Int64(rows))])
            }
            try owner.execute("DELETE FROM skyledger.\"ReleaseQueue\"")
        }
        _ = try ReleaseJoining(instance: fixture.instance).run("dr1") { true }
    }
}
