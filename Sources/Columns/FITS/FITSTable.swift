import CCFITSIO
import Foundation

/// FITS binary tables: in, through every field type that has a counterpart here, and out.
///
/// Conventions: NaN in a floating-point field and an undefined logical are null, as the FITS Standard says; so is TNULL in an integer field.
/// Text has no null: trailing blanks are dropped and an empty field is an empty string. Times are written as ISO 8601 text.
public enum FITSTable {
    /// The first binary table of a file.
    ///
    /// - Parameter skippingUnsupported: leaves out arrays and variable-length fields rather than refusing the file.
    /// - Throws: `ColumnsError`
    public static func read(_ path: String, columns wanted: [String]? = nil, skippingUnsupported: Bool = false) throws -> Table {
        let file = try FITSFile(reading: path)
        try moveToTable(file)
        let rows = Int(file.integer("NAXIS2") ?? 0)
        let fields = (1...max(1, Int(file.integer("TFIELDS") ?? 0))).compactMap { FITSField($0, of: file) }
        try requireWhole(file)
        var chosen = fields
        if let wanted {
            chosen = try wanted.map { name in
                guard let field = fields.first(where: { $0.name == name }) else { throw ColumnsError.missingColumn(path: path, column: name) }
                return field
            }
        }
        if skippingUnsupported { chosen.removeAll { $0.type == nil } }
        if let twice = Dictionary(grouping: chosen, by: \.name).first(where: { $0.value.count > 1 })?.key {
            throw ColumnsError.malformed(path: path, reason: "two columns are named \(twice)")
        }
        let reader = FITSFieldReader(file: file, rows: rows)
        return Table(try chosen.map { try reader.column($0) })
    }

    private static func moveToTable(_ file: FITSFile) throws {
        var hdus: Int32 = 0
        try file.check { _ = ffthdu($0, &hdus, &$1) }
        for hdu in 1...max(1, hdus) {
            var kind: Int32 = 0
            try file.check { _ = ffmahd($0, hdu, &kind, &$1) }
            if kind == BINARY_TBL, file.text("ZCMPTYPE") == nil { return }
        }
        throw ColumnsError.malformed(path: file.path, reason: "it holds no binary table (images only?)")
    }

    /// CFITSIO reads blanks past the end of a file that was cut off; here that is an error.
    private static func requireWhole(_ file: FITSFile) throws {
        var (header, data, end): (Int64, Int64, Int64) = (0, 0, 0)
        try file.check { _ = ffghadll($0, &header, &data, &end, &$1) }
        let needed = data + (file.integer("NAXIS1") ?? 0) * (file.integer("NAXIS2") ?? 0)
        let size = (try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int64) ?? nil
        if let size, size < needed, !file.path.hasSuffix(".gz") {
            throw ColumnsError.malformed(path: file.path, reason: "it is cut off: its table needs \(needed) bytes and the file has \(size)")
        }
    }

    /// Writes a table as the only extension of a file, under a temporary name that becomes the file's when all is on disk.
    /// - Throws: `ColumnsError.unwritable`, `.unsupportedType`
    public static func write(_ table: Table, to path: String, name: String = "TABLE") throws {
        let temporary = TemporaryName.beside(path)
        do {
            try FITSTableWriter(table: table, name: name).write(to: temporary)
            guard rename(temporary, path) == 0 else { throw ColumnsError.unwritable(path: path, reason: String(cString: strerror(errno))) }
        } catch {
            unlink(temporary)
            if case ColumnsError.malformed(_, let reason) = error { throw ColumnsError.unwritable(path: path, reason: reason) }
            if case ColumnsError.unwritable(_, let reason) = error { throw ColumnsError.unwritable(path: path, reason: reason) }
            throw error
        }
    }
}
