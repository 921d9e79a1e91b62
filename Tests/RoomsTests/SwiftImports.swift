/// The modules that a Swift file imports.
enum SwiftImports {
    /// `import M`, `import struct M.T`, `import M.N`, each with attributes or an access level before it, several on a line with semicolons.
    static func modules(in text: String) -> Set<String> {
        var modules: Set<String> = []
        for line in text.split(whereSeparator: \.isNewline) {
            for statement in line.split(separator: ";") {
                if let module = module(of: statement) { modules.insert(module) }
            }
        }
        return modules
    }

    private static func module(of statement: Substring) -> String? {
        let pattern =
            /\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:typealias|struct|class|enum|actor|protocol|let|var|func)\s+)?`?(\w+)/
        return statement.prefixMatch(of: pattern).map { String($0.1) }
    }
}
