import Foundation
import Testing

@testable import Images

@Suite("Stamps of alerts are read and shown")
struct StampImageTests {
    /// A stamp without coordinates of the sky to think about: pixels 0, 1, 2 ... with a bright one.
    private func stamp(width: Int = 5, height: Int = 4, brightX: Int = 3, brightY: Int = 0) -> StampImage {
        var image = ImagePlane<Float>(width: width, height: height, pixels: (0..<width * height).map { Float($0 % 3) })
        image[brightX, brightY] = 1000
        return StampImage(image: image)
    }

    /// Width, height and grays of a PNG, decoded by the script.
    private func decode(_ png: [UInt8]) throws -> (width: Int, height: Int, gray: [UInt8]) {
        let path = ImageScratch.folder() + "/stamps.png"
        try Data(png).write(to: URL(fileURLWithPath: path))
        let out = [UInt8](try StampScript.run("png", path))
        let size = out.withUnsafeBytes {
            (Int($0.loadUnaligned(as: UInt32.self)), Int($0.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        }
        return (size.0, size.1, Array(out[8...]))
    }

    @Test(
        "the picture stands as FITS does: the first row at the bottom, each pixel a block, the brightest where it is",
        .enabled(if: StampScript.isAvailable, Comment(rawValue: StampScript.missing)),
        arguments: [(0, 0), (4, 0), (0, 3), (3, 2)])
    func orientation(x: Int, y: Int) throws {
        let picture = try decode(StampPNG.sideBySide([stamp(brightX: x, brightY: y), nil, stamp(brightX: x, brightY: y)], panelPixels: 50))
        #expect(picture.width == 3 * 56 + 6 && picture.height == 62)
        // 50 / 5 = 10 pixels a pixel; 4 rows leave 10 of 50, half of it above.
        let (left, top) = (6 + 10 * x, 6 + 5 + 10 * (3 - y))
        let bright = picture.gray.indices.filter { picture.gray[$0] == 255 }.map { (x: $0 % picture.width, y: $0 / picture.width) }
            .filter { $0.x >= 6 && $0.x < 56 && $0.y >= 6 && $0.y < 56 }
        #expect(bright.count == 100)
        #expect(bright.allSatisfy { $0.x >= left && $0.x < left + 10 && $0.y >= top && $0.y < top + 10 })
    }

    @Test(
        "a missing stamp is an empty frame",
        .enabled(if: StampScript.isAvailable, Comment(rawValue: StampScript.missing)))
    func missing() throws {
        let picture = try decode(StampPNG.sideBySide([nil, stamp(), nil]))
        #expect(picture.width == 3 * 306 + 6 && picture.height == 312)
        let frame = (6..<306).flatMap { y in (6..<306).map { x in picture.gray[y * picture.width + x] } }
        #expect(frame.allSatisfy { $0 == StampPNG.emptyGray })
    }

    @Test("the stretch keeps order: a brighter pixel is never darker, NaN is black")
    func stretch() {
        let pixels = (0..<500).map { Float(sin(Double($0) * 12.9898) * 30) } + [5000, .nan, -4000]
        let stretch = StampStretch(pixels)
        let grays = pixels.filter(\.isFinite).sorted().map(stretch.gray)
        #expect(grays == grays.sorted() && grays.last == 255 && grays.first == 0)
        #expect(stretch.gray(.nan) == 0)
        // The noise is to be seen: its pixels take many grays.
        #expect(Set(grays).count > 20)
    }

    @Test("stamps without any light are drawn too", arguments: [Float.nan, 0, -3, .infinity])
    func flat(value: Float) {
        let image = StampImage(image: ImagePlane(width: 3, height: 3, repeating: value))
        #expect(StampPNG.sideBySide([image], panelPixels: 9).starts(with: [0x89, 0x50]))
    }

    @Test(
        "a stamp comes back with variance, flags and PSF; cut off or tile-compressed it is refused",
        .enabled(if: StampScript.isAvailable, Comment(rawValue: StampScript.missing)))
    func reading() throws {
        let folder = try StampScript.exposures.get()
        let exposure = try Exposure(path: "\(folder)/tan.fits")
        let bytes = try StampMaker(exposure).stamp(x: 60, y: 100, size: 31)
        let stamp = try StampImage(bytes: bytes)
        #expect(stamp.image[15, 15] == exposure.image[60, 100] && stamp.variance?[15, 15] == exposure.variance?[60, 100])
        #expect(stamp.mask?[15, 15] == exposure.mask[60, 100] && stamp.psf == exposure.psf)
        #expect(throws: ImagesError.self) { try StampImage(bytes: Array(bytes[..<5000])) }
        #expect(throws: ImagesError.self) { try StampImage(bytes: Array(bytes[..<(bytes.count - 2000)])) }
        #expect(throws: ImagesError.self) { try StampImage(bytes: []) }
        let packed = try ImageScratch.bytes("\(folder)/packed.fits")
        #expect { try StampImage(bytes: packed) } throws: { "\($0)".contains("it is tile-compressed") }
        let gzipped = try ImageScratch.bytes("\(folder)/plain.fits.gz")
        #expect(try StampImage(bytes: gzipped).image.width == 230)
        #expect(throws: ImagesError.self) { try StampImage(bytes: Array(gzipped[..<9000])) }
    }
}
