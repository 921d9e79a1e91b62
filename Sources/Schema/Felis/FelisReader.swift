import Foundation
import Yams

/// Reads schema documents in Felis's YAML (felis.lsst.io, "Data Model"), from the unversioned ones of 2022 to today's.
///
///     let document = try FelisReader.read(path: "apdb.yaml")
///     document[table: "DiaSource"]?[column: "psfFlux"]?.unit  // "nJy"
///
/// Ignored on purpose: column groups, the `mysql:`, `postgresql:` and `votable:` keys (columns keep Felis's own type everywhere), and
/// every key that Felis does not name.
public enum FelisReader {
    /// Reads a file. Documents that it imports columns from (`resources`) are looked for beside it.
    ///
    /// - Parameter otherwise: the text of a document that is not found beside the file; it is given the uri as written, and gives nil
    ///   where it has none.
    /// - Throws: `SchemaError` with file, line, table and column.
    public static func read(path: String, otherwise: (String) throws -> String? = { _ in nil }) throws -> SchemaDocument {
        let text = try contents(of: path)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        return try read(yaml: text, name: path) { uri in
            let beside = folder.appendingPathComponent(uri).path
            if FileManager.default.fileExists(atPath: beside) { return try contents(of: beside) }
            guard let text = try otherwise(uri) else { throw SchemaError.unreadable(path: beside, reason: "there is no such file") }
            return text
        }
    }

    /// Reads a document's text.
    ///
    /// - Parameters:
    ///   - name: what messages call the document.
    ///   - resources: gives the text of a document by its uri; called once for each entry under `resources`.
    /// - Throws: `SchemaError` with file, line, table and column.
    public static func read(
        yaml: String, name: String,
        resolving resources: (String) throws -> String = { throw SchemaError.unreadable(path: $0, reason: "no other documents are given") }
    ) throws -> SchemaDocument {
        try read(yaml: yaml, name: name, depth: 0, resolving: resources)
    }

    /// Documents that import from documents: deeper than this they are taken to run in a circle.
    private static let resourceDepthMax = 8

    private static func read(
        yaml: String, name: String, depth: Int, resolving resources: (String) throws -> String
    ) throws -> SchemaDocument {
        let root = FelisNode(try compose(yaml, name: name), file: name, place: "the document")
        let imports = try FelisColumnImports(root: root) { uri, line in
            guard depth < resourceDepthMax else {
                throw SchemaError.unknownResource(
                    path: name, line: line, resource: uri, reason: "documents import from each other in a circle")
            }
            let text: String
            do {
                text = try resources(uri)
            } catch {
                throw SchemaError.unknownResource(path: name, line: line, resource: uri, reason: "\(error)")
            }
            return try read(yaml: text, name: uri, depth: depth + 1, resolving: resources)
        }
        return try FelisDocumentBuilder(root: root, imports: imports).document()
    }

    private static func compose(_ yaml: String, name: String) throws -> Node {
        do {
            guard let node = try Yams.compose(yaml: yaml) else {
                throw SchemaError.notYAML(path: name, line: 1, reason: "the document is empty")
            }
            guard node.mapping != nil else {
                throw SchemaError.notYAML(path: name, line: node.mark?.line ?? 1, reason: "a mapping with name and tables is expected")
            }
            return node
        } catch let error as YamlError {
            throw notYAML(error, name: name)
        }
    }

    private static func notYAML(_ error: YamlError, name: String) -> SchemaError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            .notYAML(path: name, line: mark.line, reason: problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            .notYAML(path: name, line: context.mark.line, reason: "repeated keys \(duplicates.joined(separator: ", "))")
        case .reader(let problem, let offset, _, let yaml):
            .notYAML(path: name, line: 1 + yaml.utf8.prefix(offset ?? 0).count { $0 == UInt8(ascii: "\n") }, reason: problem)
        default: .notYAML(path: name, line: 1, reason: "\(error)")
        }
    }

    private static func contents(of path: String) throws -> String {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw SchemaError.unreadable(path: path, reason: error.localizedDescription)
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw SchemaError.notYAML(path: path, line: 1, reason: "the text is not UTF-8")
        }
        return text
    }
}
