import Columns
import Foundation

/// One rule of a map, applied to a file's columns.
struct RuleApplication {
    let rule: TranslationMap.Rule
    let definition: ColumnDefinition
    let table: Table
    let file: String

    /// The column before its conversion to the schema's type; nil where an optional source is absent.
    func column() throws -> Column? {
        if let constant = rule.constant { return filled(constant) }
        if let magnitude = rule.magnitude { return try flux(magnitude) }
        guard let from = rule.from, let source = table[from] else {
            if let value = rule.defaultValue { return filled(value) }
            if rule.isRequired { throw TranslationError.missingColumn(file: file, column: rule.from ?? definition.name, table: definition.name) }
            return nil
        }
        var column = nulled(source)
        if let bit = rule.bit { column = try flag(column, bit) }
        if !rule.values.isEmpty { column = try mapped(column) }
        if rule.scale != 1 || rule.offset != 0 || rule.zeroPoint != nil || rule.time != nil {
            let reals = try reals(column, from)
            column = Column(definition.name, .double(reals.map(converted)), validity: column.validity)
        }
        if let value = rule.defaultValue, column.nullCount > 0 { column = defaulted(column, filled(value)) }
        return column
    }

    private func converted(_ value: Double) -> Double {
        var value = value * rule.scale + rule.offset
        // AB: 0 mag at 3631 Jy, 31.4 mag at 1 nJy (Oke & Gunn 1983).
        if let zeroPoint = rule.zeroPoint { value *= pow(10, (31.4 - zeroPoint) / 2.5) }
        switch rule.time {
        case .jd_utc: return LeapSeconds.mjdTai(mjdUtc: value - 2_400_000.5)
        case .mjd_utc: return LeapSeconds.mjdTai(mjdUtc: value)
        case .jd_tai: return value - 2_400_000.5
        case .unix: return LeapSeconds.mjdTai(unixSeconds: value)
        case .mjd_tai, nil: return value
        }
    }

    private func flux(_ rule: TranslationMap.Magnitude) throws -> Column {
        func source(_ name: String) throws -> Column {
            guard let column = table[name] else { throw TranslationError.missingColumn(file: file, column: name, table: definition.name) }
            return column
        }
        let magnitude = try source(rule.magnitude)
        let fluxes = try reals(magnitude, rule.magnitude).map { pow(10, (31.4 - $0) / 2.5) }
        if let name = rule.error {
            let error = try reals(try source(name), name)
            return Column(definition.name, .double(zip(fluxes, error).map { $0 * $1 * log(10) / 2.5 }), validity: magnitude.validity)
        }
        guard let name = rule.positive else { return Column(definition.name, .double(fluxes), validity: magnitude.validity) }
        let sign = try source(name)
        let signed = fluxes.enumerated().map { Self.isFalse(sign, $0.offset) ? -$0.element : $0.element }
        return Column(definition.name, .double(signed), validity: magnitude.validity)
    }

    private static func isFalse(_ column: Column, _ row: Int) -> Bool { ["f", "false", "0", "F"].contains(text(column, row) ?? "") }

    /// A value as a map would write it.
    private static func text(_ column: Column, _ row: Int) -> String? {
        if column.isNull(row) { return nil }
        switch column.values {
        case .bool(let v): return v[row] ? "true" : "false"
        case .int16(let v): return String(v[row])
        case .int32(let v): return String(v[row])
        case .int64(let v), .timestamp(let v): return String(v[row])
        case .float(let v): return v[row] == v[row].rounded() && abs(v[row]) < 1e9 ? String(Int(v[row])) : String(v[row])
        case .double(let v): return v[row] == v[row].rounded() && abs(v[row]) < 1e15 ? String(Int(v[row])) : String(v[row])
        case .string(let v): return v[row]
        case .binary: return nil
        }
    }

    private func nulled(_ column: Column) -> Column {
        guard !rule.nullValues.isEmpty else { return column }
        let missing = Set(rule.nullValues)
        var out = column
        out.validity = Validity((0..<column.count).lazy.map { row in Self.text(column, row).map { !missing.contains($0) } ?? false })
        return out.withZeroedNulls
    }

    private func mapped(_ column: Column) throws -> Column {
        var out = ByteStrings()
        for row in 0..<column.count {
            guard let old = Self.text(column, row) else {
                out.append(EmptyCollection())
                continue
            }
            guard let new = rule.values[old] else {
                throw TranslationError.badValue(
                    file: file, column: rule.from ?? definition.name, row: row + 1, value: old, reason: "the map names no value of \(definition.name) for it")
            }
            out.append(new.utf8)
        }
        return Column(definition.name, .string(out), validity: column.validity)
    }

    private func flag(_ column: Column, _ bit: Int) throws -> Column {
        let words: [Int64]
        switch column.values {
        case .int16(let v): words = v.map(Int64.init)
        case .int32(let v): words = v.map(Int64.init)
        case .int64(let v): words = v
        default: throw TranslationError.wrongType(file: file, column: column.name, row: nil, found: column.type.rawValue, wanted: "an integer word of flags")
        }
        return Column(definition.name, .bool(words.map { $0 >> Int64(bit) & 1 == 1 }), validity: column.validity)
    }

    private func reals(_ column: Column, _ name: String) throws -> [Double] {
        let conversion = ColumnConversion(definition: ColumnDefinition(name, .double), file: file, column: name)
        return try conversion.convert(column).doubles ?? []
    }

    private func filled(_ value: TranslationMap.Scalar) -> Column {
        let n = table.rowCount
        switch value {
        case .integer(let v): return Column(definition.name, .int64(.init(repeating: v, count: n)))
        case .real(let v): return Column(definition.name, .double(.init(repeating: v, count: n)))
        case .boolean(let v): return Column(definition.name, .bool(.init(repeating: v, count: n)))
        case .text(let v): return Column(definition.name, .string(ByteStrings(repeatElement(v, count: n))))
        }
    }

    /// Null rows take the default, when it is of the column's own kind.
    private func defaulted(_ column: Column, _ filler: Column) -> Column {
        guard let converted = try? ColumnConversion(definition: ColumnDefinition(column.name, Self.felis(column.type)), file: file, column: column.name).convert(filler)
        else { return column }
        let rows = (0..<column.count).map { column.isNull($0) ? column.count + $0 : $0 }
        var both = Table([column.renamed("v")]).appending(Table([converted.renamed("v")]))
        both = both.gather(rows)
        return both.columns[0].renamed(column.name)
    }

    private static func felis(_ type: ColumnType) -> FelisType {
        switch type {
        case .bool: .boolean
        case .int16: .short
        case .int32: .int
        case .int64: .long
        case .float: .float
        case .double: .double
        case .string: .text
        case .binary: .binary
        case .timestamp: .timestamp
        }
    }
}
