extension Column {
    /// The same column with zero, false or an empty string wherever it is null, as `ColumnValues` promises: files leave anything there.
    /// A validity without nulls becomes nil.
    public var withZeroedNulls: Column {
        guard let validity else { return self }
        guard validity.nullCount > 0 else {
            var out = self
            out.validity = nil
            return out
        }
        var out = self
        func zeroed<T>(_ values: [T], _ zero: T) -> [T] {
            var values = values
            for row in values.indices where !validity[row] { values[row] = zero }
            return values
        }
        switch values {
        case .bool(let v): out.values = .bool(zeroed(v, false))
        case .int16(let v): out.values = .int16(zeroed(v, 0))
        case .int32(let v): out.values = .int32(zeroed(v, 0))
        case .int64(let v): out.values = .int64(zeroed(v, 0))
        case .float(let v): out.values = .float(zeroed(v, 0))
        case .double(let v): out.values = .double(zeroed(v, 0))
        case .timestamp(let v): out.values = .timestamp(zeroed(v, 0))
        case .string(let v): out.values = .string(Self.emptied(v, validity))
        case .binary(let v): out.values = .binary(Self.emptied(v, validity))
        }
        return out
    }

    private static func emptied(_ strings: ByteStrings, _ validity: Validity) -> ByteStrings {
        if (0..<strings.count).allSatisfy({ validity[$0] || strings.offsets[$0] == strings.offsets[$0 + 1] }) { return strings }
        var out = ByteStrings()
        for row in 0..<strings.count { if validity[row] { out.append(strings.bytes(at: row)) } else { out.append(EmptyCollection()) } }
        return out
    }
}
