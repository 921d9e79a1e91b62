import Catalog
import Postgres

/// The schema that an instance's packets are written by: the one that was added to its ledger last.
public struct AlertSchemas {
    let connection: Connection

    /// - Parameter connection: as the role `ingest`.
    public init(_ connection: Connection) { self.connection = connection }

    /// The schema in force. An instance that has none yet takes the newest that is installed.
    ///
    /// - Parameter folder: the schemas of lsst-alert-packet; nil where they are not installed.
    /// - Throws: `CatalogError.unavailable` where there is none at all; `AvroError`
    public func inForce(installed folder: AlertSchemaFolder?) throws -> PacketSchema {
        if let present = try newest() { return present }
        guard let folder else {
            throw CatalogError.unavailable(
                "the instance has no alert schema yet and none is installed: run tools/bootstrap, name the folder in SKYLEDGER_ALERT_SCHEMAS, or load with --no-alerts"
            )
        }
        return try add(folder.newest, of: folder)
    }

    /// Puts one of LSST's versions into force.
    ///
    /// - Parameter isPlain: whether upper limits and what else LSST's schema has no place for are left out of packets.
    /// - Throws: `LedgerError.otherContent` where the ledger has another text under the number; `AvroError`
    @discardableResult
    public func add(_ version: AlertSchemaFolder.Version, of folder: AlertSchemaFolder, isPlain: Bool = false) throws -> PacketSchema {
        let schema = try PacketSchema(version, of: folder, isPlain: isPlain)
        try LedgerRegistry(connection).add(schemaId: schema.schemaId, text: schema.avro.text)
        return schema
    }

    /// The last that was added of those that packets of this program are written by; nil before the first.
    func newest() throws -> PacketSchema? {
        let rows = try connection.query(
            """
            SELECT "schemaId", "text" FROM ledger."Schema" WHERE "schemaId" BETWEEN 100 AND $1 ORDER BY "recordedAt" DESC, "schemaId" DESC LIMIT 1
            """, [.int32(2 * PacketSchema.extensionOffset - 1)])
        guard let id = rows["schemaId"]?.int32s?.first, let text = rows["text"]?.strings?[0] else { return nil }
        return try PacketSchema(schemaId: id, text: text)
    }
}
