import Schema

/// One complete lineage of Level-1 data, in a database schema of its own. Exactly one generation of an instance is current.
public struct Generation: Sendable {
    public let id: Int
    /// The schema that its tables live in for ever, `l1_0001`.
    public let schemaName: String
    public let document: SchemaDocument
    /// The text of the document as it was given.
    public let documentYAML: String
    public let layout: GenerationLayout

    init(id: Int, documentYAML: String, document: SchemaDocument) throws {
        self.id = id
        schemaName = Self.schemaName(id)
        self.documentYAML = documentYAML
        self.document = document
        layout = try GenerationLayout(document)
    }

    static func schemaName(_ id: Int) -> String { "l1_" + digits(id) }

    /// The schema of the generation's views while it is not current, `apdb_0001`; the current one's are in `apdb`.
    public var viewSchemaName: String { "apdb_" + Self.digits(id) }

    /// The number as names of schemas have it, four digits or more.
    public static func digits(_ id: Int) -> String {
        let digits = String(id)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// A table of the generation, qualified and quoted.
    public func table(_ name: String) -> String { "\(quoted(schemaName)).\(quoted(name))" }

    /// Names put into SQL files.
    var names: [String: String] {
        [
            "generation": quoted(schemaName), "generationId": String(id),
            "validityStart": quoted(layout.roles.validityStart),
            "validityEnd": quoted(layout.roles.validityEnd),
            // The condition that a source was not withdrawn; documents from before withdrawals have none.
            "sourceIsKept": document[table: "DiaSource"]?[column: "timeWithdrawnMjdTai"] == nil
                ? "true" : "\"timeWithdrawnMjdTai\" IS NULL",
        ]
    }
}
