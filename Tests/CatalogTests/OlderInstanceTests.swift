import Catalog
import Foundation
import Ingest
import Postgres
import Testing

@Suite("Instances of older programs", .serialized) struct OlderInstanceTests {
    @Test(
        "an instance from before association's rules, the solar system and alerts is brought up to date when it is opened, and takes new visits"
    )
    func upgrade() throws {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(6))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        let files = try FileManager.default.contentsOfDirectory(atPath: visits).filter { $0.hasPrefix("visit_") }.sorted()
        for file in files.prefix(3) { try test.load("\(visits)/\(file)") }
        let superuser = try Connection(test.instance.cluster!.parameters(user: PrivateCluster.superuser, database: Instance.databaseName))
        try superuser.execute(Self.undone)
        #expect(try superuser.int64("SELECT max(\"number\") FROM skyledger.\"Migration\"") == 5)

        let opened = try Instance.open(test.directory, profile: .test)
        #expect(try opened.connect(as: .reader).text("SELECT \"value\" FROM skyledger.\"Setting\" WHERE \"name\" = 'schemaMajor'") == "10")
        // The ledger is made as well, and guarded.
        #expect(try test.ledgerReport().weaknesses == [])
        #expect(throws: PostgresError.self) { try superuser.execute("DROP SCHEMA ledger CASCADE") }
        for file in files.dropFirst(3) { try test.load("\(visits)/\(file)") }
        #expect(try test.int("SELECT count(*) FROM \"VisitDetector\"") == 24)
        #expect(
            try test.int("SELECT count(*) FROM \"DiaSource\" WHERE \"diaObjectId\" = \"diaSourceId\" AND \"disposition\" <> 'founded'") == 0
        )
        #expect(
            try test.updates().withdraw(sources: test.ids("SELECT min(\"diaSourceId\") FROM \"DiaSource\""), cause: "test").diaSources == 1)
        #expect(try test.faults() == [])
        // What a generation made today has.
        let columns =
            "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'l1_0001' AND table_name !~ '_[0-9]+$'"
        #expect(try test.rows(columns) == TestInstance().rows(columns))
    }

    /// What migrations 0006 to 0016 did, undone.
    private static let undone = """
        SET session_replication_role = replica;
        DROP EVENT TRIGGER skyledger_ledger_alteration;
        DROP EVENT TRIGGER skyledger_ledger_drop;
        DROP SCHEMA ledger, ledger_guard CASCADE;
        ALTER DATABASE skyledger OWNER TO skyledger_owner;
        DROP ROLE skyledger_ledger;
        DROP TABLE skyledger."ReleaseStep", skyledger."ReleaseQueue", skyledger."ReleaseSwap", skyledger."ReleaseReport",
            skyledger."Crosswalk", skyledger."CrosswalkSource", skyledger."CrosswalkObject", skyledger."AlertWitness", skyledger."Level2",
            skyledger."ReleasePiece", skyledger."PieceChange", skyledger."ReleaseUpdate", skyledger."Release";
        DROP FUNCTION skyledger.enter_generation, skyledger.hold_generations, skyledger.make_provenance;
        DROP TABLE skyledger."Target", skyledger."TargetList";
        DROP TABLE skyledger."RetentionPolicy", skyledger."RetentionRecord", skyledger."RetiredSource", skyledger."RetiredReplicaKeys",
            skyledger."CachedImage";
        DROP INDEX l1_0001."VisitDetector_cover";
        DROP FUNCTION skyledger.cover;
        DROP VIEW apdb."DiaSource", apdb."DiaObject", apdb."DiaObjectLast", apdb."DiaForcedSource", apdb."VisitDetector", apdb."UpdateRecord",
            apdb."SSObjectDesignation", apdb."SSObjectState", apdb."OrbitCatalog", apdb."SSSource";
        ALTER TABLE l1_0001."DiaSource" DROP COLUMN "replicaKey", DROP COLUMN "generation";
        ALTER TABLE l1_0001."DiaObject" DROP COLUMN "replicaKey", DROP COLUMN "generation";
        ALTER TABLE l1_0001."DiaForcedSource" DROP COLUMN "replicaKey", DROP COLUMN "generation";
        ALTER TABLE l1_0001."SSSource" DROP COLUMN "replicaKey", DROP COLUMN "generation";
        DROP TABLE l1_0001."UpdateRecord", l1_0001."SSObjectDesignation", l1_0001."SSObjectState", l1_0001."OrbitCatalog",
            skyledger."Configuration";
        DROP TABLE skyledger."ReplicaExport", skyledger."Change", skyledger."ReplicaChunk";
        DROP FUNCTION skyledger.begin_change, skyledger.replica_key, skyledger.continue_feed, skyledger.keep_newest,
            skyledger.make_replication;
        DROP SEQUENCE skyledger."Operation", skyledger."ReplicaKey";
        DROP FUNCTION skyledger.make_update_record, skyledger.make_solar_system;
        DROP INDEX l1_0001."DiaSource_unassociated", l1_0001."DiaSource_unassociatedTime";
        ALTER TABLE l1_0001."DiaSource" DROP COLUMN "disposition";
        ALTER TABLE l1_0001."DiaObject" DROP COLUMN "summaryStartMjdTai", DROP COLUMN "nDiaSourcesGood";
        ALTER TABLE l1_0001."DiaObjectLast" DROP COLUMN "nDiaSourcesGood", DROP COLUMN "generation";
        ALTER TABLE l1_0001."DiaForcedSource" DROP COLUMN "psfFlux_flag", DROP COLUMN "psfFlux_flag_edge",
            DROP COLUMN "psfFlux_flag_noGoodPixels", DROP COLUMN "scienceFlux_flag", DROP COLUMN "isPrecovery";
        ALTER TABLE l1_0001."VisitDetector" DROP COLUMN "nDiaForcedSources", DROP COLUMN "nUnassociated", DROP COLUMN "isLimited",
            DROP COLUMN "configuration", DROP COLUMN "solarSystem", DROP COLUMN "nSSObjects", DROP COLUMN "nSSSources",
            DROP COLUMN "nAlerts", DROP COLUMN "alertRoot", DROP COLUMN "diaNoise", DROP COLUMN "generation";
        CREATE VIEW apdb."DiaSource" AS SELECT * FROM l1_0001."DiaSource";
        CREATE VIEW apdb."DiaObject" AS SELECT * FROM l1_0001."DiaObject";
        CREATE VIEW apdb."DiaObjectLast" AS SELECT * FROM l1_0001."DiaObjectLast";
        CREATE VIEW apdb."DiaForcedSource" AS SELECT * FROM l1_0001."DiaForcedSource";
        CREATE VIEW apdb."VisitDetector" AS SELECT * FROM l1_0001."VisitDetector";
        CREATE VIEW apdb."SSSource" AS SELECT * FROM l1_0001."SSSource";
        ALTER VIEW apdb."SSSource" OWNER TO skyledger_owner;
        ALTER VIEW apdb."DiaSource" OWNER TO skyledger_owner;
        ALTER VIEW apdb."DiaObject" OWNER TO skyledger_owner;
        ALTER VIEW apdb."DiaObjectLast" OWNER TO skyledger_owner;
        ALTER VIEW apdb."DiaForcedSource" OWNER TO skyledger_owner;
        ALTER VIEW apdb."VisitDetector" OWNER TO skyledger_owner;
        GRANT SELECT ON ALL TABLES IN SCHEMA apdb TO skyledger_reader, skyledger_ingest;
        DELETE FROM skyledger."Setting" WHERE "name" IN ('schemaMajor', 'instanceId');
        DELETE FROM skyledger."Migration" WHERE "number" >= 6;
        """
}
