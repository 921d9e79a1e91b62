import Columns

extension Table {
    /// Records in columns: one for each field that is a primitive, an enum, a fixed type, or a union of null and one of these. Fields of
    /// other types are left out.
    ///
    ///     let history = Table(avroRecords: alert["prvDiaSources"]?.items ?? [], of: record, in: schema)
    ///
    /// - Parameters:
    ///   - avroRecords: values of `record`, in unions or bare; a null among them is a row of nulls.
    ///   - record: a record of `schema`.
    public init(avroRecords: [AvroValue], of record: AvroRecord, in schema: AvroSchema) {
        let rows = avroRecords.map(\.unwrapped)
        self.init(
            record.fields.enumerated().compactMap { position, field in
                let values = rows.map { row -> AvroValue in
                    guard case .record(let fields) = row else { return .null }
                    return fields.values[position].unwrapped
                }
                guard let filled = ColumnValues(avro: values, schema.columnType(field.type)) else { return nil }
                let validity = Validity(values.map { !$0.isNull })
                return Column(field.name, filled, validity: validity.nullCount == 0 ? nil : validity, comment: field.doc)
            })
    }
}

extension AvroSchema {
    /// The column's type for a field's; nil where a column cannot hold the field.
    fileprivate func columnType(_ type: AvroType) -> ColumnType? {
        if case .logical(let logical, .long) = type, ["timestamp-micros", "local-timestamp-micros"].contains(logical.name) {
            return .timestamp
        }
        switch resolved(type) {
        case .boolean: return .bool
        case .int: return .int32
        case .long: return .int64
        case .float: return .float
        case .double: return .double
        case .string, .enumeration: return .string
        case .bytes, .fixed: return .binary
        case .union(let branches):
            let others = branches.filter { resolved($0) != .null }
            return others.count == 1 ? columnType(others[0]) : nil
        default: return nil
        }
    }
}

extension ColumnValues {
    fileprivate init?(avro values: [AvroValue], _ type: ColumnType?) {
        switch type {
        case .bool: self = .bool(values.map { if case .boolean(let value) = $0 { value } else { false } })
        case .int32: self = .int32(values.map { if case .int(let value) = $0 { value } else { 0 } })
        case .int64: self = .int64(values.map { if case .long(let value) = $0 { value } else { 0 } })
        case .timestamp: self = .timestamp(values.map { if case .long(let value) = $0 { value } else { 0 } })
        case .float: self = .float(values.map { if case .float(let value) = $0 { value } else { 0 } })
        case .double: self = .double(values.map { if case .double(let value) = $0 { value } else { 0 } })
        case .string: self = .string(ByteStrings(values.map { $0.text ?? "" }))
        case .binary:
            var strings = ByteStrings()
            for value in values { strings.append(value.data ?? []) }
            self = .binary(strings)
        default: return nil
        }
    }
}
