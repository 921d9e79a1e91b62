import CZlib

/// Stamps as pictures for people: 8-bit gray PNG.
///
///     let png = StampPNG.sideBySide([difference, science, template])
public enum StampPNG {
    /// The side of a panel, pixels of the picture; a stamp is enlarged by whole pixels to fill it as far as it goes.
    public static let panelPixels = 300
    /// Between panels and around them.
    static let gapPixels = 6
    static let gapGray: UInt8 = 255
    /// Inside a frame that has no stamp.
    static let emptyGray: UInt8 = 64

    /// Stamps in a row, each with its own asinh stretch, the first row of FITS at the bottom, so that the sky stands as other viewers of FITS
    /// show it. A missing stamp is an empty frame.
    ///
    /// - Parameters:
    ///   - stamps: at least one, from left to right.
    ///   - panelPixels: the side of a panel; a larger stamp gets a larger one.
    /// - Complexity: O(pixels of the picture)
    public static func sideBySide(_ stamps: [StampImage?], panelPixels: Int = panelPixels) -> [UInt8] {
        precondition(!stamps.isEmpty && panelPixels > 0, "no picture of \(stamps.count) stamps in panels of \(panelPixels) pixels")
        let side = stamps.compactMap { $0.map { max($0.image.width, $0.image.height) } }.reduce(panelPixels, max)
        let (width, height) = (stamps.count * (side + gapPixels) + gapPixels, side + 2 * gapPixels)
        var gray = [UInt8](repeating: gapGray, count: width * height)
        for (place, stamp) in stamps.enumerated() {
            let left = gapPixels + place * (side + gapPixels)
            for row in 0..<side {
                let start = (gapPixels + row) * width + left
                gray.replaceSubrange(start..<start + side, with: repeatElement(emptyGray, count: side))
            }
            guard let image = stamp?.image else { continue }
            draw(image, into: &gray, width: width, left: left, top: gapPixels, side: side)
        }
        return encode(gray, width: width, height: height)
    }

    /// In the middle of its panel.
    private static func draw(_ image: ImagePlane<Float>, into gray: inout [UInt8], width: Int, left: Int, top: Int, side: Int) {
        let zoom = side / max(image.width, image.height)
        let stretch = StampStretch(image.pixels)
        let (marginX, marginY) = ((side - zoom * image.width) / 2, (side - zoom * image.height) / 2)
        for y in 0..<image.height {
            for x in 0..<image.width {
                let value = stretch.gray(image[x, y])
                let first = (top + marginY + (image.height - 1 - y) * zoom) * width + left + marginX + x * zoom
                for row in 0..<zoom { for column in 0..<zoom { gray[first + row * width + column] = value } }
            }
        }
    }

    /// PNG (ISO/IEC 15948): rows without filter, compressed by zlib.
    static func encode(_ gray: [UInt8], width: Int, height: Int) -> [UInt8] {
        precondition(gray.count == width * height)
        var rows: [UInt8] = []
        rows.reserveCapacity(height * (width + 1))
        for y in 0..<height {
            rows.append(0)
            rows += gray[y * width..<(y + 1) * width]
        }
        var size = compressBound(UInt(rows.count))
        var packed = [UInt8](repeating: 0, count: Int(size))
        let status = compress2(&packed, &size, rows, UInt(rows.count), Z_DEFAULT_COMPRESSION)
        precondition(status == Z_OK, "zlib needs more room than it said")
        var out: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
        append("IHDR", bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, 0, 0, 0, 0], to: &out)
        append("IDAT", Array(packed[..<Int(size)]), to: &out)
        append("IEND", [], to: &out)
        return out
    }

    private static func append(_ kind: String, _ body: [UInt8], to out: inout [UInt8]) {
        let chunk = Array(kind.utf8) + body
        out += bigEndian(UInt32(body.count)) + chunk + bigEndian(UInt32(crc32(0, chunk, UInt32(chunk.count))))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
}
