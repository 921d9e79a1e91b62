/// One difference between two schema documents.
public struct SchemaChange: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case tableAdded, tableDropped
        case columnAdded, columnDropped, columnRenamed
        case datatypeChanged, lengthChanged, precisionChanged, nullableChanged, defaultChanged, autoincrementChanged, unitChanged
        case primaryKeyChanged
        case indexAdded, indexDropped, indexChanged
        case constraintAdded, constraintDropped, constraintChanged

        /// "+", "-" or "~".
        var sign: String { rawValue.hasSuffix("Added") ? "+" : rawValue.hasSuffix("Dropped") ? "-" : "~" }
    }

    public var kind: Kind
    public var table: String
    /// The column (under its new name), index or constraint; nil where the table itself is meant.
    public var item: String?
    /// What the old document says, as text; nil where it says nothing.
    public var old: String?
    /// What the new document says, as text; nil where it says nothing.
    public var new: String?

    public init(_ kind: Kind, table: String, item: String? = nil, old: String? = nil, new: String? = nil) {
        self.kind = kind
        self.table = table
        self.item = item
        self.old = old
        self.new = new
    }

    /// One line: `- DiaSource.psFlux float`, `~ DiaSource.snr datatype: float -> double`.
    public var text: String {
        let place = item.map { "\(table).\($0)" } ?? table
        let change = "\(old ?? "none") -> \(new ?? "none")"
        return switch kind {
        case .tableAdded: "+ table \(table) (\(new ?? ""))"
        case .tableDropped: "- table \(table) (\(old ?? ""))"
        case .columnAdded: "+ \(place) \(new ?? "")"
        case .columnDropped: "- \(place) \(old ?? "")"
        case .columnRenamed: "~ \(place) renamed: \(change)"
        case .primaryKeyChanged: "~ \(table) primary key: \(change)"
        case .indexAdded, .constraintAdded: "\(kind.sign) \(word) \(place) \(new ?? "")"
        case .indexDropped, .constraintDropped: "\(kind.sign) \(word) \(place) \(old ?? "")"
        case .indexChanged, .constraintChanged: "\(kind.sign) \(word) \(place): \(change)"
        default: "~ \(place) \(word): \(change)"
        }
    }

    /// The kind without what became of it: "index", "datatype".
    private var word: String {
        for ending in ["Added", "Dropped", "Changed"] where kind.rawValue.hasSuffix(ending) {
            return String(kind.rawValue.dropLast(ending.count))
        }
        return kind.rawValue
    }
}
