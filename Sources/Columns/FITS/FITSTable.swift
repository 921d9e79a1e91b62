import Glibc

/// A column of a FITS binary table as its header describes it.
public struct FITSColumn: Sendable, Equatable {
    public var name: String
    /// The type that `FITSTable.read` gives it; nil where it has none (vectors, variable-length arrays, complex numbers).
    public var type: ColumnType?
    /// TUNITn.
    public var unit: String?
    /// TCOMMn.
    public var comment: String?
    /// TFORMn, such as `1J` or `12A`.
    public var format: String
}

/// Tables in FITS files (binary table extensions, FITS Standard 4.0, section 7.3).
///
/// ```swift
/// let sources = try FITSTable.read("sources.fits", columns: ["ra", "dec"])
/// try FITSTable.write(sources, to: "copy.fits")
/// ```
///
/// What becomes of the types:
///
/// | FITS | here |
/// |---|---|
/// | L | bool; a zero byte is null |
/// | X | one bit: bool; 2 to 63 bits: int64, the first bit the most significant |
/// | B, I, J, K | int16, int16, int32, int64; TNULLn is null |
/// | B with TZERO -128; I, J, K with TZERO 2^15, 2^31, 2^63 | int16; int32, int64, int64 (an error where a value is 2^63 or more) |
/// | B, I, J, K with other TSCALn, TZEROn | double |
/// | E, D | float, double; NaN is null; with TSCALn or TZEROn both are double |
/// | A | string without its trailing blanks; an empty string is an empty value, not a null |
///
/// Vectors, variable-length arrays (P, Q) and complex numbers (C, M) have no counterpart.
/// Headers are read and written by CFITSIO, which takes each path literally; rows are read in blocks and all columns taken from each.
public enum FITSTable {
    /// What columns a binary table has, in the file's order.
    ///
    /// - Parameter hdu: the number of the extension (0 is the primary HDU); nil takes the first binary table.
    /// - Throws: `ColumnsError.unreadable`, `.malformed`
    public static func columns(_ path: String, hdu: Int? = nil) throws -> [FITSColumn] {
        let file = try FITSInput(path)
        return try FITSLayout.read(path, fileSizeBytes: file.sizeBytes, hdu: hdu).fields.map {
            FITSColumn(name: $0.name, type: $0.decoding.columnType, unit: $0.unit, comment: $0.comment, format: $0.format)
        }
    }

    /// Reads a binary table.
    ///
    /// - Parameters:
    ///   - columns: the names wanted (case counts), in the order wanted; nil takes all.
    ///   - hdu: the number of the extension (0 is the primary HDU); nil takes the first binary table.
    ///   - skippingUnsupported: leaves out the columns that have no type here, where they would be an error.
    /// - Throws: `ColumnsError.unreadable`; `.malformed` where the file is damaged, cut off, no FITS file or without such a table;
    ///   `.missingColumn`; `.unsupportedType`, also for unsigned 64-bit integers beyond int64
    public static func read(
        _ path: String, columns: [String]? = nil, hdu: Int? = nil, skippingUnsupported: Bool = false
    ) throws -> Table {
        let file = try FITSInput(path)
        let layout = try FITSLayout.read(path, fileSizeBytes: file.sizeBytes, hdu: hdu)
        var builders = try wanted(layout.fields, names: columns, skippingUnsupported: skippingUnsupported, path: path).map {
            FITSColumnBuilder($0, rowCount: layout.rowCount)
        }
        guard !builders.isEmpty, layout.rowCount > 0 else { return Table(builders.map { $0.column() }) }

        let blockRows = min(layout.rowCount, max(1, blockBytes / layout.rowBytes))
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockRows * layout.rowBytes, alignment: 16)
        defer { block.deallocate() }
        for first in stride(from: 0, to: layout.rowCount, by: blockRows) {
            let rows = UnsafeMutableRawBufferPointer(rebasing: block[..<(min(blockRows, layout.rowCount - first) * layout.rowBytes)])
            try file.read(into: rows, at: layout.dataOffsetBytes + first * layout.rowBytes)
            for i in builders.indices {
                do {
                    try builders[i].append(UnsafeRawBufferPointer(rows), rowBytes: layout.rowBytes)
                } catch {
                    throw place(error, column: builders[i].field.name, path: path)
                }
            }
        }
        return Table(builders.map { $0.column() })
    }

    /// Small enough to stay in a core's cache while each column takes its part.
    static let blockBytes = 1 << 19

    private static func wanted(
        _ fields: [FITSField], names: [String]?, skippingUnsupported: Bool, path: String
    ) throws -> [FITSField] {
        var chosen = fields
        if let names {
            let byName = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0) })
            var seen: Set<String> = []
            chosen = try names.filter { seen.insert($0).inserted }.map { name in
                guard let field = byName[name] else { throw ColumnsError.missingColumn(path: path, column: name) }
                return field
            }
        }
        if skippingUnsupported { return chosen.filter { $0.decoding != .unsupported } }
        for field in chosen where field.decoding == .unsupported {
            throw ColumnsError.unsupportedType(path: path, column: field.name, type: field.format)
        }
        return chosen
    }

    private static func place(_ error: FITSValueError, column: String, path: String) -> ColumnsError {
        if error.isOutOfRange {
            return .unsupportedType(path: path, column: column, type: "\(error.what) in row \(error.row) is beyond the type's range")
        }
        return .malformed(path: path, reason: "column \(column) holds in row \(error.row) \(error.what)")
    }
}

/// A file open for reading that begins as a FITS file does.
private final class FITSInput {
    let path: String
    let sizeBytes: Int
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ColumnsError.unreadable(path: path, reason: String(cString: strerror(errno))) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            // An initialiser that throws after all properties are set runs deinit, which closes the descriptor.
            sizeBytes = 0
            throw ColumnsError.unreadable(path: path, reason: "it is not a regular file")
        }
        sizeBytes = Int(facts.st_size)
        var start = [UInt8](repeating: 0, count: min(sizeBytes, 9))
        try start.withUnsafeMutableBytes { try read(into: $0, at: 0) }
        guard start == Array("SIMPLE  =".utf8) else {
            let isCompressed = start.starts(with: [0x1F, 0x8B])
            throw ColumnsError.malformed(
                path: path, reason: isCompressed ? "it is compressed with gzip; expand it first" : "it does not begin with SIMPLE =")
        }
    }

    deinit { close(descriptor) }

    /// Fills the buffer from `offset` on.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        var done = 0
        while done < buffer.count {
            let got = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw ColumnsError.unreadable(path: path, reason: String(cString: strerror(errno))) }
            guard got > 0 else { throw ColumnsError.malformed(path: path, reason: "it became shorter while it was read") }
            done += got
        }
    }
}
