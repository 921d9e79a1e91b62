import Columns

extension Column {
    /// The value of a row as a double; nil where the column is not numeric.
    func number(_ row: Int) -> Double? {
        switch values {
        case .int16(let v): Double(v[row])
        case .int32(let v): Double(v[row])
        case .int64(let v): Double(v[row])
        case .float(let v): Double(v[row])
        case .double(let v): v[row]
        default: nil
        }
    }

    /// The value of a row as text, as maps write it.
    func text(_ row: Int) -> String {
        switch values {
        case .bool(let v): v[row] ? "true" : "false"
        case .int16(let v): "\(v[row])"
        case .int32(let v): "\(v[row])"
        case .int64(let v), .timestamp(let v): "\(v[row])"
        case .float(let v): "\(v[row])"
        case .double(let v): "\(v[row])"
        case .string(let v), .binary(let v): v[row]
        }
    }

    /// Zeros and empty strings under the nulls, as the columns' layout asks.
    func zeroingNulls() -> Column {
        guard nullCount > 0 else { return self }
        func zeroed<T: Zeroed>(_ values: [T]) -> [T] { values.indices.map { isNull($0) ? .zeroed : values[$0] } }
        func emptied(_ values: ByteStrings) -> ByteStrings {
            var out = ByteStrings()
            for row in 0..<count { out.append(isNull(row) ? [] : values.bytes(at: row)) }
            return out
        }
        var out = self
        switch values {
        case .bool(let v): out.values = .bool(zeroed(v))
        case .int16(let v): out.values = .int16(zeroed(v))
        case .int32(let v): out.values = .int32(zeroed(v))
        case .int64(let v): out.values = .int64(zeroed(v))
        case .float(let v): out.values = .float(zeroed(v))
        case .double(let v): out.values = .double(zeroed(v))
        case .timestamp(let v): out.values = .timestamp(zeroed(v))
        case .string(let v): out.values = .string(emptied(v))
        case .binary(let v): out.values = .binary(emptied(v))
        }
        return out
    }

    /// The values times a factor; floats stay floats (rounded once, from double), integers become doubles.
    func scaled(by factor: Double) -> Column {
        var out = self
        switch values {
        case .float(let v): out.values = .float(v.map { Float(Double($0) * factor) })
        case .double(let v): out.values = .double(v.map { $0 * factor })
        case .int16, .int32, .int64: out.values = .double((0..<count).map { number($0)! * factor })
        default: break
        }
        return out
    }
}

extension ColumnType {
    /// The document's type that is kept in columns of this type.
    var felisType: FelisType {
        switch self {
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

extension DefaultValue {
    var plainText: String {
        switch self {
        case .integer(let v): "\(v)"
        case .real(let v): "\(v)"
        case .boolean(let v): "\(v)"
        case .text(let v): v
        }
    }

    var number: Double? {
        switch self {
        case .integer(let v): Double(v)
        case .real(let v): v
        case .boolean, .text: nil
        }
    }
}
