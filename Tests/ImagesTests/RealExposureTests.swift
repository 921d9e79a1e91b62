import Foundation
import Testing

@testable import Images

@Suite("Real exposures", .enabled(if: ImageScratch.hasData("decam-i"), "needs decam-i: see SKYLEDGER_DATA"))
struct RealExposureTests {
    private let names = ["DEC-OBS04a", "DEC-OBS18a"].map { ImageScratch.data("decam-i/\($0).mini.fits") }

    @Test("the transient of the DECam fields, with its TPV coordinates, lies where the data's notes say, and its stamp around it")
    func transient() throws {
        for name in names {
            let exposure = try Exposure(path: name)
            let wcs = try #require(exposure.wcs)
            let (x, y) = wcs.pixel(ra: 318.1082, dec: -66.0157)
            #expect(abs(x - 128.5) < 1 && abs(y - 127.4) < 1)
            let stamp = try Exposure(bytes: StampMaker(exposure).stamp(ra: 318.1082, dec: -66.0157, size: 31), place: "stamp")
            let (a, b) = (
                try #require(stamp.wcs).sky(x: 3, y: 27), wcs.sky(x: (x - 14.5).rounded(.down) + 3, y: (y - 14.5).rounded(.down) + 27)
            )
            #expect(abs(a.ra - b.ra) < 1e-9 && abs(a.dec - b.dec) < 1e-9)
        }
    }
}
