import Foundation
import Testing

@testable import Images

@Suite("Stamps are cut from exposures", .enabled(if: StampScript.isAvailable, Comment(rawValue: StampScript.missing)))
struct StampMakerTests {
    private let folder: String
    init() throws { folder = try StampScript.exposures.get() }

    private struct Cut: Encodable {
        var exposure, stamp: String
        var size: Int
        var ra, dec: Double
        var matched: Bool
    }

    @Test("astropy reads every plane and card of a stamp, and its coordinates are those of the exposure to 1e-9 degrees")
    func astropy() throws {
        let scratch = ImageScratch.folder()
        var cuts: [Cut] = []
        for file in ["tan.fits", "sip.fits", "tpv.fits", "plain.fits"] {
            try FileManager.default.copyItem(atPath: "\(folder)/\(file)", toPath: "\(scratch)/\(file)")
            for isMatched in [false, true] {
                var exposure = try Exposure(path: "\(folder)/\(file)")
                exposure.isPSFMatched = isMatched
                let maker = try StampMaker(exposure)
                // Also over each edge, and larger than the image.
                for (x, y, size) in [
                    (60.0, 100, 31), (60.49, 99.51, 30), (0, 0, 31), (229.4, 169.4, 102), (-0.4, 80, 1), (100, 168, 7), (90, 90, 301),
                ] {
                    let (ra, dec) = try #require(exposure.wcs).sky(x: x, y: y)
                    let name = "stamp-\(cuts.count)"
                    try Data(maker.stamp(ra: ra, dec: dec, size: size)).write(to: URL(fileURLWithPath: "\(scratch)/\(name)"))
                    cuts.append(Cut(exposure: file, stamp: name, size: size, ra: ra, dec: dec, matched: isMatched))
                }
            }
        }
        try JSONEncoder().encode(cuts).write(to: URL(fileURLWithPath: "\(scratch)/stamps.json"))
        struct Found: Decodable { var stamps: Int, worstDeg: Double }
        let found = try JSONDecoder().decode(Found.self, from: try StampScript.run("check", scratch))
        #expect(found.stamps == 56)
        #expect(found.worstDeg < 1e-9)
    }

    @Test("CFITSIO reads a stamp as an exposure with the same pixels")
    func roundTrip() throws {
        let exposure = try Exposure(path: "\(folder)/sip.fits")
        let (ra, dec) = try #require(exposure.wcs).sky(x: 60, y: 100)
        let stamp = try Exposure(bytes: StampMaker(exposure).stamp(ra: ra, dec: dec, size: 31), place: "stamp")
        #expect(stamp.width == 31 && stamp.height == 31 && stamp.psf == exposure.psf && stamp.unit == "nJy")
        #expect((0..<31).allSatisfy { y in (0..<31).allSatisfy { x in stamp.image[x, y] == exposure.image[45 + x, 85 + y] } })
        #expect((0..<31).allSatisfy { y in (0..<31).allSatisfy { x in stamp.mask[x, y] == exposure.mask[45 + x, 85 + y] } })
        #expect(stamp.maskPlanes == exposure.maskPlanes)
    }

    @Test("a position off the image has no stamp", arguments: [(-0.6, 10.0), (229.6, 10), (10, -0.6), (10, 169.6), (1e7, 1e7)])
    func off(x: Double, y: Double) throws {
        let exposure = try Exposure(path: "\(folder)/tan.fits")
        let (ra, dec) = try #require(exposure.wcs).sky(x: x, y: y)
        #expect {
            try StampMaker(exposure).stamp(ra: ra, dec: dec, size: 31)
        } throws: {
            if case ImagesError.offImage = $0 { true } else { false }
        }
    }

    @Test("the other side of the sky and NaN are off the image")
    func unreachable() throws {
        let maker = try StampMaker(Exposure(path: "\(folder)/tan.fits"))
        for (ra, dec) in [(180.0, 47.2), (.nan, 0), (0, 95)] {
            #expect(throws: ImagesError.self) { try maker.stamp(ra: ra, dec: dec, size: 31) }
        }
    }

    @Test("sizes follow the source between the least and the most")
    func policy() {
        let policy = StampPolicy()
        #expect([nil, 5, 30, 57, 102, 4000].map { policy.size(bboxSize: $0) } == [30, 30, 30, 57, 102, 102])
        #expect(StampPolicy(sizePixelsMin: 31, sizePixelsMax: 31).size(bboxSize: 50) == 31)
    }

    @Test("a stamp of no pixels or too many is refused", arguments: [0, -1, StampMaker.sizePixelsMax + 1])
    func sizes(size: Int) throws {
        let maker = try StampMaker(Exposure(path: "\(folder)/tan.fits"))
        #expect(throws: ImagesError.stampSize(pixels: size, pixelsMax: StampMaker.sizePixelsMax)) {
            try maker.stamp(x: 5, y: 5, size: size)
        }
    }

    @Test("an exposure without coordinates gives no stamps")
    func noCoordinates() {
        let exposure = Exposure(image: ImagePlane(width: 4, height: 4, repeating: 0), wcs: nil)
        #expect(throws: ImagesError.self) { try StampMaker(exposure) }
    }
}
