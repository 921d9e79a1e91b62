import Yams

/// How a pipeline's columns become those of a table: a YAML document, read once, applied to many files.
///
///     table: DiaSource
///     columns:
///       diaSourceId: {from: candid}
///       ra: {from: ra_radians, unit: {from: rad, to: deg}}
///       midpointMjdTai: {from: jd, time: jd_utc}
///       psfFlux: {from: counts, zero_point: 27.5}
///       psfFluxErr: {magnitude_error: {mag: magpsf, error: sigmapsf}}
///       band: {from: fid, values: {1: g, 2: r, 3: i}}
///       ssObjectId: {from: ssObjectId, null_values: [0]}
///       pixelFlags_bad: {from: flags, bit: 3}
///       detector: {constant: 0}
///     flags:
///       flags: {centroid_flag: 0, apFlux_flag: 1}
public struct TranslationMap: Sendable, Equatable {
    public var table: String
    public var rules: [String: Rule]
    /// The file's name, for messages.
    public var source: String

    /// What one column of the table is made of.
    public struct Rule: Sendable, Equatable {
        public var from: String?
        public var scale: Double = 1
        public var offset: Double = 0
        public var time: TimeForm?
        /// Instrumental flux with this AB zero point, to nJy.
        public var zeroPoint: Double?
        /// Flux in nJy from an AB magnitude, or its error from the magnitude's; the sign is taken from a column.
        public var magnitude: Magnitude?
        public var bit: Int?
        public var constant: Scalar?
        public var values: [String: String] = [:]
        public var nullValues: [String] = []
        public var defaultValue: Scalar?
        public var isRequired = true
    }

    public struct Magnitude: Sendable, Equatable {
        public var magnitude: String
        /// The magnitude's error, where the rule makes the flux's error.
        public var error: String?
        /// A column that is false, "f" or 0 where the flux is negative.
        public var positive: String?
    }

    public enum TimeForm: String, Sendable, Equatable, CaseIterable { case jd_utc, mjd_utc, jd_tai, mjd_tai, unix }

    public enum Scalar: Sendable, Equatable {
        case integer(Int64), real(Double), boolean(Bool), text(String)
    }

    public init(table: String, rules: [String: Rule] = [:], source: String = "map") {
        self.table = table
        self.rules = rules
        self.source = source
    }

    /// - Throws: `TranslationError.badMap` with the line.
    public static func read(yaml: String, source: String) throws -> TranslationMap {
        func fail(_ node: Node?, _ reason: String) -> TranslationError { .badMap(file: source, line: node?.mark?.line, reason: reason) }
        let composed: Node?
        do { composed = try Yams.compose(yaml: yaml) } catch { throw fail(nil, "it is not YAML: \(error)") }
        guard let root = composed?.mapping else { throw fail(composed, "a map must have the keys table and columns") }
        for (key, value) in root where !["table", "columns", "flags", "description"].contains(key.string ?? "") {
            throw fail(value, "unknown key \(key.string ?? "?"); known are table, columns, flags, description")
        }
        var map = TranslationMap(table: root["table"]?.string ?? "DiaSource", source: source)
        for (key, value) in root["columns"]?.mapping ?? [:] {
            guard let name = key.string else { throw fail(key, "a column's name must be text") }
            map.rules[name] = try rule(value, name, fail)
        }
        for (word, bits) in root["flags"]?.mapping ?? [:] {
            for (flag, bit) in bits.mapping ?? [:] {
                guard let word = word.string, let flag = flag.string, let bit = bit.int, (0..<64).contains(bit) else {
                    throw fail(bit, "flags are written as word: {flag: bit} with bits from 0 to 63")
                }
                map.rules[flag] = Rule(from: word, bit: bit)
            }
        }
        return map
    }

    private static func rule(_ node: Node, _ name: String, _ fail: (Node?, String) -> TranslationError) throws -> Rule {
        if let from = node.string { return Rule(from: from) }
        guard let mapping = node.mapping else { throw fail(node, "the rule of \(name) must be a column's name or a mapping") }
        var rule = Rule()
        for (key, value) in mapping {
            switch key.string ?? "" {
            case "from": rule.from = value.string
            case "scale": rule.scale *= try number(value, fail)
            case "offset": rule.offset = try number(value, fail)
            case "unit":
                guard let from = value.mapping?["from"]?.string, let to = value.mapping?["to"]?.string, let factor = UnitConversion.factor(from: from, to: to)
                else { throw fail(value, "the unit of \(name) cannot be converted: known are \(UnitConversion.known)") }
                rule.scale *= factor
            case "time":
                guard let form = value.string.flatMap(TimeForm.init(rawValue:)) else {
                    throw fail(value, "the time of \(name) must be one of \(TimeForm.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                rule.time = form
            case "zero_point": rule.zeroPoint = try number(value, fail)
            case "magnitude", "magnitude_error":
                guard let magnitude = value.mapping?["mag"]?.string else { throw fail(value, "\(key.string!) of \(name) needs mag: the column of the magnitude") }
                rule.magnitude = Magnitude(magnitude: magnitude, error: value.mapping?["error"]?.string, positive: value.mapping?["positive"]?.string)
                if key.string == "magnitude_error", rule.magnitude?.error == nil { throw fail(value, "magnitude_error of \(name) needs error: the magnitude's error") }
            case "bit":
                guard let bit = value.int, (0..<64).contains(bit) else { throw fail(value, "the bit of \(name) must be from 0 to 63") }
                rule.bit = bit
            case "constant": rule.constant = scalar(value)
            case "default": rule.defaultValue = scalar(value)
            case "values":
                for (old, new) in value.mapping ?? [:] { rule.values[old.scalar?.string ?? ""] = new.scalar?.string ?? "" }
            case "null_values": rule.nullValues = (value.sequence ?? []).compactMap { $0.scalar?.string }
            case "required": rule.isRequired = value.bool ?? true
            default: throw fail(key, "\(name) has the unknown key \(key.string ?? "?")")
            }
        }
        guard rule.from != nil || rule.constant != nil || rule.magnitude != nil || rule.defaultValue != nil else {
            throw fail(node, "the rule of \(name) says neither from, constant, magnitude nor default")
        }
        return rule
    }

    private static func number(_ node: Node, _ fail: (Node?, String) -> TranslationError) throws -> Double {
        guard let value = node.float ?? node.int.map(Double.init) else { throw fail(node, "a number is wanted here") }
        return value
    }

    private static func scalar(_ node: Node) -> Scalar {
        if let value = node.int { return .integer(Int64(value)) }
        if let value = node.float { return .real(value) }
        if let value = node.bool { return .boolean(value) }
        return .text(node.string ?? "")
    }
}
