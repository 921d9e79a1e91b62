import CCrypto
import Catalog
import Columns
import Foundation

/// Parquet files of one table: they have the same columns, with the same types.
struct Level2Files {
    let paths: [String]
    let columns: [ParquetColumn]
    /// Names of the columns that matching needs; visit, detector and object are nil where the files have none.
    let roles: Roles

    struct Roles: Codable, Equatable {
        var id: String
        var ra: String
        var dec: String
        var object: String?
        var visit: String?
        var detector: String?
    }

    /// Names that the columns may have, in the order in which they are tried.
    private static let raNames = ["ra", "coord_ra"]
    private static let decNames = ["dec", "decl", "coord_dec"]
    static let sourceIds = ["diaSourceId", "sourceId", "id"]
    static let objectIds = ["diaObjectId", "objectId", "id"]
    static let ownColumns = ["pixelId", "tile"]

    /// - Parameter ids: names that the column of identifiers may have.
    /// - Throws: `CatalogError.badRequest` that names the file and the column; `ColumnsError`
    init(_ paths: [String], ids: [String]) throws {
        self.paths = paths
        let first = try ParquetReader(path: paths[0])
        columns = first.schema
        for path in paths.dropFirst() {
            let other = try ParquetReader(path: path).schema
            guard other.map(\.name) == columns.map(\.name), other.map(\.type) == columns.map(\.type) else {
                throw CatalogError.badRequest("\(path) has other columns than \(paths[0]): name files of one table")
            }
        }
        if let strange = columns.first(where: { $0.type == nil }) {
            throw ColumnsError.unsupportedType(path: paths[0], column: strange.name, type: strange.arrowType)
        }
        if let own = columns.first(where: { Self.ownColumns.contains($0.name) }) {
            throw CatalogError.badRequest("\(paths[0]) has a column \(own.name), which SkyLedger adds: rename it")
        }
        let known = columns
        func find(_ names: [String], _ what: String, _ isRight: (ColumnType) -> Bool) throws -> String {
            guard let found = names.lazy.compactMap({ name in known.first { $0.name == name } }).first, let type = found.type, isRight(type)
            else {
                throw CatalogError.badRequest("\(paths[0]) has no column \(names.joined(separator: " or ")) with \(what)")
            }
            return found.name
        }
        func optional(_ name: String) -> String? { known.contains { $0.name == name && $0.type?.isInteger == true } ? name : nil }
        let id = try find(ids, "identifiers of 64 bits") { $0 == .int64 }
        roles = Roles(
            id: id, ra: try find(Self.raNames, "degrees as double") { $0 == .double },
            dec: try find(Self.decNames, "degrees as double") { $0 == .double },
            object: Self.objectIds.dropLast().first { name in name != id && known.contains { $0.name == name && $0.type == .int64 } },
            visit: optional("visit"), detector: optional("detector"))
    }

    /// A file as the catalog remembers it.
    struct Entry: Codable, Equatable {
        var path: String
        var bytes: Int
        var sha256: String
    }

    func entries() throws -> [Entry] {
        try paths.map { path in
            guard let handle = FileHandle(forReadingAtPath: path) else {
                throw ColumnsError.unreadable(path: path, reason: "it cannot be opened")
            }
            let context = EVP_MD_CTX_new()
            defer { EVP_MD_CTX_free(context) }
            EVP_DigestInit_ex(context, EVP_sha256(), nil)
            var bytes = 0
            while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
                bytes += piece.count
                _ = piece.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
            }
            var digest = [UInt8](repeating: 0, count: 32)
            EVP_DigestFinal_ex(context, &digest, nil)
            return Entry(
                path: URL(fileURLWithPath: path).standardizedFileURL.path, bytes: bytes,
                sha256: digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
        }
    }

    static func sqlType(_ type: ColumnType) -> String {
        switch type {
        case .bool: "boolean"
        case .int16: "smallint"
        case .int32: "integer"
        case .int64: "bigint"
        case .float: "real"
        case .double: "double precision"
        case .string: "text"
        case .binary: "bytea"
        case .timestamp: "timestamp"
        }
    }
}
