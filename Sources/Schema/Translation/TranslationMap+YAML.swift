import Foundation
import Yams

extension TranslationMap {
    /// Reads a map from a file.
    /// - Throws: `TranslationError.malformedMap` with the file and line.
    public init(contentsOf path: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw TranslationError.malformedMap(file: path, line: 1, reason: "the file cannot be read; check its name and permissions")
        }
        try self.init(yaml: text, file: path)
    }

    /// Reads a map from YAML.
    /// - Throws: `TranslationError.malformedMap` with the file and line.
    public init(yaml: String, file: String) throws {
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch {
            let message = "\(error)"
            var line = 1
            if let yamlError = error as? YamlError {
                switch yamlError {
                case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): line = mark.line
                default: break
                }
            }
            throw TranslationError.malformedMap(file: file, line: line, reason: "it is no YAML: \(message)")
        }
        let reader = MapReader(file: file)
        guard let root else { throw TranslationError.malformedMap(file: file, line: 1, reason: "the map is empty") }
        let top = try reader.fields(root, allowed: ["table", "columns", "flag_map", "match_by_name"])
        self.init(file: file, columns: [:])
        table = try top["table"].map(reader.text)
        matchesByName = try top["match_by_name"].map(reader.boolean) ?? true
        for (name, node) in try top["columns"].map({ try reader.pairs($0) }) ?? [] {
            columns[name] = try reader.rule(node)
        }
        if let node = top["flag_map"] {
            let fields = try reader.fields(node, allowed: ["word", "bits"])
            guard let word = fields["word"], let bits = fields["bits"] else { throw reader.error(node, "flag_map needs word and bits") }
            flagMap = FlagMap(word: try reader.text(word), bits: [:])
            for (name, bit) in try reader.pairs(bits) { flagMap!.bits[name] = try reader.bit(bit) }
        }
    }
}

/// Reads the parts of a map; errors carry the line.
private struct MapReader {
    let file: String

    func error(_ node: Node, _ reason: String) -> TranslationError {
        .malformedMap(file: file, line: node.mark?.line ?? 1, reason: reason)
    }

    func pairs(_ node: Node) throws -> [(String, Node)] {
        guard let mapping = node.mapping else { throw error(node, "a mapping of names to values is expected here") }
        var seen: Set<String> = []
        return try mapping.map { key, value in
            guard let name = key.scalar?.string else { throw error(key, "a name is expected here") }
            guard seen.insert(name).inserted else { throw error(key, "\(name) is given twice") }
            return (name, value)
        }
    }

    func fields(_ node: Node, allowed: [String]) throws -> [String: Node] {
        let found = try pairs(node)
        for (name, value) in found where !allowed.contains(name) {
            throw error(value, "\(name) is no key of this part; the keys are \(allowed.joined(separator: ", "))")
        }
        return Dictionary(uniqueKeysWithValues: found)
    }

    func text(_ node: Node) throws -> String {
        guard let text = node.scalar?.string, !text.isEmpty else { throw error(node, "a text is expected here") }
        return text
    }

    func number(_ node: Node) throws -> Double {
        guard let value = node.scalar.flatMap({ Double($0.string) }), value.isFinite else { throw error(node, "a number is expected here") }
        return value
    }

    func positive(_ node: Node) throws -> Int64 {
        guard let value = node.scalar.flatMap({ Int64($0.string) }), value > 0 else {
            throw error(node, "a positive integer is expected here")
        }
        return value
    }

    func bit(_ node: Node) throws -> Int {
        guard let value = node.scalar.flatMap({ Int($0.string) }), (0..<64).contains(value) else {
            throw error(node, "a bit from 0 to 63 is expected here")
        }
        return value
    }

    func boolean(_ node: Node) throws -> Bool {
        guard let value = node.bool else { throw error(node, "true or false is expected here") }
        return value
    }

