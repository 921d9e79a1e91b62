import CArrow
import Foundation

/// One column of a Parquet file as it stands there.
public struct ParquetColumn: Sendable, Equatable {
    public var name: String
    /// The type it is read as; nil where it has none here (lists, structures, decimals).
    public var type: ColumnType?
    /// The type as a message would name it.
    public var typeName: String
    /// Written without a type because all values are null; it is read as booleans, all null, and converts to any type.
    public var isNullType: Bool
}

/// Reads a Parquet file into columns.
///
///     let table = try ParquetReader(path: "visit_100000.parquet").read(columns: ["ra", "dec"])
public final class ParquetReader {
    public let path: String
    public let columns: [ParquetColumn]
    public let rowCount: Int
    private let handle: OpaquePointer

    /// - Throws: `ColumnsError.unreadable` or `.malformed`.
    public init(path: String) throws {
        self.path = path
        try FileProbe.requireReadableFile(path)
        var opened: OpaquePointer?
        if let message = Self.taken(carrow_open(path, &opened)) { throw ColumnsError.malformed(path: path, reason: Self.plain(message)) }
        handle = opened!
        rowCount = Int(carrow_rows(opened))
        var schema = ArrowSchema()
        if let message = Self.taken(carrow_schema(opened, &schema)) {
            carrow_close(opened)
            throw ColumnsError.malformed(path: path, reason: Self.plain(message))
        }
        defer { schema.release(&schema) }
        columns = (0..<Int(schema.n_children)).map { i in
            let child = schema.children[i]!.pointee
            let format = String(cString: (child.dictionary?.pointee ?? child).format)
            let type = ArrowType(format: format)
            let name: String = if case .unsupported(let text) = type { text } else { type.columnType?.rawValue ?? format }
            return ParquetColumn(name: String(cString: child.name), type: type.columnType, typeName: name, isNullType: type == .null)
        }
    }

    deinit { carrow_close(handle) }

    public var rowGroupCount: Int { Int(carrow_row_groups(handle)) }

    /// Rows of the columns named, or of all.
    ///
    /// - Parameters:
    ///   - rowGroups: a part of the file; all of it by default.
    ///   - skippingUnsupported: leaves out columns of types that have no counterpart here, rather than refusing the file.
    /// - Throws: `ColumnsError`
    public func read(columns names: [String]? = nil, rowGroups: Range<Int>? = nil, skippingUnsupported: Bool = false) throws -> Table {
        var positions: [Int]
        if let names {
            positions = try names.map { name in
                guard let position = columns.firstIndex(where: { $0.name == name }) else { throw ColumnsError.missingColumn(path: path, column: name) }
                return position
            }
        } else {
            positions = Array(columns.indices)
            if let twice = Dictionary(grouping: columns, by: \.name).first(where: { $0.value.count > 1 })?.key {
                throw ColumnsError.malformed(path: path, reason: "two columns are named \(twice)")
            }
        }
        if skippingUnsupported { positions.removeAll { columns[$0].type == nil } }
        if let bad = positions.first(where: { columns[$0].type == nil }) {
            throw ColumnsError.unsupportedType(path: path, column: columns[bad].name, type: columns[bad].typeName)
        }
        // The library gives columns in the order of the file.
        let order = positions.sorted()
        let groups = rowGroups ?? 0..<rowGroupCount
        var schema = ArrowSchema()
        var array = ArrowArray()
        if let message = Self.taken(
            carrow_read(handle, order.map(Int32.init), Int32(order.count), Int32(groups.lowerBound), Int32(groups.upperBound), &schema, &array))
        {
            throw ColumnsError.malformed(path: path, reason: Self.plain(message))
        }
        defer {
            schema.release(&schema)
            array.release(&array)
        }
        var read: [Int: Column] = [:]
        for (i, position) in order.enumerated() {
            let child = schema.children[i]!.pointee
            var column = try ArrowImport.column(name: columns[position].name, schema: child, array: array.children[i]!.pointee, path: path)
            let metadata = ArrowMetadata.decode(child.metadata)
            column.unit = metadata["unit"]
            column.comment = metadata["description"]
            read[position] = column
        }
        return Table(positions.map { read[$0]! })
    }

    static func taken(_ message: UnsafeMutablePointer<CChar>?) -> String? {
        guard let message else { return nil }
        defer { carrow_free(message) }
        return String(cString: message)
    }

    /// The library's message without its own hints on types and places.
    private static func plain(_ message: String) -> String {
        let line = message.split(separator: "\n").first.map(String.init) ?? message
        return line.hasSuffix(".") ? String(line.dropLast()) : line
    }
}

/// What can be said about a path before a library is asked.
enum FileProbe {
    static func requireReadableFile(_ path: String) throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw ColumnsError.unreadable(path: path, reason: "there is no such file")
        }
        if isDirectory.boolValue { throw ColumnsError.unreadable(path: path, reason: "it is a directory") }
        guard FileManager.default.isReadableFile(atPath: path) else { throw ColumnsError.unreadable(path: path, reason: "permission is denied") }
    }
}
