import Alerts
import Catalog
import Foundation
import Postgres
import Testing

/// All tests that need a ledger, one after the other: they share a server.
@Suite("Ledger", .serialized) enum LedgerTests {}

/// An instance with a real private server, and alerts to issue in it.
///
/// - Note: `@unchecked Sendable` because the tests of `LedgerTests`, which alone use it, run one at a time.
final class LedgerFixture: @unchecked Sendable {
    static let dependencies =
        ProcessInfo.processInfo.environment["SKYLEDGER_DEPS"] ?? AvroScript.root.appendingPathComponent(".deps").path
    static let issuedMjdTai = 61360.25

    let directory = "/tmp/skyledger-ledger-\(UInt32.random(in: 0 ... .max))"
    let instance: Instance
    let connection: Connection
    let writer: LedgerWriter

    private init() throws {
        instance = try InstanceCreation(directory: directory, schemaPath: Self.dependencies + "/schema/apdb.yaml", profile: .test).run()
            .instance
        connection = try instance.connect(as: .ingest)
        let instance = instance
        writer = LedgerWriter(connection: connection) { try instance.connect(as: .ingest) }
    }

    private static let shared: Result<LedgerFixture, any Error> = Result {
        atexit {
            guard let fixture = try? LedgerFixture.shared.get() else { return }
            try? fixture.instance.cluster?.stop(.immediate)
            fixture.instance.cluster?.remove()
            try? FileManager.default.removeItem(atPath: fixture.directory)
        }
        return try LedgerFixture()
    }

    /// The instance with an empty ledger, whatever a test before did to it.
    static func fresh() throws -> LedgerFixture {
        let fixture = try shared.get()
        try fixture.intruder().execute(
            """
            DROP TABLE IF EXISTS skyledger.witness, skyledger.saved;
            TRUNCATE ledger."Publication", ledger."Batch", ledger."Alert", ledger."Refused", ledger."Schema", ledger."Dictionary";
            DO $$ DECLARE relation regclass; BEGIN
                FOR relation IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'ledger."Alert"'::regclass AND inhrelid <> 'ledger."Alert_none"'::regclass LOOP
                    EXECUTE format('DROP TABLE %s', relation);
                END LOOP;
                FOR relation IN SELECT DISTINCT tgrelid FROM pg_trigger JOIN pg_class AS c ON c.oid = tgrelid WHERE relnamespace = 'ledger'::regnamespace LOOP
                    EXECUTE format('ALTER TABLE %s ENABLE TRIGGER ALL', relation);
                END LOOP;
                FOR relation IN SELECT tgrelid FROM pg_trigger WHERE tgname = 'AppendOnly' LOOP
                    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER "AppendOnly"', relation);
                END LOOP;
            END $$;
            ALTER TABLE ledger."Batch" ENABLE ALWAYS TRIGGER "Chain";
            ALTER EVENT TRIGGER skyledger_ledger_alteration ENABLE ALWAYS;
            ALTER EVENT TRIGGER skyledger_ledger_drop ENABLE ALWAYS;
            """)
        try LedgerRegistry(fixture.connection).add(schemaId: 1000, text: "{\"type\": \"bytes\"}")
        return fixture
    }

    func superuser() throws -> Connection {
        try Connection(instance.cluster!.parameters(user: PrivateCluster.superuser, database: Instance.databaseName))
    }

    /// The superuser with everything off that keeps the ledger from changing.
    func intruder() throws -> Connection {
        let connection = try superuser()
        try connection.execute(
            """
            ALTER EVENT TRIGGER skyledger_ledger_alteration DISABLE;
            ALTER EVENT TRIGGER skyledger_ledger_drop DISABLE;
            DO $$ DECLARE relation regclass; BEGIN
                FOR relation IN SELECT oid FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('r', 'p') LOOP
                    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER ALL', relation);
                END LOOP;
            END $$;
            """)
        return connection
    }

    /// Alerts of a visit-detector: numbers visit * 1000 + 1..., packets that compress.
    static func alerts(_ visit: Int64, count: Int = 10, text: String = "packet") -> [IssuedAlert] {
        (1...count).map { i in
            let id = visit * 1000 + Int64(i)
            return IssuedAlert(
                LedgerAlert(
                    alertId: id, diaSourceId: id, diaObjectId: i.isMultiple(of: 3) ? nil : Int64(i), ra: 150 + Double(i) * 0.001, dec: -30,
                    pixelId: id, queriedMjdTai: issuedMjdTai - 0.001, schemaId: 1000),
                packet: Array("\(text) \(id) ".utf8) + [UInt8](repeating: UInt8(i & 0xFF), count: 200 + i))
        }
    }

    @discardableResult
    func issue(_ visit: Int64, count: Int = 10, detector: Int32 = 1, issuedMjdTai: Double = issuedMjdTai) throws -> LedgerWriter.Outcome {
        try connection.transaction {
            try writer.append(
                LedgerBatchKey(generation: 1, visit: visit, detector: detector), issuedMjdTai: issuedMjdTai,
                Self.alerts(visit, count: count))
        }
    }

    func verify(_ options: LedgerVerification.Options = .init()) throws -> LedgerVerification.Report {
        let instance = instance
        return try LedgerVerification { try instance.connect(as: .reader) }.run(options)
    }

    func count(_ table: String) throws -> Int64 {
        try instance.connect(as: .reader).int64("SELECT count(*) FROM ledger.\"\(table)\"") ?? -1
    }
}
