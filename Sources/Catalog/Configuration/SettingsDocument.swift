import Yams

/// Settings as a YAML document: what it does not say stays at its default; what it says and nobody knows is an error, with the line named.
protocol SettingsDocument: Codable, Equatable, Sendable {
    /// The defaults.
    init()

    /// What no document may say.
    /// - Parameter place: where a setting stands ("line 3: "), by its full name; nothing where that is not known.
    /// - Throws: `CatalogError.badRequest` naming the setting, its value and what it may be.
    func check(at place: (String) -> String) throws

    /// Why a key that is no setting can never be one; nil where it is only unknown.
    static func refusal(of key: String) -> String?
}

extension SettingsDocument {
    static func refusal(of key: String) -> String? { nil }

    /// - Throws: `CatalogError.badRequest` naming the document, the line and the setting.
    static func read(yaml: String, name: String) throws -> Self {
        var document: Node?
        do {
            var merged = try Yams.compose(yaml: Self().text) ?? Node([(Node, Node)]())
            document = try Yams.compose(yaml: yaml)
            if let given = document { merged = try overlay(merged, given, path: "") }
            let settings = try YAMLDecoder().decode(Self.self, from: try Yams.serialize(node: merged))
            try settings.check { [document] in place(of: $0, in: document) }
            return settings
        } catch let error as CatalogError {
            throw CatalogError.badRequest("\(name): \(error)")
        } catch {
            throw CatalogError.badRequest("\(name): \(sentence(error, document))")
        }
    }

    /// Every setting with its value.
    var text: String {
        get throws {
            let text = try YAMLEncoder().encode(self)
            return try Yams.compose(yaml: text).map { try Yams.serialize(node: Self.plain($0)) } ?? text
        }
    }

    /// Every setting by its full name, in the order of the document.
    func settings() throws -> [(name: String, value: String)] {
        func leaves(_ node: Node, _ path: [String]) -> [(name: String, value: String)] {
            switch node {
            case .mapping(let mapping): mapping.flatMap { leaves($1, path + [$0.string ?? ""]) }
            case .sequence(let sequence): [(path.joined(separator: "."), "[\(sequence.map { $0.string ?? "" }.joined(separator: ", "))]")]
            default: [(path.joined(separator: "."), node.string ?? "")]
            }
        }
        return leaves(try Yams.compose(yaml: text) ?? Node(""), [])
    }

    /// What differs from other settings, in the order of the document.
    func differences(from other: Self) throws -> [Configuration.Change] {
        let before = Dictionary(uniqueKeysWithValues: try other.settings())
        return try settings().compactMap { name, value in
            before[name] == value ? nil : Configuration.Change(name: name, before: before[name] ?? "", after: value)
        }
    }

    /// Numbers as people write them: 0.05 for 5e-2.
    private static func plain(_ node: Node) -> Node {
        switch node {
        case .mapping(let mapping): Node(mapping.map { ($0, plain($1)) })
        case .scalar(let scalar) where scalar.string.contains("e"): Double(scalar.string).map { Node("\($0)") } ?? node
        default: node
        }
    }

    /// The defaults with what was given put over them.
    private static func overlay(_ known: Node, _ given: Node, path: String) throws -> Node {
        guard case .mapping(var mapping) = known else { return given }
        guard case .mapping(let changes) = given else {
            throw CatalogError.badRequest(
                "\(at(given))\(path.isEmpty ? "the document" : String(path.dropLast())) must hold settings, one a line")
        }
        for (key, value) in changes {
            let name = key.string ?? "?"
            if let reason = refusal(of: name) { throw CatalogError.badRequest("\(at(key))\(path)\(name): \(reason)") }
            guard let old = mapping[key] else {
                let names = mapping.keys.compactMap(\.string).sorted().joined(separator: ", ")
                throw CatalogError.badRequest("\(at(key))there is no setting \(path)\(name): known here are \(names)")
            }
            if value.null != nil { throw CatalogError.badRequest("\(at(key))the setting \(path)\(name) has no value") }
            mapping[key] = try overlay(old, value, path: "\(path)\(name).")
        }
        return .mapping(mapping)
    }

    private static func at(_ node: Node) -> String { node.mark.map { "line \($0.line): " } ?? "" }

    /// The line of a setting in a document that says it.
    private static func place(of name: String, in document: Node?) -> String {
        var node = document
        for key in name.split(separator: ".") { node = node?.mapping?[Node(String(key))] ?? node?.sequence?.first }
        return node.map(at) ?? ""
    }

    private static func sentence(_ error: Error, _ document: Node?) -> String {
        if let error = error as? DecodingError {
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context), .dataCorrupted(let context):
                let path = context.codingPath.map(\.stringValue).joined(separator: ".")
                return "\(place(of: path, in: document))the setting \(path) has a value of the wrong kind"
            @unknown default: return "\(error)"
            }
        }
        return "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
