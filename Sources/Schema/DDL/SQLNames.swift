/// PostgreSQL keeps this many bytes of a name (NAMEDATALEN - 1).
let identifierBytesMax = 63

/// How names and texts are written in SQL.
public enum SQLText {
    /// The identifier in double quotes, quotes in it doubled: spelling and case stay.
    public static func identifier(_ name: String) -> String { quoted(name, with: "\"") }

    /// "schema"."name".
    public static func identifier(_ schema: String, _ name: String) -> String { identifier(schema) + "." + identifier(name) }

    /// The text as a literal; backslashes mean themselves whatever `standard_conforming_strings` says.
    public static func literal(_ text: String) -> String {
        guard text.contains("\\") else { return quoted(text, with: "'") }
        return "E" + quoted(text.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\"), with: "'")
    }

    /// A list of quoted identifiers: "a", "b".
    public static func list(_ names: [String]) -> String { names.map { identifier($0) }.joined(separator: ", ") }

    private static func quoted(_ text: String, with quote: String) -> String {
        var out = quote
        for scalar in text.unicodeScalars {
            out.unicodeScalars.append(scalar)
            if scalar == quote.unicodeScalars.first { out.unicodeScalars.append(scalar) }
        }
        return out + quote
    }
}

/// Gives out names of tables and indexes, which share one space of names in a schema: at most 63 bytes, none twice.
public struct RelationNames: Sendable {
    private var taken: Set<String>

    /// - Parameter taken: names in use, as those of the tables.
    public init(taken: some Sequence<String> = []) { self.taken = Set(taken) }

    /// The name wanted where it is short enough and free, else one like it; the same for the same requests in the same order.
    public mutating func claim(_ wanted: String) -> String {
        var name = Self.shortened(wanted, to: identifierBytesMax)
        var number = 2
        while !taken.insert(name).inserted {
            let suffix = "_\(number)"
            name = Self.shortened(wanted, to: identifierBytesMax - suffix.utf8.count) + suffix
            number += 1
        }
        return name
    }

    /// Long names end in a checksum (FNV-1a) of the whole, so that names with one beginning stay different.
    static func shortened(_ name: String, to bytesMax: Int) -> String {
        guard name.utf8.count > bytesMax else { return name }
        let checksum = name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let suffix = "_" + String(checksum, radix: 16)
        var out = ""
        for scalar in name.unicodeScalars {
            if out.utf8.count + String(scalar).utf8.count + suffix.utf8.count > bytesMax { break }
            out.unicodeScalars.append(scalar)
        }
        return out + suffix
    }
}
