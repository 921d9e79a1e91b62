import Alerts
import Catalog
import Foundation
import Postgres
import Testing

extension LedgerTests {
    @Suite("Making the ledger") struct Installation {
        @Test("on a server of one's own a user who may make roles makes the ledger, and cannot change it afterwards")
        func server() throws {
            let fixture = try LedgerFixture.fresh()
            let admin = try fixture.superuser()
            // Another user and database on the server; it may come in as who runs the test.
            let map = fixture.instance.cluster!.dataDirectory + "/pg_ident.conf"
            let lines = try String(contentsOfFile: map, encoding: .utf8)
            let users = Set(lines.split(separator: "\n").compactMap { $0.split(separator: " ").dropFirst().first })
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: map))
            try file.seekToEnd()
            try file.write(contentsOf: Data(users.map { "skyledger \($0) operator\n" }.joined().utf8))
            try file.close()
            try admin.execute("SELECT pg_reload_conf()")
            try admin.execute("CREATE ROLE operator LOGIN CREATEROLE")
            try admin.execute("CREATE DATABASE survey OWNER operator")
            let url = "host=\(fixture.instance.cluster!.socketDirectory) user=operator dbname=survey"
            let directory = fixture.directory + "-server"
            defer { try? FileManager.default.removeItem(atPath: directory) }
            let instance = try InstanceCreation(
                directory: directory, schemaPath: LedgerFixture.dependencies + "/schema/apdb.yaml", databaseURL: url, profile: .test
            ).run().instance

            let connection = try instance.connect(as: .ingest)
            try LedgerRegistry(connection).add(schemaId: 1000, text: "\"bytes\"")
            let writer = LedgerWriter(connection: connection) { try instance.connect(as: .ingest) }
            try connection.transaction {
                _ = try writer.append(LedgerBatchKey(generation: 1, visit: 1, detector: 1), issuedMjdTai: 61360, LedgerFixture.alerts(1))
            }
            // As itself and in each role. Who makes roles can make itself a member again, as any administrator can; that is seen.
            let operatorConnection = try Connection(ConnectionParameters(url: url))
            for statement in LedgerProtectionTests.changes {
                #expect(throws: PostgresError.self, "\(statement)") { try operatorConnection.execute(statement) }
                for role in Role.allCases {
                    let connection = try instance.connect(as: role)
                    try connection.execute("SET default_transaction_read_only = off")
                    #expect(throws: PostgresError.self, "\(role.rawValue): \(statement)") { try connection.execute(statement) }
                }
            }
            let verification = LedgerVerification { try instance.connect(as: .reader) }
            let report = try verification.run()
            #expect((report.alerts, report.faultCount, report.weaknesses) == (10, 0, []))
            try operatorConnection.execute("GRANT skyledger_ledger TO operator")
            #expect(
                try verification.run().weaknesses == [
                    "the role operator is a member of skyledger_ledger: have an administrator revoke that"
                ])
            try operatorConnection.execute("REVOKE skyledger_ledger FROM operator")
        }
    }
}
