import Catalog
import Foundation

/// Files that ship with the room.
enum ReleaseFile {
    /// The statement in `sql/<name>.sql`, with each `{key}` replaced; what is put in must be quoted.
    static func sql(_ name: String, _ names: [String: String] = [:]) throws -> String {
        names.reduce(try text("sql/\(name).sql")) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    /// Names of the schemas of two generations, for such statements.
    static func schemas(_ old: Generation, _ new: Generation) -> [String: String] {
        ["old": old.schemaName, "new": new.schemaName, "newId": String(new.id)]
    }

    /// - Throws: `CatalogError.unavailable` where it is not installed.
    static func text(_ path: String) throws -> String {
        let url = Bundle.module.bundleURL.appendingPathComponent(path)
        guard let text = try? String(contentsOf: url, encoding: .utf8) else {
            throw CatalogError.unavailable("the program's file \(path) is missing beside it: reinstall SkyLedger")
        }
        return text
    }
}
