import Foundation
import Postgres

/// The SQL that lives in `sql/` and `migrations/`, one concept a file, and the names that are put into it.
enum SQLFile {
    /// The text of `sql/<name>.sql`, with each `{key}` replaced. Values must be quoted by the caller (`quoted`).
    static func load(_ name: String, _ substitutions: [String: String] = [:]) throws -> String {
        try fill(read("sql/\(name).sql"), substitutions)
    }

    /// Names of the files in `sql/<folder>`, without ending, in order.
    static func names(in folder: String) throws -> [String] { try list("sql/\(folder)") }

    /// Numbered migrations of the bookkeeping in order.
    static func migrations() throws -> [(number: Int, name: String, text: String)] {
        try list("migrations").map { name in
            guard let number = Int(name.prefix(while: \.isNumber)) else {
                throw CatalogError.unavailable("the program's migration \(name) has no number: reinstall it")
            }
            return (number, name, try read("migrations/\(name).sql"))
        }
    }

    static func fill(_ text: String, _ substitutions: [String: String]) -> String {
        substitutions.reduce(text) { $0.replacingOccurrences(of: "{\($1.key)}", with: $1.value) }
    }

    private static func list(_ folder: String) throws -> [String] {
        let url = Bundle.module.bundleURL.appendingPathComponent(folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.filter { $0.hasSuffix(".sql") }.map { String($0.dropLast(4)) }.sorted()
    }

    private static func read(_ path: String) throws -> String {
        let url = Bundle.module.bundleURL.appendingPathComponent(path)
        guard let text = try? String(contentsOf: url, encoding: .utf8) else {
            throw CatalogError.unavailable("the program's file \(path) is missing beside it: reinstall SkyLedger")
        }
        return text
    }
}

/// An SQL identifier in double quotes.
func quoted(_ identifier: String) -> String { "\"" + identifier.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }

/// An SQL string literal.
func literal(_ text: String) -> String { "'" + text.replacingOccurrences(of: "'", with: "''") + "'" }
