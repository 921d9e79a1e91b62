import Columns

/// Conversion of a column to the type of its definition. Nothing changes value silently, but that double rounds to float.
struct ColumnConversion {
    let file: String
    /// The clock of timestamps that become MJD TAI.
    let timeScale: TimeScale

    /// The column under the definition's name, with its type.
    ///
    /// Integers widen, and narrow where the value fits. Integers and floating numbers become each other where that is exact. Booleans
    /// come from the integers 0 and 1. Timestamps become MJD TAI. A column of nulls becomes any type.
    func convert(_ column: Column, to definition: ColumnDefinition) throws -> Column {
        let target = definition.datatype.columnType
        var out = Column(
            definition.name, column.values, validity: column.validity, unit: definition.unit ?? column.unit, comment: column.comment)
        if column.type != target {
            if column.count > 0 && column.nullCount == column.count {
                out.values = ColumnValues(zeros: target, count: column.count)
            } else {
                out.values = try converted(column, to: target, name: definition.name)
            }
        }
        if let length = definition.length { try checkLength(out, length, definition.datatype) }
        if !definition.isNullable, let validity = out.validity, validity.nullCount > 0 {
            throw TranslationError.null(file: file, column: definition.name, row: (0..<out.count).first { out.isNull($0) }! + 1)
        }
        return out
    }

    private func converted(_ column: Column, to target: ColumnType, name: String) throws -> ColumnValues {
        switch (column.values, target) {
        case (.int16(let v), _): try integers(v.map(Int64.init), column, target, name)
        case (.int32(let v), _): try integers(v.map(Int64.init), column, target, name)
        case (.int64(let v), _): try integers(v, column, target, name)
        case (.float(let v), .double): .double(v.map(Double.init))
        case (.float(let v), _): try floating(v.map(Double.init), column, target, name)
        case (.double(let v), .float): .float(v.map(Float.init))
        case (.double(let v), _): try floating(v, column, target, name)
        case (.timestamp(let v), .double): .double(v.map { ModifiedJulianDate.tai(microseconds: $0, scale: timeScale) })
        default: throw impossible(column, target, name)
        }
    }

    private func impossible(_ column: Column, _ target: ColumnType, _ name: String) -> TranslationError {
        let row = (0..<column.count).first { !column.isNull($0) } ?? 0
        let value = column.strings.map { "the text \"\($0[row])\"" } ?? "values of type \(column.type.rawValue)"
        return .type(file: file, column: name, row: row + 1, from: value, to: target.rawValue)
    }

    private func integers(_ values: [Int64], _ column: Column, _ target: ColumnType, _ name: String) throws -> ColumnValues {
        func narrowed<T: FixedWidthInteger & Zeroed>(_ type: T.Type) throws -> [T] {
            try checked(values, column, name, "out of the range of \(target.rawValue)") { T(exactly: $0) }
        }
        switch target {
        case .int16: return .int16(try narrowed(Int16.self))
        case .int32: return .int32(try narrowed(Int32.self))
        case .int64: return .int64(values)
        case .float: return .float(try checked(values, column, name, "which no float holds exactly") { Float(exactly: $0) })
        case .double: return .double(try checked(values, column, name, "which no double holds exactly") { Double(exactly: $0) })
        case .bool:
            return .bool(try checked(values, column, name, "neither 0 nor 1") { $0 == 0 ? false : $0 == 1 ? true : nil })
        default: throw impossible(column, target, name)
        }
    }

    private func floating(_ values: [Double], _ column: Column, _ target: ColumnType, _ name: String) throws -> ColumnValues {
        let reason = "which is no integer that \(target.rawValue) holds"
        switch target {
        case .int16: return .int16(try checked(values, column, name, reason) { Int16(exactly: $0) })
        case .int32: return .int32(try checked(values, column, name, reason) { Int32(exactly: $0) })
        case .int64: return .int64(try checked(values, column, name, reason) { Int64(exactly: $0) })
        default: throw impossible(column, target, name)
        }
    }

    /// The values converted; rows that are null keep the zero of the type, whatever lies under them.
    private func checked<From, To: Zeroed>(
        _ values: [From], _ column: Column, _ name: String, _ reason: String, _ convert: (From) -> To?
    ) throws -> [To] {
        var out = [To](repeating: .zeroed, count: values.count)
        for (row, value) in values.enumerated() {
            if let value = convert(value) {
                out[row] = value
            } else if !column.isNull(row) {
                throw TranslationError.value(file: file, column: name, row: row + 1, value: "\(value)", reason: reason)
            }
        }
        return out
    }

    private func checkLength(_ column: Column, _ length: Int, _ type: FelisType) throws {
        guard let values = column.strings ?? column.binaries, type != .text else { return }
        for row in 0..<values.count where Int(values.offsets[row + 1] - values.offsets[row]) > length && !column.isNull(row) {
            // PostgreSQL counts characters of text (code points) and bytes of binary values.
            let size = column.type == .string ? values[row].unicodeScalars.count : values.bytes(at: row).count
            guard size > length else { continue }
            let value = column.type == .string ? "\"\(values[row].prefix(80))\"" : "a value of \(size) bytes"
            throw TranslationError.value(
                file: file, column: column.name, row: row + 1, value: value, reason: "longer than the column's \(length)")
        }
    }
}

/// Types with a value for rows that are null.
protocol Zeroed { static var zeroed: Self { get } }
extension Bool: Zeroed { static var zeroed: Bool { false } }
extension Int16: Zeroed { static var zeroed: Int16 { 0 } }
extension Int32: Zeroed { static var zeroed: Int32 { 0 } }
extension Int64: Zeroed { static var zeroed: Int64 { 0 } }
extension Float: Zeroed { static var zeroed: Float { 0 } }
extension Double: Zeroed { static var zeroed: Double { 0 } }
