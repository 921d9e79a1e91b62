/// One column of a table: a name, values of one type, and which of them are null.
public struct Column: Sendable, Equatable {
    public var name: String
    public var values: ColumnValues
    /// Nil where no row is null.
    public var validity: Validity?
    /// The unit of the values as FITS and IVOA write it ("deg", "nJy"); nil where unknown or dimensionless.
    public var unit: String?
    /// What the column holds, for the headers of files.
    public var comment: String?
    /// What kind of quantity it is, as an IVOA Unified Content Descriptor ("pos.eq.ra"); nil where unknown.
    public var ucd: String?

    public init(
        _ name: String, _ values: ColumnValues, validity: Validity? = nil, unit: String? = nil, comment: String? = nil, ucd: String? = nil
    ) {
        precondition(validity == nil || validity!.count == values.count, "\(name): validity and values differ in length")
        self.name = name
        self.values = values
        self.validity = validity
        self.unit = unit
        self.comment = comment
        self.ucd = ucd
    }

    public var count: Int { values.count }
    public var type: ColumnType { values.type }
    public var nullCount: Int { validity?.nullCount ?? 0 }

    public func isNull(_ row: Int) -> Bool { validity.map { !$0[row] } ?? false }

    /// A column of nulls.
    public static func nulls(_ name: String, _ type: ColumnType, count: Int) -> Column {
        Column(name, ColumnValues(zeros: type, count: count), validity: Validity(repeating: false, count: count))
    }

    /// The rows named, in that order.
    public func gather(_ rows: [Int]) -> Column {
        var out = self
        out.values = values.gather(rows)
        out.validity = validity.map { valid in Validity(rows.lazy.map { valid[$0] }) }
        return out
    }

    public func renamed(_ name: String) -> Column {
        var out = self
        out.name = name
        return out
    }

    // Typed access. Nil where the column is of another type.
    public var bools: [Bool]? { if case .bool(let v) = values { v } else { nil } }
    public var int16s: [Int16]? { if case .int16(let v) = values { v } else { nil } }
    public var int32s: [Int32]? { if case .int32(let v) = values { v } else { nil } }
    public var int64s: [Int64]? { if case .int64(let v) = values { v } else { nil } }
    public var floats: [Float]? { if case .float(let v) = values { v } else { nil } }
    public var doubles: [Double]? { if case .double(let v) = values { v } else { nil } }
    public var strings: ByteStrings? { if case .string(let v) = values { v } else { nil } }
    public var binaries: ByteStrings? { if case .binary(let v) = values { v } else { nil } }
    public var timestamps: [Int64]? { if case .timestamp(let v) = values { v } else { nil } }
}
