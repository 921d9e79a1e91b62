import Catalog
import Postgres
import Testing

@Suite("Frozen settings", .serialized) struct ConfigurationFrozenTests {
    @Test(
        "a connection to a database whose settings are others than the directory's is refused in every role",
        arguments: [("pixelization", "s2-20"), ("partitionDays", "7"), ("schemaMajor", "9")])
    func refused(name: String, value: String) throws {
        let test = try TestInstance()
        let before = try test.connection().text("SELECT \"value\" FROM skyledger.\"Setting\" WHERE \"name\" = $1", [.text(name)])
        // No role of the program can change the row; the database's superuser can.
        let superuser = try Connection(test.instance.cluster!.parameters(user: PrivateCluster.superuser, database: Instance.databaseName))
        try superuser.execute(
            """
            SET session_replication_role = replica;
            UPDATE skyledger."Setting" SET "value" = '\(value)' WHERE "name" = '\(name)'
            """)
        for role in Role.allCases {
            #expect(throws: CatalogError.frozenSetting(name: name, stored: value, asked: before!)) { try test.instance.connect(as: role) }
        }
    }

    @Test("the owner cannot change a frozen setting by a statement")
    func statement() throws {
        let test = try TestInstance()
        let owner = try test.connection(.owner)
        let error = #expect(throws: PostgresError.self) {
            try owner.execute("UPDATE skyledger.\"Setting\" SET \"value\" = 's2-20' WHERE \"name\" = 'pixelization'")
        }
        #expect(error?.message.contains("pixelization is frozen") == true)
    }
}
