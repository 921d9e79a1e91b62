import Columns
import Foundation

/// The steps of a map's rule on a column of values.
struct RuleSteps {
    let file: String
    let target: String

    func apply(_ rule: TranslationMap.Rule, to input: Column) throws -> Column {
        var column = input.renamed(target)
        if !rule.nullValues.isEmpty { column = nulled(column, rule.nullValues) }
        if let values = rule.values { column = try mapped(column, values) }
        if rule.quotient != nil || rule.remainder != nil { column = try divided(column, rule.quotient, rule.remainder) }
        if let time = rule.time { column = try timed(column, time) }
        if rule.factor != 1 || rule.offset != 0 {
            let values = try doubles(column).map { $0 * rule.factor + rule.offset }
            column = Column(target, .double(values), validity: column.validity)
        }
        if let value = rule.defaultValue, column.nullCount > 0 { column = try filled(column, value) }
        return column.zeroingNulls()
    }

    func constant(_ value: DefaultValue, count: Int) -> Column {
        switch value {
        case .integer(let v): Column(target, .int64(.init(repeating: v, count: count)))
        case .real(let v): Column(target, .double(.init(repeating: v, count: count)))
        case .boolean(let v): Column(target, .bool(.init(repeating: v, count: count)))
        case .text(let v): Column(target, .string(ByteStrings(repeatElement(v, count: count))))
        }
    }

    func bit(_ word: Column, _ bit: Int) throws -> Column {
        let mask = Int64(bitPattern: UInt64(1) << UInt64(bit))
        return Column(target, .bool(try integers(word).map { $0 & mask != 0 }), validity: word.validity)
    }

    /// 10^((31.4 - m) / 2.5) nJy (the AB system: m = 31.4 is 1 nJy), negative where the sign's column says so.
    func flux(_ magnitudes: Column, _ sign: (column: Column, negative: Set<String>)?) throws -> Column {
        var values = try doubles(magnitudes).map(UnitConversion.nanojanskyPerCount)
        guard let sign else { return Column(target, .double(values), validity: magnitudes.validity) }
        for row in values.indices where sign.negative.contains(sign.column.text(row)) && !sign.column.isNull(row) {
            values[row] = -values[row]
        }
        return Column(target, .double(values), validity: joined([magnitudes, sign.column]))
    }

    /// |dF/dm| dm, with F = 10^((31.4 - m) / 2.5).
    func fluxError(_ magnitudes: Column, _ errors: Column) throws -> Column {
        let values = zip(try doubles(magnitudes), try doubles(errors)).map {
            UnitConversion.nanojanskyPerCount(zeroPoint: $0) * log(10) / 2.5 * $1
        }
        return Column(target, .double(values), validity: joined([magnitudes, errors]))
    }

    private func joined(_ columns: [Column]) -> Validity? {
        guard columns.contains(where: { $0.nullCount > 0 }) else { return nil }
        return Validity((0..<columns[0].count).map { row in columns.allSatisfy { !$0.isNull(row) } })
    }

    private func nulled(_ column: Column, _ nullValues: [DefaultValue]) -> Column {
        var out = column
        let texts = Set(nullValues.map(\.plainText))
        let numbers = Set(nullValues.compactMap(\.number))
        let flags = (0..<column.count).map { row in
            if column.isNull(row) { return false }
            if let number = column.number(row), numbers.contains(number) { return false }
            return !texts.contains(column.text(row))
        }
        guard flags.contains(false) else { return out }
        out.validity = Validity(flags)
        return out
    }

    private func mapped(_ column: Column, _ values: [String: String]) throws -> Column {
        // Only "true" and "false" on the right make a boolean.
        if !values.isEmpty && Set(values.values).isSubset(of: ["true", "false"]) {
            var booleans = values
            for (key, value) in values { booleans[key] = value == "true" ? "1" : "0" }
            let text = try mapped(column, booleans)
            return Column(target, .bool((0..<text.count).map { text.text($0) == "1" }), validity: text.validity)
        }
        var out = ByteStrings()
        for row in 0..<column.count {
            if column.isNull(row) {
                out.append([])
                continue
            }
            guard let value = values[column.text(row)] else {
                let reason = "which the map's values (\(values.keys.sorted().joined(separator: ", "))) do not have"
                throw TranslationError.value(file: file, column: target, row: row + 1, value: column.text(row), reason: reason)
            }
            out.append(value.utf8)
        }
        return Column(target, .string(out), validity: column.validity)
    }

    private func divided(_ column: Column, _ quotient: Int64?, _ remainder: Int64?) throws -> Column {
        var values = try integers(column)
        if let quotient { values = values.map { ModifiedJulianDate.floorDivide($0, quotient) } }
        if let remainder { values = values.map { $0 - ModifiedJulianDate.floorDivide($0, remainder) * remainder } }
        return Column(target, .int64(values), validity: column.validity)
    }

    private func timed(_ column: Column, _ form: TranslationMap.TimeForm) throws -> Column {
        let values: [Double]
        switch form {
        case .jdUtc: values = try doubles(column).map { ModifiedJulianDate.tai(utc: $0 - ModifiedJulianDate.julianDateOffset) }
        case .jdTai: values = try doubles(column).map { $0 - ModifiedJulianDate.julianDateOffset }
        case .mjdUtc: values = try doubles(column).map(ModifiedJulianDate.tai(utc:))
        case .mjdTai: values = try doubles(column)
        case .unix:
            values = try doubles(column).enumerated().map { row, seconds in
                guard let time = Int64(exactly: (seconds * 1e6).rounded()) else {
                    if column.isNull(row) { return 0 }
                    throw TranslationError.value(file: file, column: target, row: row + 1, value: "\(seconds)", reason: "which is no time")
                }
                return ModifiedJulianDate.tai(microseconds: time, scale: .utc)
            }
        case .timestampUtc, .timestampTai:
            guard let times = column.timestamps else { throw wrong(column, "a time") }
            values = times.map { ModifiedJulianDate.tai(microseconds: $0, scale: form == .timestampUtc ? .utc : .tai) }
        }
        return Column(target, .double(values), validity: column.validity)
    }

    private func filled(_ column: Column, _ value: DefaultValue) throws -> Column {
        let single = constant(value, count: 1)
        let definition = ColumnDefinition(target, column.type.felisType)
        let converted = try ColumnConversion(file: file, timeScale: .utc).convert(single, to: definition)
        var both = Table([column.renamed(target)]).appending(Table([converted.renamed(target)])).columns[0]
        both = both.gather((0..<column.count).map { column.isNull($0) ? column.count : $0 })
        both.validity = nil
        return both
    }

    private func wrong(_ column: Column, _ to: String) -> TranslationError {
        let row = (0..<column.count).first { !column.isNull($0) } ?? 0
        let value = column.strings.map { "the text \"\($0[row])\"" } ?? "values of type \(column.type.rawValue)"
        return .type(file: file, column: target, row: row + 1, from: value, to: to)
    }

    private func integers(_ column: Column) throws -> [Int64] {
        switch column.values {
        case .int16(let v): return v.map(Int64.init)
        case .int32(let v): return v.map(Int64.init)
        case .int64(let v): return v
        default:
            guard column.nullCount == column.count else { throw wrong(column, "an integer") }
            return .init(repeating: 0, count: column.count)
        }
    }

    private func doubles(_ column: Column) throws -> [Double] {
        guard column.type.isNumeric || column.nullCount == column.count else { throw wrong(column, "a number") }
        return (0..<column.count).map { column.number($0) ?? 0 }
    }
}
