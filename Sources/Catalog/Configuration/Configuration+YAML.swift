import Yams

/// The configuration as a YAML document. What a document does not say stays at its default; what it says and nobody knows is an error.
extension Configuration {
    /// - Throws: `CatalogError.badRequest` naming the document, the line and the setting.
    public init(yaml: String, name: String) throws {
        var document: Node?
        do {
            var merged = try Self.node(of: Configuration())
            document = try Yams.compose(yaml: yaml)
            if let given = document { merged = try Self.overlay(merged, given, path: "", document: name) }
            self = try YAMLDecoder().decode(Configuration.self, from: try Yams.serialize(node: merged))
            try check { [document] in Self.place(of: $0, in: document) }
        } catch let error as CatalogError {
            throw CatalogError.badRequest("\(name): \(error)")
        } catch {
            throw CatalogError.badRequest("\(name): \(Self.sentence(error, document))")
        }
    }

    /// Every setting with its value.
    public var yaml: String {
        get throws {
            let text = try YAMLEncoder().encode(self)
            return try Yams.compose(yaml: text).map { try Yams.serialize(node: Self.plain($0)) } ?? text
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

    private static func node(of configuration: Configuration) throws -> Node {
        try Yams.compose(yaml: configuration.yaml) ?? Node([(Node, Node)]())
    }

    /// The defaults with what was given put over them.
    private static func overlay(_ known: Node, _ given: Node, path: String, document: String) throws -> Node {
        guard case .mapping(var mapping) = known else { return given }
        guard case .mapping(let changes) = given else {
            throw CatalogError.badRequest(
                "\(at(given))\(path.isEmpty ? "the document" : String(path.dropLast())) must hold settings, one a line")
        }
        for (key, value) in changes {
            let name = key.string ?? "?"
            guard let old = mapping[key] else {
                let names = mapping.keys.compactMap(\.string).sorted().joined(separator: ", ")
                throw CatalogError.badRequest("\(at(key))there is no setting \(path)\(name): known here are \(names)")
            }
            if value.null != nil { throw CatalogError.badRequest("\(at(key))the setting \(path)\(name) has no value") }
            mapping[key] = try overlay(old, value, path: "\(path)\(name).", document: document)
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
