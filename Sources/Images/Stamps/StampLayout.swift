/// The bytes that all stamps of one exposure and size share, and where a stamp's own go.
struct StampLayout: Sendable {
    /// A whole stamp that lies off the image: its pixels are NaN, flagged as holding no data.
    let bytes: [UInt8]
    let size: Int
    /// Where the cards that differ begin.
    let cardsOffset: (crpix1: Int, crpix2: Int, cutMinX: Int, cutMinY: Int)
    /// Where the planes begin.
    let imageOffset: Int
    let varianceOffset: Int?
    let maskOffset: Int

    /// - Parameters:
    ///   - wcs: of the exposure.
    ///   - positionAngleDeg: of +y, east of north.
    init(_ exposure: Exposure, wcs: CelestialWCS, positionAngleDeg: Double, size: Int) {
        self.size = size
        var primary = FITSHeaderText()
        primary.add("SIMPLE", literal: "T", "conforms to FITS standard")
        Self.addShape(&primary, bitpix: -32, width: size, height: size)
        primary.add("EXTEND", literal: "T")
        let x = primary.add("CUTMINX", 0)
        let y = primary.add("CUTMINY", 0)
        if positionAngleDeg.isFinite { primary.add("ROTPA", positionAngleDeg, "Pos angle in deg of +Y wrt North") }
        if let unit = exposure.unit { primary.add("BUNIT", text: unit) }
        if let zero = exposure.zeroPointMag, zero.isFinite { primary.add("MAGZERO", zero, "[mag] AB magnitude of flux 1") }
        if exposure.isPSFMatched { primary.add("PSFMATCH", literal: "T", "PSF matched to that of the science image") }
        primary.add("WCSAXES", 2, "Number of coordinate axes")
        let first = primary.add("CRPIX1", 0.0)
        let second = primary.add("CRPIX2", 0.0)
        for card in wcs.cards where !["WCSAXES", "CRPIX1", "CRPIX2"].contains(WCSCards.keyword(of: card)) { primary.add(card: card) }
        primary.end()
        cardsOffset = (first, second, x, y)

        var out = primary.bytes
        imageOffset = out.count
        Self.add(UInt32(0x7fc0_0000), count: size * size, to: &out)
        if exposure.variance != nil {
            var header = Self.imageExtension("UNCERT", bitpix: -32, width: size, height: size)
            header.add("UTYPE", text: "VarianceUncertainty")
            header.end()
            out += header.bytes
            varianceOffset = out.count
            Self.add(UInt32(0x7fc0_0000), count: size * size, to: &out)
        } else {
            varianceOffset = nil
        }
        var header = Self.imageExtension("MASK", bitpix: 32, width: size, height: size)
        var planes = exposure.maskPlanes.bits
        planes["NO_DATA"] = exposure.maskPlanes.noData
        for (name, bit) in planes.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }) { header.add("MP_\(name)", bit) }
        header.end()
        out += header.bytes
        maskOffset = out.count
        Self.add(UInt32(1) << UInt32(exposure.maskPlanes.noData), count: size * size, to: &out)
        if let psf = exposure.psf {
            var header = Self.imageExtension("PSFIMAGE", bitpix: -32, width: psf.width, height: psf.height)
            header.end()
            out += header.bytes
            for pixel in psf.pixels { withUnsafeBytes(of: pixel.bitPattern.bigEndian) { out += $0 } }
            Self.fillBlock(&out)
        }
        bytes = out
    }

    private static func addShape(_ header: inout FITSHeaderText, bitpix: Int, width: Int, height: Int) {
        header.add("BITPIX", bitpix, "array data type")
        header.add("NAXIS", 2, "number of array dimensions")
        header.add("NAXIS1", width)
        header.add("NAXIS2", height)
    }

    private static func imageExtension(_ name: String, bitpix: Int, width: Int, height: Int) -> FITSHeaderText {
        var header = FITSHeaderText()
        header.add("XTENSION", text: "IMAGE", "Image extension")
        addShape(&header, bitpix: bitpix, width: width, height: height)
        header.add("PCOUNT", 0, "number of parameters")
        header.add("GCOUNT", 1, "number of groups")
        header.add("EXTNAME", text: name, "extension name")
        return header
    }

    private static func add(_ pixel: UInt32, count: Int, to out: inout [UInt8]) {
        for _ in 0..<count { withUnsafeBytes(of: pixel.bigEndian) { out += $0 } }
        fillBlock(&out)
    }

    /// Zeros up to a whole block.
    private static func fillBlock(_ out: inout [UInt8]) {
        let rest = out.count % FITSHeaderText.blockSizeBytes
        if rest > 0 { out += [UInt8](repeating: 0, count: FITSHeaderText.blockSizeBytes - rest) }
    }
}
