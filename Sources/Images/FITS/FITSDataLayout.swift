import CCFITSIO

/// What the header of the extension that CFITSIO stands on says of its data's size, as it is stored: an image that is tile-compressed is a
/// table here. CFITSIO itself reads past the end of a file as zeros.
struct FITSDataLayout {
    /// EXTNAME in capitals; empty where there is none.
    let name: String
    /// The byte behind the data, without the filling of the last block; nil where the header contradicts itself.
    let dataEnd: Int?
    /// The byte behind the last block.
    let end: Int
    /// For a tile-compressed image: whether its table has a row for each tile, and tiles are no larger than the image.
    let isWholeCompression: Bool

    init(_ file: UnsafeMutablePointer<fitsfile>) {
        var (status, start, stop): (Int32, Int64, Int64) = (0, 0, 0)
        ffghadll(file, nil, &start, &stop, &status)
        end = status == 0 ? Int(stop) : 0
        let size = Self.sizeBytes(file)
        let (total, isTooLarge) = Int(start).addingReportingOverflow(size ?? 0)
        dataEnd = size == nil || isTooLarge || status != 0 ? nil : total
        var (value, missing) = ([CChar](repeating: 0, count: Int(FLEN_VALUE) + 1), Int32(0))
        ffgkys(file, "EXTNAME", &value, nil, &missing)
        name = missing == 0 ? String(decoding: value.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).uppercased() : ""
        isWholeCompression = Self.isWholeCompression(file)
    }

    private static func integer(_ file: UnsafeMutablePointer<fitsfile>, _ keyword: String) -> Int? {
        var (status, value): (Int32, Int64) = (0, 0)
        ffgkyjj(file, keyword, &value, nil, &status)
        return status == 0 ? Int(value) : nil
    }

    /// FITS standard 4.0, equation 2: |BITPIX| / 8 * GCOUNT * (PCOUNT + product of the axes).
    private static func sizeBytes(_ file: UnsafeMutablePointer<fitsfile>) -> Int? {
        guard let bits = integer(file, "BITPIX"), [8, 16, 32, 64, -32, -64].contains(bits), let axes = integer(file, "NAXIS"),
            0...999 ~= axes
        else { return nil }
        if axes == 0 { return 0 }
        var product = 1
        for axis in 1...axes {
            guard let length = integer(file, "NAXIS\(axis)"), length >= 0 else { return nil }
            let (next, isTooLarge) = product.multipliedReportingOverflow(by: length)
            if isTooLarge { return nil }
            product = next
        }
        let (groups, extra) = (integer(file, "GCOUNT") ?? 1, integer(file, "PCOUNT") ?? 0)
        guard groups >= 0, extra >= 0 else { return nil }
        let (sum, isTooLarge) = product.addingReportingOverflow(extra)
        let (values, isTooMany) = sum.multipliedReportingOverflow(by: groups)
        let (bytes, isTooLong) = values.multipliedReportingOverflow(by: abs(bits) / 8)
        return isTooLarge || isTooMany || isTooLong ? nil : bytes
    }

    private static func isWholeCompression(_ file: UnsafeMutablePointer<fitsfile>) -> Bool {
        guard let axes = integer(file, "ZNAXIS"), 1...6 ~= axes, let rows = integer(file, "NAXIS2") else { return false }
        var tiles = 1
        for axis in 1...axes {
            guard let length = integer(file, "ZNAXIS\(axis)"), 1...FITSImageFile.pixelCountMax ~= length else { return false }
            let tile = integer(file, "ZTILE\(axis)") ?? (axis == 1 ? length : 1)
            guard 1...length ~= tile else { return false }
            let (next, isTooMany) = tiles.multipliedReportingOverflow(by: (length + tile - 1) / tile)
            if isTooMany { return false }
            tiles = next
        }
        return tiles == rows
    }
}
