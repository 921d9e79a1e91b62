import CCFITSIO
import Foundation
import Testing

@testable import Images

@Suite("Exposures are read from FITS", .enabled(if: StampScript.isAvailable, Comment(rawValue: StampScript.missing)))
struct ExposureTests {
    private let folder: String
    init() throws { folder = try StampScript.exposures.get() }

    @Test(
        "planes by name in any order, by place, tile-compressed, plain and gzipped hold astropy's bits",
        arguments: ["tan.fits", "sip.fits", "order.fits", "packed.fits", "plain.fits", "plain.fits.gz"])
    func planes(file: String) throws {
        let exposure = try Exposure(path: "\(folder)/\(file)")
        let words = try ImageScratch.words("\(folder)/planes")
        let count = 230 * 170
        #expect(exposure.width == 230 && exposure.height == 170)
        #expect(exposure.image.pixels[5 * 230 + 7].isNaN)
        let isNaN = words[..<count].map { Float(bitPattern: $0).isNaN }
        #expect(zip(exposure.image.pixels, 0..<count).allSatisfy { isNaN[$1] ? $0.isNaN : $0.bitPattern == words[$1] })
        if file.hasPrefix("plain") {
            #expect(exposure.variance == nil)
            #expect(exposure.mask.pixels.allSatisfy { $0 == 0 })
        } else {
            #expect(exposure.mask.pixels.map { UInt32(bitPattern: $0) } == Array(words[count..<2 * count]))
            #expect(exposure.variance?.pixels.map(\.bitPattern) == Array(words[(2 * count)...]))
        }
    }

    @Test("units, zero points, flags and the PSF come along")
    func properties() throws {
        let lsst = try Exposure(path: "\(folder)/tan.fits")
        #expect(lsst.unit == "nJy" && lsst.zeroPointMag == 31.4)
        #expect(lsst.maskPlanes == MaskPlanes(["BAD": 0, "SAT": 1, "NO_DATA": 9]))
        #expect(lsst.psf?.width == 21)
        let plain = try Exposure(path: "\(folder)/plain.fits")
        #expect(plain.unit == nil && plain.zeroPointMag == 27.5 && plain.psf == nil && plain.maskPlanes.noData == 8)
    }

    @Test("planes of unequal size are refused, the extension named")
    func unequal() {
        #expect {
            try Exposure(path: "\(folder)/unequal.fits")
        } throws: {
            "\($0)" == "\(folder)/unequal.fits, extension MASK: it has 230 x 169 pixels, the image 230 x 170"
        }
    }

    @Test("coordinates that are not equatorial are refused")
    func galactic() {
        #expect { try Exposure(path: "\(folder)/galactic.fits") } throws: { "\($0)".contains("its longitude is GLON, not RA") }
    }

    @Test("a file that is cut off is an error wherever it is cut")
    func cutOff() throws {
        let bytes = try ImageScratch.bytes("\(folder)/tan.fits")
        for end in stride(from: 0, to: bytes.count - 2880, by: 9973) {
            #expect(throws: ImagesError.self, "cut at \(end)") {
                let read = try Exposure(bytes: Array(bytes[..<end]), place: "cut")
                // What is cut between two extensions is whole, as FITS goes.
                if end % 2880 == 0 || read.variance == nil || read.psf == nil { throw ImagesError.stampSize(pixels: 0, pixelsMax: 0) }
            }
        }
    }

    @Test("a changed byte of a file that is not tile-compressed gives an error or an exposure, never a crash")
    func damage() throws {
        let bytes = try ImageScratch.bytes("\(folder)/tan.fits")
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            var changed = bytes
            // The headers of the first two extensions with the beginnings of their data.
            let at = Int.random(in: 0..<9_000, using: &random)
            changed[at] = UInt8.random(in: 0...255, using: &random)
            do {
                let width = try Exposure(bytes: changed, place: "changed").width
                #expect(width > 0)
            } catch is ImagesError {}
        }
    }

    @Test("a folder finds what is there, prefers the matched template, and takes absence for no error")
    func folders() throws {
        let scratch = ImageScratch.folder()
        func put(_ file: String, _ name: String) throws {
            try FileManager.default.copyItem(atPath: "\(folder)/\(file)", toPath: "\(scratch)/\(name)")
        }
        let images = ImageFolder(scratch)
        #expect(try images.exposures(visit: 7, detector: 8).isEmpty)
        try put("tan.fits", "difference_7_8.fits")
        try put("packed.fits", "science_7_8.fits.fz")
        try put("plain.fits.gz", "template_7_8.fits.gz")
        let first = try images.exposures(visit: 7, detector: 8)
        #expect(first.difference?.psf != nil && first.science?.variance != nil && first.template?.isPSFMatched == false)
        try put("sip.fits", "matched_template_7_8.fits")
        let second = try images.exposures(visit: 7, detector: 8)
        #expect(second.template?.isPSFMatched == true && second.template?.psf != nil)
        try Data("nonsense".utf8).write(to: URL(fileURLWithPath: "\(scratch)/science_7_9.fits"))
        #expect(throws: ImagesError.unreadable(file: "\(scratch)/science_7_9.fits", extensionName: nil, reason: "it is no FITS file")) {
            try images.exposures(visit: 7, detector: 9)
        }
    }

    @Test("CFITSIO is built for several threads")
    func reentrant() { #expect(fits_is_reentrant() == 1) }
}
