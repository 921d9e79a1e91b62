import Columns
import Postgres

extension LedgerRegistry {
    /// The schemas, one a row: "schemaId", "name" of the root record, "fingerprint" (CRC-64-AVRO of the canonical form, 16 hexadecimal digits),
    /// "recordedAt".
    ///
    /// - Throws: `AvroError.schema` where one is damaged; `PostgresError`
    public func schemaTable() throws -> Table {
        let rows = try connection.query(
            """
            SELECT "schemaId", "text", to_char("recordedAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "recordedAt"
            FROM ledger."Schema" ORDER BY "recordedAt", "schemaId"
            """)
        guard let texts = rows["text"]?.strings, let ids = rows["schemaId"], let times = rows["recordedAt"] else { return Table() }
        let schemas = try (0..<texts.count).map { try AvroSchema(texts[$0]) }
        let fingerprints = schemas.map { schema -> String in
            let digits = String(schema.fingerprint, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return Table([
            ids, Column("name", .string(ByteStrings(schemas.map(\.root.name)))), Column("fingerprint", .string(ByteStrings(fingerprints))),
            times,
        ])
    }
}
