import CCFITSIO
import Glibc

extension FITSTable {
    /// Writes the table as the binary table extension of a new FITS file, and replaces a file of that name.
    ///
    /// | here | FITS |
    /// |---|---|
    /// | bool | L; null is a zero byte |
    /// | int16, int32, int64 | I, J, K; null is the TNULLn that no row holds |
    /// | float, double | E, D; null is NaN (so that a NaN reads back as null) |
    /// | string | A of the longest length; null is empty; trailing blanks do not come back |
    /// | timestamp | 26A, ISO 8601 to the microsecond; null is empty |
    ///
    /// Units become TUNITn, comments TCOMMn (what is not printable ASCII in a comment becomes `?`).
    /// The file is written under another name in the same folder and then renamed: a failure leaves nothing new behind.
    ///
    /// - Throws: `ColumnsError.unsupportedType` for binary columns; `.unwritable` where the disk fails, or where FITS cannot carry a
    ///   column name (68 printable ASCII characters, different without regard to case), a unit, or a text that is not printable ASCII
    public static func write(_ table: Table, to path: String) throws {
        let plan = try FITSOutputPlan(table, path: path)
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let unfinished = "\(path[..<slash]).fits-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        do {
            let dataOffsetBytes = try writeHeader(plan, to: unfinished, path: path)
            try writeRows(plan, to: unfinished, from: dataOffsetBytes, path: path)
            guard rename(unfinished, path) == 0 else { throw failed(path) }
        } catch {
            unlink(unfinished)
            throw error
        }
    }

    private static func failed(_ path: String) -> ColumnsError { .unwritable(path: path, reason: String(cString: strerror(errno))) }

    /// Returns the byte at which the rows begin.
    private static func writeHeader(_ plan: FITSOutputPlan, to unfinished: String, path: String) throws -> Int {
        guard let plain = CFITSIO.plainPath(unfinished) else { throw ColumnsError.unwritable(path: path, reason: "the path is too long") }
        return try CFITSIO.exclusively {
            do {
                var status: Int32 = 0
                var created: UnsafeMutablePointer<fitsfile>?
                ffdkinit(&created, plain, &status)
                try CFITSIO.check(status)
                guard let file = created else { throw ColumnsError.unwritable(path: path, reason: "CFITSIO created nothing") }
                var start: Int64 = 0
                do {
                    try describe(plan, in: file)
                    ffghadll(file, nil, &start, nil, &status)
                    try CFITSIO.check(status)
                } catch {
                    var closing: Int32 = 0
                    ffclos(file, &closing)
                    ffcmsg()
                    throw error
                }
                ffclos(file, &status)
                try CFITSIO.check(status)
                return Int(start)
            } catch let failure as CFITSIO.Failure {
                throw ColumnsError.unwritable(path: path, reason: failure.reason)
            }
        }
    }

    private static func describe(_ plan: FITSOutputPlan, in file: UnsafeMutablePointer<fitsfile>) throws {
        var status: Int32 = 0
        // The library wants arrays of C strings that it does not change.
        func strings(_ values: [String]) -> [UnsafeMutablePointer<CChar>?] { values.map { strdup($0) } }
        var names = strings(plan.fields.map(\.column.name))
        var formats = strings(plan.fields.map(\.format))
        var units = strings(plan.fields.map { $0.column.unit ?? "" })
        defer { for string in names + formats + units { free(string) } }
        // The rows are counted now and written later; CFITSIO leaves room for them when it closes the file.
        ffcrtb(file, BINARY_TBL, Int64(plan.rowCount), Int32(plan.fields.count), &names, &formats, &units, nil, &status)
        for (i, field) in plan.fields.enumerated() {
            if let null = field.null { ffpkyj(file, "TNULL\(i + 1)", null, "value of null", &status) }
            guard let comment = field.column.comment, !comment.isEmpty else { continue }
            let printable = String(decoding: comment.unicodeScalars.map { 32...126 ~= $0.value ? UInt8($0.value) : 63 }, as: UTF8.self)
            if printable.utf8.count > 60 { ffplsw(file, &status) }
            ffpkls(file, "TCOMM\(i + 1)", printable, nil, &status)
        }
        ffrdef(file, &status)
        try CFITSIO.check(status)
    }

    private static func writeRows(_ plan: FITSOutputPlan, to unfinished: String, from start: Int, path: String) throws {
        let descriptor = open(unfinished, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failed(path) }
        defer { close(descriptor) }
        var end = start
        if plan.rowBytes > 0, plan.rowCount > 0 {
            let blockRows = min(plan.rowCount, max(1, blockBytes / plan.rowBytes))
            let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockRows * plan.rowBytes, alignment: 16)
            defer { block.deallocate() }
            for first in stride(from: 0, to: plan.rowCount, by: blockRows) {
                let rows = first..<min(first + blockRows, plan.rowCount)
                plan.encode(rows, into: block)
                let bytes = UnsafeRawBufferPointer(rebasing: block[..<(rows.count * plan.rowBytes)])
                try bytes.write(to: descriptor, at: end, path: path)
                end += bytes.count
            }
        }
        // The last record of 2880 bytes is filled with zeros.
        guard ftruncate(descriptor, off_t(end)) == 0, ftruncate(descriptor, off_t((end + 2879) / 2880 * 2880)) == 0, fsync(descriptor) == 0
        else { throw failed(path) }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func write(to descriptor: Int32, at offset: Int, path: String) throws {
        var done = 0
        while done < count {
            let put = pwrite(descriptor, baseAddress! + done, count - done, off_t(offset + done))
            if put < 0 && errno == EINTR { continue }
            guard put > 0 else { throw ColumnsError.unwritable(path: path, reason: String(cString: strerror(errno))) }
            done += put
        }
    }
}
