import Alerts
import Catalog
import Foundation
import Postgres
import Testing

/// An instance, and alerts put into its ledger by the library, as `load` puts them.
final class AlertsFixture {
    let folder = Program.temporary()
    var directory: String { folder + "/sky" }
    let instance: Instance
    let connection: Connection
    private let writer: LedgerWriter

    static let schemaId: Int32 = 99
    static let schema = """
        {"type": "record", "name": "alert", "fields": [{"name": "diaSourceId", "type": "long"}, {"name": "diaSource", "type":
        {"type": "record", "name": "diaSource", "fields": [{"name": "midpointMjdTai", "type": "double"}, {"name": "psfFlux", "type":
        "float"}]}}, {"name": "prvDiaSources", "type": ["null", {"type": "array", "items": "long"}]}, {"name": "cutoutDifference", "type":
        ["null", "bytes"]}]}
        """

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try #require(Program.run(["init", folder + "/sky"]).status == 0)
        instance = try Instance.open(folder + "/sky", profile: .test)
        connection = try instance.connect(as: .ingest)
        let instance = instance
        writer = LedgerWriter(connection: connection) { try instance.connect(as: .ingest) }
        try LedgerRegistry(connection).add(schemaId: Self.schemaId, text: Self.schema)
    }

    deinit {
        _ = try? Program.run(["stop", "--instance", directory])
        try? FileManager.default.removeItem(atPath: folder)
    }

    func run(_ arguments: String...) throws -> Program.Outcome { try Program.run(["alerts"] + arguments + ["--instance", directory]) }

    /// A packet of the fixture's schema.
    static func packet(_ id: Int64, stamp: [UInt8]? = nil) throws -> [UInt8] {
        let source = AvroFields(names: ["midpointMjdTai", "psfFlux"], values: [.double(61360.125), .float(.nan)])
        let history = AvroValue.union(branch: 1, .array([.long(1), .long(2)]))
        let value = AvroValue.record(
            AvroFields(
                names: ["diaSourceId", "diaSource", "prvDiaSources", "cutoutDifference"],
                values: [
                    .long(id), .record(source), history, stamp.map { .union(branch: 1, .bytes($0)) } ?? .union(branch: 0, .null),
                ]))
        return ConfluentFrame(schemaId: UInt32(schemaId), body: try AvroEncoder(AvroSchema(schema)).encode(value)).bytes
    }

    /// Issues alerts at places (degrees) under the numbers visit * 1000 + row.
    func issue(
        visit: Int64, at places: [(ra: Double, dec: Double)], issuedMjdTai: Double = 61360.25, diaSourceIds: [Int64?] = [],
        diaObjectIds: [Int64?] = [], stamp: [UInt8]? = nil
    ) throws {
        let pixels = try instance.pixelization(on: connection).index(ra: places.map(\.ra), dec: places.map(\.dec))
        let alerts = try places.indices.map { row in
            let id = visit * 1000 + Int64(row)
            return IssuedAlert(
                LedgerAlert(
                    alertId: id, diaSourceId: diaSourceIds.isEmpty ? id : diaSourceIds[row],
                    diaObjectId: diaObjectIds.isEmpty ? Int64(row % 7) + 1 : diaObjectIds[row], ra: places[row].ra, dec: places[row].dec,
                    pixelId: pixels[row], isLate: row == 1, schemaId: Self.schemaId),
                packet: try Self.packet(id, stamp: stamp))
        }
        try connection.transaction {
            _ = try writer.append(
                LedgerBatchKey(generation: 1, visit: visit, detector: 1, kind: "test"), issuedMjdTai: issuedMjdTai, alerts)
        }
    }

    /// Runs a statement as the superuser, with everything off that keeps the ledger from changing.
    func intrude(_ statement: String) throws {
        let connection = try Connection(instance.cluster!.parameters(user: PrivateCluster.superuser, database: Instance.databaseName))
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
        try connection.execute(statement)
    }

    /// One sentence on standard error, and the exit code.
    func expect(_ arguments: [String], status: Int32, saying word: String) throws {
        let outcome = try Program.run(["alerts"] + arguments + ["--instance", directory])
        #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
        #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.errors.contains(word), "\(arguments): \(outcome.errors)")
        #expect(outcome.output.isEmpty, "\(arguments): \(outcome.output)")
    }

    static func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
}