    func value(_ node: Node) throws -> DefaultValue {
        guard let scalar = node.scalar else { throw error(node, "one value is expected here") }
        if scalar.style == .singleQuoted || scalar.style == .doubleQuoted { return .text(scalar.string) }
        if let value = Int64(scalar.string) { return .integer(value) }
        if let value = node.float { return .real(value) }
        if let value = node.bool { return .boolean(value) }
        return .text(scalar.string)
    }

    func texts(_ node: Node) throws -> [String] {
        guard let sequence = node.sequence else { return [try text(node)] }
        return try sequence.map(text)
    }

    static let ruleKeys = [
        "from", "constant", "bits", "from_magnitude", "error_from_magnitude", "null_values", "values", "quotient", "remainder", "time",
        "unit", "zero_point", "scale", "offset", "default", "required",
    ]

    func rule(_ node: Node) throws -> TranslationMap.Rule {
        let fields = try fields(node, allowed: Self.ruleKeys)
        let sources = try fields.compactMap { key, value in try source(key, value) }
        guard sources.count <= 1 else {
            throw error(node, "a column has one of from, constant, bits, from_magnitude, error_from_magnitude")
        }
        var rule = TranslationMap.Rule(sources.first)
        if let values = fields["null_values"] {
            guard let sequence = values.sequence else { throw error(values, "null_values is a list of values") }
            rule.nullValues = try sequence.map(value)
        }
        rule.values = try fields["values"].map { node in
            Dictionary(uniqueKeysWithValues: try pairs(node).map { ($0, try text($1)) })
        }
        rule.quotient = try fields["quotient"].map(positive)
        rule.remainder = try fields["remainder"].map(positive)
        if let form = fields["time"] {
            guard let time = TranslationMap.TimeForm(rawValue: try text(form)) else {
                let names = TranslationMap.TimeForm.allCases.map(\.rawValue).joined(separator: ", ")
                throw error(form, "time is one of \(names)")
            }
            rule.time = time
        }
        if let unit = fields["unit"] {
            let names = try self.fields(unit, allowed: ["from", "to"])
            guard let from = names["from"], let to = names["to"] else { throw error(unit, "unit needs from and to") }
            guard let factor = UnitConversion.factor(from: try text(from), to: try text(to)) else {
                throw error(unit, "\(try text(from)) cannot be converted to \(try text(to))")
            }
            rule.factor *= factor
        }
        if let zeroPoint = fields["zero_point"] { rule.factor *= UnitConversion.nanojanskyPerCount(zeroPoint: try number(zeroPoint)) }
        if let scale = fields["scale"] { rule.factor *= try number(scale) }
        if let offset = fields["offset"] { rule.offset = try number(offset) }
        rule.defaultValue = try fields["default"].map(value)
        rule.isRequired = try fields["required"].map(boolean) ?? false
        return rule
    }

    private func source(_ key: String, _ node: Node) throws -> TranslationMap.Source? {
        switch key {
        case "from": return .column(try text(node))
        case "constant": return .constant(try value(node))
        case "bits":
            let fields = try fields(node, allowed: ["word", "bit"])
            guard let word = fields["word"], let bit = fields["bit"] else { throw error(node, "bits needs word and bit") }
            return .bit(word: try text(word), bit: try self.bit(bit))
        case "from_magnitude":
            let fields = try fields(node, allowed: ["mag", "sign"])
            guard let magnitude = fields["mag"] else { throw error(node, "from_magnitude needs mag") }
            let sign = try fields["sign"].map { node in
                let fields = try self.fields(node, allowed: ["column", "negative"])
                guard let column = fields["column"], let negative = fields["negative"] else {
                    throw error(node, "sign needs column and negative")
                }
                return TranslationMap.Sign(column: try text(column), negative: try texts(negative))
            }
            return .flux(magnitude: try text(magnitude), sign: sign)
        case "error_from_magnitude":
            let fields = try fields(node, allowed: ["mag", "magErr"])
            guard let magnitude = fields["mag"], let magErr = fields["magErr"] else {
                throw error(node, "error_from_magnitude needs mag and magErr")
            }
            return .fluxError(magnitude: try text(magnitude), error: try text(magErr))
        default: return nil
        }
    }
}
