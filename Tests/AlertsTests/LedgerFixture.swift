import Alerts
import Catalog
import Foundation
import Postgres

/// An instance with a real private server, removed at the end, and alerts to issue in it.
final class LedgerFixture {
    static let dependencies =
        ProcessInfo.processInfo.environment["SKYLEDGER_DEPS"] ?? AvroScript.root.appendingPathComponent(".deps").path
    static let issuedMjdTai = 61360.25

    let directory = "/tmp/skyledger-ledger-\(UInt32.random(in: 0 ... .max))"
    let instance: Instance
    let connection: Connection
    let writer: LedgerWriter

    init() throws {
        instance = try InstanceCreation(directory: directory, schemaPath: Self.dependencies + "/schema/apdb.yaml", profile: .test).run().instance
        connection = try instance.connect(as: .ingest)
        try LedgerRegistry(connection).add(schemaId: 1000, text: "{\"type\": \"bytes\"}")
        let instance = instance
        writer = LedgerWriter(connection: connection) { try instance.connect(as: .ingest) }
    }

    deinit {
        try? instance.cluster?.stop(.immediate)
        instance.cluster?.remove()
        try? FileManager.default.removeItem(atPath: directory)
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
                LedgerBatchKey(generation: 1, visit: visit, detector: detector), issuedMjdTai: issuedMjdTai, Self.alerts(visit, count: count))
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
