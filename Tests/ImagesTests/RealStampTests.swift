import Foundation
import Testing

@testable import Images

@Suite("Stamps of real alerts")
struct RealStampTests {
    static let containers = ["lsst-alerts-fink/fink-client_part-2-918301.avro", "ztf-alerts/fink/fink-client_part-3-305711.avro"]

    @Test(
        "LSST's and ZTF's stamps hold the pixels that astropy finds, and can be shown",
        .enabled(if: StampScript.isAvailable && containers.allSatisfy(ImageScratch.hasData), "needs the alerts: SKYLEDGER_DATA"),
        arguments: containers)
    func real(container: String) throws {
        let folder = ImageScratch.folder()
        let printed = String(decoding: try StampScript.run("real", ImageScratch.data(container), folder), as: UTF8.self)
        let count = try #require(Int(printed.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(count >= 3)
        var stamps: [StampImage] = []
        for i in 0..<count {
            let stamp = try StampImage(bytes: ImageScratch.bytes("\(folder)/\(i).stamp"))
            let expected = try ImageScratch.words("\(folder)/\(i).image").map { Float(bitPattern: $0) }
            #expect(stamp.image.pixels.count == expected.count)
            // A NaN's bits are its own affair.
            #expect(zip(stamp.image.pixels, expected).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
            let hasVariance = FileManager.default.fileExists(atPath: "\(folder)/\(i).variance")
            #expect((stamp.variance != nil) == hasVariance)
            #expect(hasVariance == container.hasPrefix("lsst"))
            if hasVariance {
                let variance = try ImageScratch.words("\(folder)/\(i).variance")
                #expect(stamp.variance?.pixels.map(\.bitPattern) == variance)
            }
            stamps.append(stamp)
        }
        #expect(StampPNG.sideBySide(Array(stamps[..<3])).count > 1000)
    }

    @Test(
        "a real stamp that is cut off anywhere in its pixels is an error",
        .enabled(if: StampScript.isAvailable && containers.allSatisfy(ImageScratch.hasData), "needs the alerts: SKYLEDGER_DATA"),
        arguments: containers)
    func cutOff(container: String) throws {
        let folder = ImageScratch.folder()
        _ = try StampScript.run("real", ImageScratch.data(container), folder)
        let bytes = try ImageScratch.bytes("\(folder)/0.stamp")
        for end in [1, 100, 2880, 3000, 5000, 6400] { #expect(throws: ImagesError.self) { try StampImage(bytes: Array(bytes[..<end])) } }
    }
}
