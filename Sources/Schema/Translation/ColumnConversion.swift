import Columns

/// From the type that a file's column has to the type that the schema demands, without losing a value silently.
struct ColumnConversion {
    let definition: ColumnDefinition
    let file: String
    let column: String

    func convert(_ source: Column) throws -> Column {
        let type = definition.datatype.columnType
        var out: Column
        if source.nullCount == source.count, source.count > 0 {
            out = .nulls(definition.name, type, count: source.count)
        } else if source.type == type {
            out = source.renamed(definition.name)
        } else {
            out = Column(definition.name, try values(source, as: type), validity: source.validity)
        }
        out = out.withZeroedNulls
        if !definition.isNullable, let row = (0..<out.count).first(where: { out.isNull($0) }) {
            throw TranslationError.nullValue(file: file, column: column, row: row + 1)
        }
        if let length = definition.length, type == .string, let text = out.strings {
            for row in 0..<text.count where Int(text.offsets[row + 1] - text.offsets[row]) > length && text[row].unicodeScalars.count > length {
                throw TranslationError.outOfRange(file: file, column: column, row: row + 1, value: "\"\(text[row])\"", wanted: "\(length) characters")
            }
        }
        return out
    }

    private func values(_ source: Column, as type: ColumnType) throws -> ColumnValues {
        switch (source.values, type) {
        case (.bool(let v), .int16): return .int16(v.map { $0 ? 1 : 0 })
        case (.bool(let v), .int32): return .int32(v.map { $0 ? 1 : 0 })
        case (.bool(let v), .int64): return .int64(v.map { $0 ? 1 : 0 })
        case (.float(let v), .double): return .double(v.map(Double.init))
        case (.double(let v), .float): return .float(try narrowed(v, source))
        case (.timestamp(let v), .double): return .double(v.map(LeapSeconds.mjdTai(unixMicroseconds:)))
        case (.double, .timestamp), (.float, .timestamp): throw wrong(source, nil)
        case (_, .bool):
            guard let integers = integers(source) else { throw wrong(source, firstRow(source)) }
            if let row = integers.indices.first(where: { !source.isNull($0) && integers[$0] != 0 && integers[$0] != 1 }) {
                throw TranslationError.outOfRange(file: file, column: column, row: row + 1, value: "\(integers[row])", wanted: "a boolean (0 or 1)")
            }
            return .bool(integers.map { $0 == 1 })
        case (_, .int16): return .int16(try exact(source, Int16.self))
        case (_, .int32): return .int32(try exact(source, Int32.self))
        case (_, .int64): return .int64(try exact(source, Int64.self))
        case (_, .double): return .double(try reals(source))
        case (_, .float): return .float(try narrowed(reals(source), source))
        default: throw wrong(source, firstRow(source))
        }
    }

    /// Doubles to single precision; finite values beyond its range are refused.
    private func narrowed(_ values: [Double], _ source: Column) throws -> [Float] {
        try values.enumerated().map { row, value in
            let single = Float(value)
            if single.isInfinite, value.isFinite, !source.isNull(row) {
                throw TranslationError.outOfRange(file: file, column: column, row: row + 1, value: "\(value)", wanted: "single precision")
            }
            return single
        }
    }

    private func integers(_ source: Column) -> [Int64]? {
        switch source.values {
        case .int16(let v): v.map(Int64.init)
        case .int32(let v): v.map(Int64.init)
        case .int64(let v): v
        default: nil
        }
    }

    /// Integers of another width, or floating-point numbers that are whole.
    private func exact<T: FixedWidthInteger>(_ source: Column, _: T.Type) throws -> [T] {
        if let integers = integers(source) {
            return try integers.enumerated().map { row, value in
                guard let fitting = T(exactly: value) else { throw outOfRange(source, row, "\(value)") }
                return fitting
            }
        }
        let reals = try reals(source)
        return try reals.enumerated().map { row, value in
            if source.isNull(row) { return 0 }
            // Beyond 2^53 a double cannot say which integer was meant.
            guard abs(value) <= 0x1p53, let fitting = T(exactly: value) else { throw outOfRange(source, row, "\(value)") }
            return fitting
        }
    }

    private func reals(_ source: Column) throws -> [Double] {
        switch source.values {
        case .double(let v): return v
        case .float(let v): return v.map(Double.init)
        default:
            guard let integers = integers(source) else { throw wrong(source, firstRow(source)) }
            return integers.map(Double.init)
        }
    }

    private func outOfRange(_ source: Column, _ row: Int, _ value: String) -> TranslationError {
        .outOfRange(file: file, column: column, row: row + 1, value: value, wanted: "the type \(definition.datatype.rawValue)")
    }

    private func firstRow(_ source: Column) -> Int? { (0..<source.count).first { !source.isNull($0) } }

    private func wrong(_ source: Column, _ row: Int?) -> TranslationError {
        var found = source.type.rawValue
        if let row, let text = source.strings { found = "the text \"\(text[row].prefix(40))\"" }
        return .wrongType(file: file, column: column, row: row.map { $0 + 1 }, found: found, wanted: definition.datatype.rawValue)
    }
}
