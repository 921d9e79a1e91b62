import Alerts
import Catalog
import Foundation
import Postgres
import Testing

extension LedgerTests {
    @Suite("The ledger cannot be changed") struct LedgerProtectionTests {
        private func issued() throws -> LedgerFixture {
            let fixture = try LedgerFixture.fresh()
            try fixture.issue(1)
            return fixture
        }

        static let guarded = ["Schema", "Dictionary", "Batch", "Alert", "Alert_none", "Alert_2026_11", "Refused"]

        /// Statements that change or remove what is there, of each table.
        static let changes: [String] =
            guarded.flatMap { name in
                let table = "ledger.\"\(name)\""
                return [
                    "DELETE FROM \(table)", "TRUNCATE \(table)", "TRUNCATE \(table) CASCADE", "DROP TABLE \(table)",
                    "DROP TABLE \(table) CASCADE",
                    "ALTER TABLE \(table) DISABLE TRIGGER ALL", "ALTER TABLE \(table) RENAME TO x",
                    "ALTER TABLE \(table) SET SCHEMA public",
                    "ALTER TABLE \(table) OWNER TO CURRENT_USER", "ALTER TABLE \(table) ADD COLUMN x integer",
                    "DROP TRIGGER \"AppendOnly\" ON \(table)", "CREATE RULE x AS ON INSERT TO \(table) DO INSTEAD NOTHING",
                ]
            } + [
                "UPDATE ledger.\"Alert\" SET \"packet\" = ''", "UPDATE ledger.\"Alert_2026_11\" SET \"packet\" = ''",
                "UPDATE ledger.\"Alert\" SET \"ra\" = \"ra\" WHERE false", "UPDATE ledger.\"Batch\" SET \"count\" = 1",
                "UPDATE ledger.\"Schema\" SET \"text\" = 'x'", "UPDATE ledger.\"Dictionary\" SET \"bytes\" = ''",
                "UPDATE ledger.\"Refused\" SET \"visit\" = 1",
                "INSERT INTO ledger.\"Schema\" VALUES (1000, 'x', sha256('x')) ON CONFLICT (\"schemaId\") DO UPDATE SET \"text\" = 'x'",
                "MERGE INTO ledger.\"Batch\" USING (SELECT 1) AS s ON true WHEN MATCHED THEN DELETE",
                "ALTER TABLE ledger.\"Alert\" DETACH PARTITION ledger.\"Alert_2026_11\"",
                "ALTER TABLE ledger.\"Alert\" DETACH PARTITION ledger.\"Alert_2026_11\" CONCURRENTLY",
                "DROP SCHEMA ledger", "DROP SCHEMA ledger CASCADE", "ALTER SCHEMA ledger RENAME TO x",
                "ALTER SCHEMA ledger OWNER TO CURRENT_USER",
                "DROP FUNCTION ledger.refuse_change CASCADE", "DROP OWNED BY skyledger_ledger CASCADE",
                "CREATE OR REPLACE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                "CREATE TRIGGER x BEFORE INSERT ON ledger.\"Alert_2026_11\" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
                "ALTER TABLE ledger.\"Alert\" ALTER COLUMN \"packet\" TYPE text USING 'x'",
            ]

        /// What roles of SkyLedger cannot do and a superuser can on purpose.
        static let forRolesOnly = [
            "SET ROLE skyledger_ledger", "SET ROLE skyledger_admin", "GRANT skyledger_ledger TO CURRENT_USER",
            "SET session_replication_role = replica", "ALTER EVENT TRIGGER skyledger_ledger_drop DISABLE",
            "ALTER EVENT TRIGGER skyledger_ledger_alteration DISABLE", "REASSIGN OWNED BY skyledger_ledger TO CURRENT_USER",
            "SELECT ledger.guard('ledger.\"Publication\"')",
        ]

        @Test("no role of SkyLedger's changes, removes or alters what was issued")
        func roles() throws {
            let fixture = try issued()
            for role in Role.allCases {
                let connection = try fixture.instance.connect(as: role)
                try connection.execute("SET default_transaction_read_only = off")
                for statement in Self.changes + Self.forRolesOnly {
                    #expect(throws: PostgresError.self, "\(role.rawValue): \(statement)") { try connection.execute(statement) }
                }
            }
            try expectUntouched(fixture)
        }

        @Test("a superuser is refused the same until the triggers are off, also as a replica")
        func superuser() throws {
            let fixture = try issued()
            let connection = try fixture.superuser()
            for mode in ["origin", "replica"] {
                try connection.execute("SET session_replication_role = \(mode)")
                for statement in Self.changes {
                    #expect(throws: PostgresError.self, "\(mode): \(statement)") { try connection.execute(statement) }
                }
            }
            try expectUntouched(fixture)
        }

        @Test("the owner of the tables of Level-1 data cannot drop the database")
        func database() throws {
            let fixture = try issued()
            let connection = try Connection(fixture.instance.cluster!.parameters(user: Role.owner.rawValue, database: "postgres"))
            let refusal = #expect(throws: PostgresError.self) { try connection.execute("DROP DATABASE \(Instance.databaseName)") }
            #expect(refusal?.sqlState == "42501")
        }

        @Test("readers cannot add, and who stores visits adds no link of its own")
        func additions() throws {
            let fixture = try issued()
            let insertion = """
                INSERT INTO ledger."Batch" ("number", "batchId", "generation", "visit", "detector", "kind", "issuedMjdTai", "count", "manifest", "root",
                    "previousLink", "link")
                VALUES (1, -1, 9, 9, 9, 'x', 61360, 1, decode(repeat('00', 40), 'hex'), decode(repeat('00', 32), 'hex'),
                    decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex')) RETURNING "number"
                """
            for role in [Role.owner, .reader] {
                let connection = try fixture.instance.connect(as: role)
                try connection.execute("SET default_transaction_read_only = off")
                #expect(throws: PostgresError.self) { try connection.execute(insertion) }
            }
            struct Undone: Error {}
            #expect(throws: Undone.self) {
                try fixture.connection.transaction {
                    #expect(try fixture.connection.int64(insertion) == 2)
                    throw Undone()
                }
            }
        }

        @Test("the refusal says in one sentence what was refused")
        func sentence() throws {
            let fixture = try issued()
            let refusal = #expect(throws: PostgresError.self) { try fixture.superuser().execute("DELETE FROM ledger.\"Alert\"") }
            #expect(refusal?.message == "the ledger only grows: DELETE of ledger.\"Alert\" is refused")
        }

        @Test("tables elsewhere are made, altered and dropped as before")
        func elsewhere() throws {
            let fixture = try issued()
            let connection = try fixture.instance.connect(as: .owner)
            try connection.execute(
                "CREATE TABLE skyledger.t (a integer); ALTER TABLE skyledger.t ADD COLUMN b integer; DROP TABLE skyledger.t")
        }

        private func expectUntouched(_ fixture: LedgerFixture) throws {
            let report = try fixture.verify()
            #expect(report.isSound && report.weaknesses.isEmpty, "\(report.faults) \(report.weaknesses)")
            #expect(report.alerts == 10)
        }
    }
}
