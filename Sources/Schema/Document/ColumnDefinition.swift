/// One column of a table.
public struct ColumnDefinition: Sendable, Equatable {
    public var name: String
    public var datatype: FelisType
    /// Longest text in characters, or bytes of a binary value, where the document limits it.
    public var length: Int?
    /// Felis's `precision` (digits of the fractional seconds of timestamps).
    public var precision: Int?
    public var isNullable: Bool
    /// Felis's `value`: the default, as the document writes it.
    public var defaultValue: DefaultValue?
    public var isAutoincrement: Bool
    public var description: String?
    /// The unit, from `ivoa:unit` or `fits:tunit`.
    public var unit: String?
    /// IVOA Unified Content Descriptor.
    public var ucd: String?
    /// Felis's `tap:principal`.
    public var isTapPrincipal: Bool
    /// Felis's `tap:column_index`.
    public var tapColumnIndex: Int?

    public init(
        _ name: String, _ datatype: FelisType, length: Int? = nil, precision: Int? = nil, isNullable: Bool = true,
        defaultValue: DefaultValue? = nil, isAutoincrement: Bool = false, description: String? = nil, unit: String? = nil,
        ucd: String? = nil,
        isTapPrincipal: Bool = false, tapColumnIndex: Int? = nil
    ) {
        self.name = name
        self.datatype = datatype
        self.length = length
        self.precision = precision
        self.isNullable = isNullable
        self.defaultValue = defaultValue
        self.isAutoincrement = isAutoincrement
        self.description = description
        self.unit = unit
        self.ucd = ucd
        self.isTapPrincipal = isTapPrincipal
        self.tapColumnIndex = tapColumnIndex
    }
}
