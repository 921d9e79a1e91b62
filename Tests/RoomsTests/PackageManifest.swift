/// The targets of a Package.swift with the names of their dependencies, read from its text: asking SwiftPM would wait for the build that
/// runs the test.
struct PackageManifest {
    /// From a target of Sources to what it depends on; tests are left out.
    let dependencies: [String: Set<String>]

    init(_ text: String) {
        let text = text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.drop(while: \.isWhitespace).hasPrefix("//") }.joined(separator: "\n")
        var found: [String: Set<String>] = [:]
        for match in text.matches(of: /(?:\broom\(|\.(?:target|executableTarget|systemLibrary)\(\s*name:)\s*"([^"]+)"/) {
            let arguments = Self.untilClosed(text[match.range.upperBound...])
            found[String(match.1)] = Self.names(in: Self.list(of: arguments))
        }
        dependencies = found
    }

    /// The text up to the bracket that closes what was open before it.
    private static func untilClosed(_ text: Substring) -> Substring {
        var depth = 0
        for index in text.indices {
            if "([".contains(text[index]) { depth += 1 }
            if ")]".contains(text[index]) { depth -= 1 }
            if depth < 0 { return text[..<index] }
        }
        return text
    }

    /// The list after `dependencies:`, or the unnamed second argument of `room`.
    private static func list(of arguments: Substring) -> Substring {
        guard let start = arguments.prefixMatch(of: /\s*,\s*(?:dependencies:\s*)?\[/) else { return "" }
        return untilClosed(arguments[start.range.upperBound...])
    }

    /// Names of targets and products; the package that a product is of says nothing more.
    private static func names(in list: Substring) -> Set<String> {
        let plain = list.replacing(/package:\s*"[^"]*"/, with: "")
        return Set(plain.matches(of: /"([^"]+)"/).map { String($0.1) })
    }
}
