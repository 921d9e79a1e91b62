import Yams

/// A YAML node together with where it stands, so that whatever is wrong with it can be said with file, line, table and column.
struct FelisNode {
    let node: Node
    let file: String
    /// "table DiaSource", "column psfFlux of table DiaSource".
    let place: String
    /// The mapping's entries; empty where the node is no mapping.
    private let entries: [String: Node]

    init(_ node: Node, file: String, place: String) {
        self.node = node
        self.file = file
        self.place = place
        var entries: [String: Node] = [:]
        for (key, value) in node.mapping ?? [:] {
            if let key = key.scalar?.string { entries[key] = value }
        }
        self.entries = entries
    }

    var line: Int { node.mark?.line ?? 1 }
    var isNull: Bool { node.scalar != nil && node.tag == Tag(.null) }

    func named(_ place: String) -> FelisNode { FelisNode(node, file: file, place: place) }

    func wrong(_ key: String, _ reason: String) -> SchemaError {
        .wrongValue(path: file, line: self[key]?.line ?? line, place: place, key: key, reason: reason)
    }

    /// The value of the key; nil where it is absent or null.
    subscript(key: String) -> FelisNode? {
        guard let value = entries[key] else { return nil }
        let found = FelisNode(value, file: file, place: place)
        return found.isNull ? nil : found
    }

    func has(_ key: String) -> Bool { entries[key] != nil }

    /// The value as text without blanks around it.
    func text(_ key: String) throws -> String? {
        guard let value = self[key] else { return nil }
        guard let scalar = value.node.scalar else { throw wrong(key, "must be text, not a list or mapping; write it on one line") }
        return scalar.string.trimmed
    }

    func requiredText(_ key: String) throws -> String {
        guard let text = try text(key), !text.isEmpty else { throw SchemaError.missingKey(path: file, line: line, place: place, key: key) }
        return text
    }

    /// The name of a table or column: what PostgreSQL can keep as an identifier.
    func requiredName() throws -> String {
        let name = try requiredText("name")
        guard name.utf8.count <= identifierBytesMax else {
            throw wrong("name", "has more than the \(identifierBytesMax) bytes that PostgreSQL keeps; shorten \(name)")
        }
        return name
    }

    func integer(_ key: String) throws -> Int? {
        guard let text = try text(key) else { return nil }
        guard let value = Int(text) else { throw wrong(key, "is \(text); write a whole number") }
        return value
    }

    /// true or false; 1 and 0 too, which older documents write.
    func flag(_ key: String) throws -> Bool? {
        guard let text = try text(key) else { return nil }
        switch text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default: throw wrong(key, "is \(text); write true or false")
        }
    }

    /// The items of a list, none where the key is absent.
    func list(_ key: String) throws -> [FelisNode] {
        guard let value = self[key] else { return [] }
        guard let items = value.node.sequence else { throw wrong(key, "must be a list; begin its items with -") }
        return items.map { FelisNode($0, file: file, place: place) }
    }

    /// The entries of a mapping in the document's order, none where the key is absent. Values may be null.
    func mapping(_ key: String) throws -> [(key: String, value: FelisNode)] {
        guard let value = self[key] else { return [] }
        guard let pairs = value.pairs else { throw wrong(key, "must be a mapping of names; write name: value") }
        return pairs
    }

    /// The node's own entries in the document's order; nil where it is no mapping.
    var pairs: [(key: String, value: FelisNode)]? {
        node.mapping.map { mapping in mapping.map { ($0.key.scalar?.string ?? "", FelisNode($0.value, file: file, place: place)) } }
    }

    /// One text or a list of them.
    func texts(_ key: String) throws -> [String] {
        guard let value = self[key] else { return [] }
        if let scalar = value.node.scalar { return [scalar.string.trimmed] }
        return try list(key).map { item in
            guard let scalar = item.node.scalar else { throw wrong(key, "must be a list of names") }
            return scalar.string.trimmed
        }
    }
}

extension String {
    var trimmed: String {
        let isBlank: (Character) -> Bool = { $0.isWhitespace }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(self[first...last])
    }
}
