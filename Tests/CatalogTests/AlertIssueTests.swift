import Alerts
import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import Simulation
import TestSupport
import Testing

/// Alerts as stores issue them, on a real server.
@Suite("Issued alerts", .serialized) struct AlertIssueTests {
    @Test(
        "every source of an object gets an alert that fastavro and lsst-alert-packet read as the tables say, histories and limits as they were"
    )
    func packets() throws {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(14, sources: 60))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        let summary = try test.loadAlerts([visits])
        let owned = try test.int("SELECT count(*) FROM \"DiaSource\" WHERE \"diaObjectId\" IS NOT NULL")
        #expect(Int64(summary.alerts) == owned && summary.otherAlerts == 0)
        #expect(try test.alerts().count == summary.alerts)
        let said = try test.comparePackets(250)
        #expect(said.contains("250 compared") && !said.contains(" 0 rows of history") && !said.contains(" 0 upper limits"), "\(said)")
        let report = try test.ledgerReport()
        #expect(report.isSound && report.alerts == summary.alerts, "\(report.faults)")
        // What is stored is recognised, and issues nothing again.
        #expect(try test.loadAlerts([visits]).alerts == 0)
        #expect(try test.ledgerReport() == report)
    }

    @Test("forced sources of earlier visits and of the alert's own come along")
    func forced() throws {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(6, sources: 60))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        // Measured once without alerts, to have a file that names positions.
        let scout = try TestInstance()
        try scout.load(visits)
        let rows = try scout.connection().query(
            """
            SELECT row_number() OVER () AS "diaForcedSourceId", s."visit", s."detector", o."ra", o."dec", v."midpointMjdTai", v."band",
                   100::real AS "psfFlux", 20::real AS "psfFluxErr"
            FROM "DiaObjectLast" AS o JOIN "DiaSource" AS s USING ("diaObjectId") JOIN "VisitDetector" AS v USING ("visit", "detector")
            """)
        let file = "/tmp/skyledger-forced-\(UInt32.random(in: 0 ... .max)).parquet"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try ParquetWriter.write(rows, to: file)
        let summary = try test.loadAlerts([visits]) { $0.forcedPaths = [file] }
        #expect(summary.diaForcedSources > 100)
        #expect(try test.comparePackets(200).contains("200 compared"))
        let newest = try #require(try test.alerts().last)
        #expect(try test.packet(newest)["prvDiaForcedSources"]?.items?.isEmpty == false)
    }

    @Test(
        "an object of the solar system comes with SSSource and orbit and without DiaObject",
        .enabled(if: SolarSurvey.isPossible, "needs the planets' ephemeris: run tools/bootstrap"))
    func solarSystem() throws {
        let (test, survey) = (try TestInstance(), try SolarSurvey())
        try survey.loadOrbits(into: test)
        try survey.prepare(test)
        let summary = try test.loadAlerts([survey.file])
        #expect(try test.comparePackets(10_000).contains("\(survey.objects.count) of the solar system"))
        #expect(Int64(summary.alerts) == (try test.int("SELECT count(*) FROM \"DiaSource\"")))
        for object in survey.objects {
            let packet = try test.packet(object.diaSourceId)
            #expect(packet["diaSource"]?["ssObjectId"]?.integer == object.ssObjectId && packet["diaSource"]?["diaObjectId"]?.integer == 0)
            #expect(packet["mpc_orbits"]?["unpacked_primary_provisional_designation"]?.text == object.designation)
            #expect(packet["ssSource"]?["ssObjectId"]?.integer == object.ssObjectId)
        }
    }

    @Test("where the ledger refuses an alert, nothing of its visit-detector is stored, and all else is")
    func refused() throws {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(3, sources: 40))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        let first = try #require(FileManager.default.contentsOfDirectory(atPath: visits).filter { $0.hasPrefix("visit_") }.min())
        let rows = try ParquetReader(path: visits + "/\(first)").read()
        let (ids, number) = (rows["diaSourceId"]!.int64s!, rows["visit"]!.int64s![0])
        let connection = try test.connection(.ingest)
        let instance = test.instance
        let schema = try AlertSchemas(connection).inForce(
            installed: AlertSchemaFolder(PackageFolder.dependencies.appendingPathComponent("schema/alerts").path))
        let writer = LedgerWriter(connection: connection) { try instance.connect(as: .ingest) }
        try connection.transaction {
            _ = try writer.append(
                LedgerBatchKey(generation: 0, visit: 9, detector: 9), issuedMjdTai: 61_000,
                ids.map {
                    IssuedAlert(
                        LedgerAlert(alertId: $0, diaSourceId: $0, ra: 1, dec: 1, pixelId: 1, schemaId: schema.schemaId), packet: [1, 2, 3])
                })
        }
        #expect(throws: LedgerError.self) { try test.loadAlerts([visits]) }
        let stored = "SELECT count(*) FROM \"VisitDetector\" WHERE \"visit\" = \(number)"
        #expect(try test.int(stored) == 0 && test.int("SELECT count(*) FROM \"DiaSource\" WHERE \"visit\" = \(number)") == 0)
        #expect(try test.int("SELECT count(*) FROM ledger.\"Refused\"") ?? 0 > 0)
        #expect(try test.int("SELECT count(*) FROM ledger.\"Alert\" WHERE \"visit\" = \(number)") == 0)
    }

    @Test("the visit table is a witness: batches cut off or rewritten by a superuser are named by their visit-detectors")
    func witness() throws {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(4, sources: 40))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        try test.loadAlerts([visits])
        #expect(try test.ledgerReport().isSound)
        let last = try #require(try test.int("SELECT max(\"number\") FROM ledger.\"Batch\""))
        let visit = try #require(try test.int("SELECT \"visit\" FROM ledger.\"Batch\" WHERE \"number\" = \(last)"))
        let superuser = try Connection(test.instance.cluster!.parameters(user: PrivateCluster.superuser, database: Instance.databaseName))
        try superuser.execute(
            """
            ALTER EVENT TRIGGER skyledger_ledger_alteration DISABLE; ALTER EVENT TRIGGER skyledger_ledger_drop DISABLE;
            DO $$ DECLARE relation regclass; BEGIN
                FOR relation IN SELECT oid FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('r', 'p') LOOP
                    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER ALL', relation);
                END LOOP;
            END $$;
            DELETE FROM ledger."Alert" WHERE "batchId" = (SELECT "batchId" FROM ledger."Batch" WHERE "number" = \(last));
            DELETE FROM ledger."Batch" WHERE "number" = \(last);
            """)
        let report = try test.ledgerReport()
        #expect(report.faults.map(\.kind) == [.batchMissing] && report.faults.first?.visit == visit)
        #expect(!report.weaknesses.isEmpty)
    }

    @Test(
        "without alerts nothing is issued, by option or by configuration, and a plain schema makes packets that LSST's own encodes byte for byte"
    )
    func choices() throws {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(2, sources: 40))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        #expect(try test.loadAlerts([visits]) { $0.issuesAlerts = false }.alerts == 0)
        #expect(try test.alerts().isEmpty)

        let off = try TestInstance()
        try off.configure { $0.alerts.isOn = false }
        #expect(try off.loadAlerts([visits]).alerts == 0)

        let plain = try TestInstance()
        let folder = try AlertSchemaFolder(PackageFolder.dependencies.appendingPathComponent("schema/alerts").path)
        try AlertSchemas(plain.connection(.ingest)).add(folder.newest, of: folder, isPlain: true)
        #expect(try plain.loadAlerts([visits]).alerts > 0)
        #expect(try plain.comparePackets(50).contains("50 compared"))
        let id = try #require(try plain.alerts().first)
        let (_, packet) = try #require(try LedgerReader(plain.connection()).alert(id))
        let frame = try ConfluentFrame(reading: packet)
        #expect(frame.schemaId == folder.newest.schemaId)
        let schema = try folder.schema(of: folder.newest)
        #expect(try AvroEncoder(schema).encode(AvroDecoder(schema).decode(frame.body)) == frame.body)
    }

    @Test("an instance without schema says what to do, and so does one whose document lacks what packets demand")
    func schemas() throws {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(1, sources: 20))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        #expect(throws: CatalogError.self) { try test.loadAlerts([visits]) { $0.alertSchemas = nil } }
        #expect(try test.int("SELECT count(*) FROM \"VisitDetector\"") == 0)
        let connection = try test.connection()
        var document = try test.instance.currentGeneration(on: connection).document
        let table = try #require(document.tables.firstIndex { $0.name == "DiaSource" })
        document.tables[table].columns.removeAll { $0.name == "x" }
        let folder = try AlertSchemaFolder(PackageFolder.dependencies.appendingPathComponent("schema/alerts").path)
        let schema = try PacketSchema(folder.newest, of: folder)
        #expect(throws: AvroError.self) { try PacketMapping(document, to: schema) }
    }

    @Test("an alert is late when it is issued more than a minute after the exposure, and says when the database was asked")
    func late() throws {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(1, sources: 20))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        try test.loadAlerts([visits]) { $0.clock = .now }
        let id = try #require(try test.alerts().first)
        // Synthetic visits lie years from today.
        let isPast =
            try #require(try test.connection().query("SELECT max(\"midpointMjdTai\") AS m FROM \"VisitDetector\"")["m"]?.doubles?[0])
            < ProcessingClock.machineMjdTai()
        let (entry, _) = try #require(try LedgerReader(test.connection()).alert(id))
        #expect(entry.alert.isLate == isPast)
        let queried = try #require(entry.alert.queriedMjdTai)
        #expect(abs(queried - ProcessingClock.machineMjdTai()) < 0.01 && queried <= entry.issuedMjdTai)

        let promptly = try TestInstance()
        try promptly.loadAlerts([visits])
        let (prompt, packet) = try #require(try LedgerReader(promptly.connection()).alert(id))
        #expect(!prompt.alert.isLate)
        let value = try LedgerPackets(LedgerRegistry(promptly.connection())).value(prompt, packet)
        #expect(value["isLate"]?.unwrapped == .boolean(false) && value["queriedMjdTai"]?.real == prompt.alert.queriedMjdTai)
    }

    @Test(
        "the ZTF visits make 106,588 alerts, a thousand of which agree with the tables",
        .enabled(if: PackageFolder.hasData("ztf-dr5-visits"), "needs the real visits (SKYLEDGER_DATA)"))
    func ztf() throws {
        let test = try TestInstance()
        let summary = try test.loadAlerts([PackageFolder.data.appendingPathComponent("ztf-dr5-visits").path])
        #expect(summary.alerts == 106_588)
        #expect(try test.comparePackets(1000).contains("1000 compared"))
        let report = try test.ledgerReport()
        #expect(report.isSound && report.alerts == 106_588)
    }
}
