import CCFITSIO

/// Where the rows of a binary table lie in a file and what its fields are: what its header says, checked against the file's size.
struct FITSLayout: Sendable {
    /// 0 is the primary HDU.
    var hdu: Int
    var rowCount: Int
    var rowBytes: Int
    /// Bytes from the beginning of the file to the first row.
    var dataOffsetBytes: Int
    var fields: [FITSField]

    /// Reads the header of a binary table: that of `hdu`, or the first.
    static func read(_ path: String, fileSizeBytes: Int, hdu: Int?) throws -> FITSLayout {
        guard let plain = CFITSIO.plainPath(path) else { throw ColumnsError.unreadable(path: path, reason: "the path is too long") }
        return try CFITSIO.exclusively {
            do {
                var status: Int32 = 0
                var opened: UnsafeMutablePointer<fitsfile>?
                ffdkopn(&opened, plain, READONLY, &status)
                try CFITSIO.check(status)
                guard let file = opened else { throw ColumnsError.malformed(path: path, reason: "CFITSIO opened nothing") }
                defer {
                    // The file was open for reading alone: closing it can lose nothing.
                    var closing: Int32 = 0
                    ffclos(file, &closing)
                    ffcmsg()
                }
                let found = try hdu.map { try select(file, $0, path: path) } ?? first(file, path: path, fileSizeBytes: fileSizeBytes)
                return try table(file, hdu: found, path: path, fileSizeBytes: fileSizeBytes)
            } catch let failure as CFITSIO.Failure {
                throw ColumnsError.malformed(path: path, reason: failure.reason)
            }
        }
    }

    private static func select(_ file: UnsafeMutablePointer<fitsfile>, _ hdu: Int, path: String) throws -> Int {
        var status: Int32 = 0
        var kind: Int32 = 0
        guard hdu >= 0, hdu < Int(Int32.max) else { throw ColumnsError.malformed(path: path, reason: "there is no HDU \(hdu)") }
        ffmahd(file, Int32(hdu + 1), &kind, &status)
        if status == END_OF_FILE {
            ffcmsg()
            throw ColumnsError.malformed(path: path, reason: "there is no HDU \(hdu), or the file is cut off before its end")
        }
        try CFITSIO.check(status)
        guard kind == BINARY_TBL else {
            let what = kind == ASCII_TBL ? "an ASCII table" : "an image"
            throw ColumnsError.malformed(path: path, reason: "HDU \(hdu) is \(what), not a binary table")
        }
        return hdu
    }

    private static func first(_ file: UnsafeMutablePointer<fitsfile>, path: String, fileSizeBytes: Int) throws -> Int {
        var hdu = 0
        while true {
            var status: Int32 = 0
            var ends: (head: Int64, data: Int64, end: Int64) = (0, 0, 0)
            ffghadll(file, &ends.head, &ends.data, &ends.end, &status)
            try CFITSIO.check(status)
            guard ends.end <= fileSizeBytes else {
                throw ColumnsError.malformed(
                    path: path, reason: "HDU \(hdu) ends at byte \(ends.end), but the file is cut off at \(fileSizeBytes)")
            }
            var kind: Int32 = 0
            ffmahd(file, Int32(hdu + 2), &kind, &status)
            if status == END_OF_FILE {
                ffcmsg()
                guard ends.end >= fileSizeBytes else {
                    throw ColumnsError.malformed(path: path, reason: "the header of HDU \(hdu + 1) is cut off or damaged")
                }
                throw ColumnsError.malformed(path: path, reason: "it has \(hdu + 1) HDU and no binary table among them")
            }
            try CFITSIO.check(status)
            hdu += 1
            if kind == BINARY_TBL { return hdu }
        }
    }

    private static func table(
        _ file: UnsafeMutablePointer<fitsfile>, hdu: Int, path: String, fileSizeBytes: Int
    ) throws -> FITSLayout {
        func malformed(_ reason: String) -> ColumnsError { .malformed(path: path, reason: "HDU \(hdu): \(reason)") }
        let header = FITSHeader(file: file)
        func size(_ keyword: String) throws -> Int {
            guard let value = try header.integer(keyword), value >= 0 else { throw malformed("\(keyword) is missing or negative") }
            return Int(value)
        }
        var status: Int32 = 0
        var start: Int64 = 0
        ffghadll(file, nil, &start, nil, &status)
        try CFITSIO.check(status)
        let (rowBytes, rowCount, heapBytes) = (try size("NAXIS1"), try size("NAXIS2"), try size("PCOUNT"))
        let (tableBytes, tooMany) = rowBytes.multipliedReportingOverflow(by: rowCount)
        let (dataBytes, tooLarge) = tableBytes.addingReportingOverflow(heapBytes)
        guard !tooMany, !tooLarge, dataBytes <= fileSizeBytes - Int(start) else {
            throw malformed("it is cut off: \(rowCount) rows of \(rowBytes) bytes begin at byte \(start) of \(fileSizeBytes)")
        }
        guard rowBytes > 0 || rowCount == 0 else { throw malformed("\(rowCount) rows have no bytes") }

        var fields: [FITSField] = []
        var offset = 0
        for n in 1..<(try size("TFIELDS") + 1) {
            let name = try header.string("TTYPE\(n)") ?? "col\(n)"
            let format = try header.string("TFORM\(n)") ?? ""
            guard
                let field = FITSField(
                    name: name, unit: try header.string("TUNIT\(n)"), comment: try header.string("TCOMM\(n)"), format: format,
                    offsetBytes: offset, scale: try header.double("TSCAL\(n)") ?? 1, zero: try header.double("TZERO\(n)") ?? 0,
                    null: try "BIJK".contains { format.contains($0) } ? header.integer("TNULL\(n)") : nil)
            else { throw malformed("column \(name) has the format '\(format)'") }
            fields.append(field)
            offset += field.widthBytes
        }
        guard offset == rowBytes else { throw malformed("its rows have \(rowBytes) bytes, its columns \(offset)") }
        var seen: Set<String> = []
        for field in fields where !seen.insert(field.name).inserted { throw malformed("two columns are named \(field.name)") }
        return FITSLayout(hdu: hdu, rowCount: rowCount, rowBytes: rowBytes, dataOffsetBytes: Int(start), fields: fields)
    }
}
