import CCFITSIO
import Foundation

/// Writes one table as a FITS file.
struct FITSTableWriter {
    let table: Table
    let name: String

    func write(to path: String) throws {
        let columns = try table.columns.map { try prepared($0, path) }
        let file = try FITSFile(creating: path)
        try file.check { _ = ffphps($0, 8, 0, nil, &$1) }
        var names = columns.map { strdup($0.name) }
        var forms = columns.map { strdup($0.form) }
        var units = columns.map { strdup($0.unit ?? "") }
        defer { for word in names + forms + units { free(word) } }
        try file.check { _ = ffcrtb($0, BINARY_TBL, Int64(table.rowCount), Int32(columns.count), &names, &forms, &units, name, &$1) }
        for (i, column) in columns.enumerated() {
            if let null = column.null { try file.check { _ = ffpkyj($0, "TNULL\(i + 1)", null, "value that means none", &$1) } }
            if let comment = column.comment {
                let line = comment.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                try file.check { _ = ffpkls($0, "TCOMM\(i + 1)", line, nil, &$1) }
            }
        }
        try file.check { _ = ffrdef($0, &$1) }
        for (i, column) in columns.enumerated() { try put(column, Int32(i + 1), file) }
        try file.close()
        let descriptor = open(path, O_RDONLY)
        defer { Glibc.close(descriptor) }
        guard descriptor >= 0, fsync(descriptor) == 0 else { throw ColumnsError.unwritable(path: path, reason: String(cString: strerror(errno))) }
    }

    /// A column with the keywords that describe it.
    private struct Prepared {
        var name: String
        var form: String
        var unit: String?
        var comment: String?
        var null: Int64?
        var column: Column
    }

    private func prepared(_ column: Column, _ path: String) throws -> Prepared {
        guard column.name.utf8.count <= 68, column.name.utf8.allSatisfy({ $0 >= 32 && $0 < 127 }), !column.name.isEmpty else {
            throw ColumnsError.unsupportedType(path: path, column: column.name, type: "a name that FITS cannot carry (68 ASCII characters at most)")
        }
        var out = Prepared(name: column.name, form: "", unit: column.unit, comment: column.comment, null: nil, column: column)
        switch column.values {
        case .bool: out.form = "1L"
        case .int16(let v): (out.form, out.null) = ("1I", try null(column, Set(v.map(Int64.init)), Int64(Int16.min), path))
        case .int32(let v): (out.form, out.null) = ("1J", try null(column, Set(v.map(Int64.init)), Int64(Int32.min), path))
        case .int64(let v): (out.form, out.null) = ("1K", try null(column, Set(v), Int64.min, path))
        case .float: out.form = "1E"
        case .double: out.form = "1D"
        case .string(let v): out.form = "\(max(1, (0..<v.count).reduce(0) { max($0, Int(v.offsets[$1 + 1] - v.offsets[$1])) }))A"
        case .timestamp:
            out.form = "26A"
            out.unit = nil
        case .binary: throw ColumnsError.unsupportedType(path: path, column: column.name, type: "binary; leave it out")
        }
        return out
    }

    /// A value that no row has, from the type's lowest upwards.
    private func null(_ column: Column, _ taken: Set<Int64>, _ lowest: Int64, _ path: String) throws -> Int64? {
        guard column.nullCount > 0 else { return nil }
        return (0...Int64(column.count)).lazy.map { lowest + $0 }.first { !taken.contains($0) }
    }

    private func put(_ prepared: Prepared, _ number: Int32, _ file: FITSFile) throws {
        let column = prepared.column
        let rows = Int64(column.count)
        guard rows > 0 else { return }
        func filled<T>(_ values: [T], _ null: T) -> [T] { column.nullCount == 0 ? values : values.enumerated().map { column.isNull($0.offset) ? null : $0.element } }
        switch column.values {
        case .bool(let v):
            var flags: [CChar] = v.map { $0 ? 1 : 0 }
            try file.check { _ = ffpcll($0, number, 1, 1, rows, &flags, &$1) }
            for row in v.indices where column.isNull(row) { try file.check { _ = ffpclu($0, number, Int64(row + 1), 1, 1, &$1) } }
        case .int16(let v):
            var values = filled(v, Int16(prepared.null ?? 0))
            try file.check { _ = ffpcl($0, TSHORT, number, 1, 1, rows, &values, &$1) }
        case .int32(let v):
            var values = filled(v, Int32(prepared.null ?? 0))
            try file.check { _ = ffpcl($0, TINT, number, 1, 1, rows, &values, &$1) }
        case .int64(let v):
            var values = filled(v, prepared.null ?? 0)
            try file.check { _ = ffpcl($0, TLONGLONG, number, 1, 1, rows, &values, &$1) }
        case .float(let v):
            var values = filled(v, .nan)
            try file.check { _ = ffpcl($0, TFLOAT, number, 1, 1, rows, &values, &$1) }
        case .double(let v):
            var values = filled(v, .nan)
            try file.check { _ = ffpcl($0, TDOUBLE, number, 1, 1, rows, &values, &$1) }
        case .string(let v): try put((0..<v.count).map { column.isNull($0) ? "" : v[$0] }, number, file)
        case .timestamp(let v): try put(v.enumerated().map { column.isNull($0.offset) ? "" : ISO8601.text($0.element) }, number, file)
        case .binary: break
        }
    }

    private func put(_ strings: [String], _ number: Int32, _ file: FITSFile) throws {
        var pointers = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        try file.check { _ = ffpcls($0, number, 1, 1, Int64(strings.count), &pointers, &$1) }
    }
}
