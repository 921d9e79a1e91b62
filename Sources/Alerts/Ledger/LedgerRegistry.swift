import Postgres

/// The schemas and dictionaries that packets refer to. They are added to the ledger and never changed, as the packets themselves.
public struct LedgerRegistry {
    let connection: Connection

    /// - Parameter connection: any role reads; `ingest` adds.
    public init(_ connection: Connection) { self.connection = connection }

    /// Adds a schema; that it is there with the same text is no fault.
    ///
    /// - Parameter text: the Avro schema, self-contained.
    /// - Throws: `LedgerError.otherContent`, `PostgresError`
    public func add(schemaId: Int32, text: String) throws {
        let added = try connection.run(
            """
            INSERT INTO ledger."Schema" ("schemaId", "text", "sha256") VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
            """, [.int32(schemaId), .text(text), .bytes(LedgerDigest().of(Array(text.utf8)))])
        if added == 0, try schema(schemaId) != text { throw LedgerError.otherContent(what: "schema", id: schemaId) }
    }

    /// - Throws: `LedgerError.unknown`, `PostgresError`
    public func schema(_ schemaId: Int32) throws -> String {
        guard let text = try connection.text("SELECT \"text\" FROM ledger.\"Schema\" WHERE \"schemaId\" = $1", [.int32(schemaId)]) else {
            throw LedgerError.unknown(what: "schema", id: schemaId)
        }
        return text
    }

    public func schemaIds() throws -> [Int32] {
        try connection.query("SELECT \"schemaId\" FROM ledger.\"Schema\" ORDER BY 1")["schemaId"]?.int32s ?? []
    }

    /// Adds a dictionary, which from now on is the newest.
    ///
    /// - Throws: `LedgerError.otherContent`, `PostgresError`
    public func add(_ dictionary: PacketDictionary) throws {
        let added = try connection.run(
            """
            INSERT INTO ledger."Dictionary" ("dictionaryId", "bytes", "sha256") VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
            """, [.int32(dictionary.id), .bytes(dictionary.bytes), .bytes(LedgerDigest().of(dictionary.bytes))])
        if added == 0, try self.dictionary(dictionary.id) != dictionary {
            throw LedgerError.otherContent(what: "dictionary", id: dictionary.id)
        }
    }

    /// - Throws: `LedgerError.unknown`, `LedgerError.untrainable` where its bytes are damaged, `PostgresError`
    public func dictionary(_ dictionaryId: Int32) throws -> PacketDictionary {
        let row = try connection.query(
            "SELECT \"bytes\" FROM ledger.\"Dictionary\" WHERE \"dictionaryId\" = $1", [.int32(dictionaryId)])
        guard let bytes = row["bytes"]?.binaries, bytes.count == 1 else {
            throw LedgerError.unknown(what: "dictionary", id: dictionaryId)
        }
        return try PacketDictionary(Array(bytes.bytes(at: 0)))
    }

    /// The dictionary that new packets are compressed with; nil where there is none.
    public func newestDictionary() throws -> PacketDictionary? {
        let row = try connection.query(
            "SELECT \"bytes\" FROM ledger.\"Dictionary\" ORDER BY \"recordedAt\" DESC, \"dictionaryId\" LIMIT 1")
        guard let bytes = row["bytes"]?.binaries, bytes.count == 1 else { return nil }
        return try PacketDictionary(Array(bytes.bytes(at: 0)))
    }
}
