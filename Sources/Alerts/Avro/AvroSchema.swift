import Foundation

/// A schema with all the types that it names.
///
///     let schema = try AvroSchema(file: "schema/11/0/lsst.v11_0.alert.avsc")
///     let value = try AvroDecoder(schema).decode(bytes)
///
/// A name that a file does not define is looked for in the file `NAME.avsc` beside it, as lsst-alert-packet and fastavro do.
public struct AvroSchema: Sendable, Equatable {
    public let root: AvroType
    /// Every named type by its full name; within them, later uses are references.
    public let definitions: [String: AvroType]
    /// The text that was read. Schemas of several files have that of the first; `selfContainedText` has all.
    public let text: String
    /// True where `text` alone tells the whole schema.
    public let isOneText: Bool

    /// Reads a schema from its JSON.
    /// - Parameter lookup: the text of the schema of a full name that `text` does not define; nil where there is none.
    /// - Throws: `AvroError.schema`
    public init(_ text: String, lookup: @escaping (String) throws -> String? = { _ in nil }) throws {
        var parser = AvroSchemaParser(lookup: lookup)
        root = try parser.type(Self.json(text), namespace: "", place: [], depth: 0)
        definitions = parser.definitions
        isOneText = !parser.hasLookedUp
        self.text = text
    }

    /// A primitive's bare name is a schema too, with or without quotation marks.
    private static func json(_ text: String) throws -> OrderedJSON {
        let bare = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return AvroType.primitives[bare] == nil ? try OrderedJSON(reading: text) : .string(bare)
    }

    /// Reads a schema file (.avsc) with those beside it that it refers to.
    /// - Throws: `AvroError.file`, `AvroError.schema`
    public init(file path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try self.init(Self.read(path)) { name in
            // A name is no path: none leads out of the folder.
            if name.contains("/") { return nil }
            let beside = folder.appendingPathComponent(name + ".avsc").path
            return FileManager.default.fileExists(atPath: beside) ? try Self.read(beside) : nil
        }
    }

    /// Reads the alert schema of a folder of one version, as lsst-alert-packet lays them out: the file `*.alert.avsc` and its parts.
    /// - Throws: `AvroError.file` where the folder holds none, or several.
    public init(alertFolder folder: String) throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let roots = names.filter { $0.hasSuffix(".alert.avsc") || $0 == "alert.avsc" }
        guard let root = roots.first, roots.count == 1 else {
            throw AvroError.file(path: folder, reason: "it holds \(roots.count) files *.alert.avsc where one is needed")
        }
        try self.init(file: folder + "/" + root)
    }

    private static func read(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw AvroError.file(path: path, reason: "it is not there or may not be read")
        }
        guard let text = String(bytes: data, encoding: .utf8) else { throw AvroError.file(path: path, reason: "it is no UTF-8 text") }
        return text
    }

    /// What a reference stands for; other types stand for themselves.
    public func resolved(_ type: AvroType) -> AvroType {
        if case .reference(let name) = type.stored { return definitions[name]! }
        return type.stored
    }

    /// The record of that full or bare name; nil where there is none. Bare names take the first by full name.
    public func record(_ name: String) -> AvroRecord? {
        if case .record(let record) = definitions[name] { return record }
        for key in definitions.keys.sorted() where key.hasSuffix("." + name) {
            if case .record(let record) = definitions[key] { return record }
        }
        return nil
    }

    /// One JSON text that tells the whole schema: what `avro.schema` of a container takes.
    public var selfContainedText: String { isOneText ? text : root.json.compact }
}
