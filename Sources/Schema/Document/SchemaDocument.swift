import Columns

/// A schema document: the tables of a Level-1 database as a Felis YAML file defines them (felis.lsst.io, "Data Model").
///
/// It is the only source of table definitions. Names keep the document's spelling and are case sensitive.
public struct SchemaDocument: Sendable, Equatable {
    public var name: String
    /// The document's own version; nil in documents older than versions.
    public var version: SchemaVersion?
    public var description: String?
    public var tables: [TableDefinition]

    public init(name: String, version: SchemaVersion?, description: String? = nil, tables: [TableDefinition]) {
        self.name = name
        self.version = version
        self.description = description
        self.tables = tables
    }

    public subscript(table name: String) -> TableDefinition? { tables.first { $0.name == name } }
}

/// A version of three numbers; documents differ in incompatible ways when `major` differs.
public struct SchemaVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var major: Int
    public var minor: Int
    public var patch: Int

    public init(_ major: Int, _ minor: Int, _ patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// "10.0.0"; missing parts are 0. Nil where the text is no version.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...3).contains(parts.count), parts.allSatisfy({ $0 != nil && $0! >= 0 }) else { return nil }
        self.init(parts[0]!, parts.count > 1 ? parts[1]! : 0, parts.count > 2 ? parts[2]! : 0)
    }

    public var description: String { "\(major).\(minor).\(patch)" }

    public static func < (a: Self, b: Self) -> Bool { (a.major, a.minor, a.patch) < (b.major, b.minor, b.patch) }
}

/// One table of a document.
public struct TableDefinition: Sendable, Equatable {
    public var name: String
    public var description: String?
    public var columns: [ColumnDefinition]
    /// Names of the columns of the primary key, in order; empty where the table has none.
    public var primaryKey: [String]
    public var indexes: [IndexDefinition]
    public var constraints: [ConstraintDefinition]
    /// Felis's `tap:table_index`, the order in which TAP services show tables.
    public var tapTableIndex: Int?

    public init(
        name: String, description: String? = nil, columns: [ColumnDefinition], primaryKey: [String] = [], indexes: [IndexDefinition] = [],
        constraints: [ConstraintDefinition] = [], tapTableIndex: Int? = nil
    ) {
        self.name = name
        self.description = description
        self.columns = columns
        self.primaryKey = primaryKey
        self.indexes = indexes
        self.constraints = constraints
        self.tapTableIndex = tapTableIndex
    }

    public subscript(column name: String) -> ColumnDefinition? { columns.first { $0.name == name } }
}

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
        defaultValue: DefaultValue? = nil, isAutoincrement: Bool = false, description: String? = nil, unit: String? = nil, ucd: String? = nil,
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

/// A default value as YAML gives it.
public enum DefaultValue: Sendable, Equatable {
    case integer(Int64)
    case real(Double)
    case boolean(Bool)
    case text(String)
}

/// Felis's data types.
public enum FelisType: String, Sendable, Hashable, CaseIterable {
    case boolean, byte, short, int, long, float, double, char, string, unicode, text, binary, timestamp

    /// How values of the type are kept in memory. Felis's `byte` is kept as int16.
    public var columnType: ColumnType {
        switch self {
        case .boolean: .bool
        case .byte, .short: .int16
        case .int: .int32
        case .long: .int64
        case .float: .float
        case .double: .double
        case .char, .string, .unicode, .text: .string
        case .binary: .binary
        case .timestamp: .timestamp
        }
    }
}

/// An index over columns, or over expressions that the document gives.
public struct IndexDefinition: Sendable, Equatable {
    public var name: String
    public var columns: [String]
    public var expressions: [String]

    public init(name: String, columns: [String], expressions: [String] = []) {
        self.name = name
        self.columns = columns
        self.expressions = expressions
    }
}

/// A constraint of a table.
public enum ConstraintDefinition: Sendable, Equatable {
    case unique(name: String, columns: [String])
    case check(name: String, expression: String)
    /// `columns` of this table hold values of `referencedColumns` of `referencedTable`.
    case foreignKey(name: String, columns: [String], referencedTable: String, referencedColumns: [String])
}
