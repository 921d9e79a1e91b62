import Foundation
import Testing

@testable import Images

@Suite("Coordinates agree with astropy", .enabled(if: StampScript.isAvailable, Comment(rawValue: StampScript.missing)))
struct CelestialWCSTests {
    private let folder: String
    init() throws { folder = try StampScript.exposures.get() }

    /// Columns x, y, ra, dec of the script's points.
    private func points(_ kind: String) throws -> [[Double]] {
        let values = try ImageScratch.doubles("\(folder)/\(kind).points")
        return (0..<4).map { column in stride(from: column, to: values.count, by: 4).map { values[$0] } }
    }

    private func worst(_ a: [Double], _ b: [Double], turn: Double? = nil) -> Double {
        zip(a, b).map { one, two in
            let difference: Double = one - two
            guard let turn else { return abs(difference) }
            return abs(remainder(difference, turn))
        }.max() ?? .infinity
    }

    @Test("pixels go to astropy's positions", arguments: ["tan", "sip", "tpv", "swapped"])
    func sky(kind: String) throws {
        let p = try points(kind)
        let wcs = try #require(try Exposure(path: "\(folder)/\(kind).fits").wcs)
        let found = wcs.sky(x: p[0], y: p[1])
        #expect(worst(found.ra, p[2], turn: 360) < 1e-10 && worst(found.dec, p[3]) < 1e-10)
        #expect(found.ra.allSatisfy { $0 >= 0 && $0 < 360 })
        // The field lies across RA 0.
        #expect(found.ra.contains { $0 < 1 } && found.ra.contains { $0 > 359 })
    }

    @Test("positions go back to their pixels", arguments: ["tan", "sip", "tpv", "swapped"])
    func pixels(kind: String) throws {
        let p = try points(kind)
        let wcs = try #require(try Exposure(path: "\(folder)/\(kind).fits").wcs)
        let found = wcs.pixels(ra: p[2], dec: p[3])
        #expect(worst(found.x, p[0]) < 1e-6 && worst(found.y, p[1]) < 1e-6)
    }

    @Test("what the projection does not reach is NaN, and its neighbours are not")
    func unreachable() throws {
        let wcs = try #require(try Exposure(path: "\(folder)/tan.fits").wcs)
        let found = wcs.pixels(ra: [0, 180, .nan, 0], dec: [-47, 47, 0, 91])
        #expect(found.x.map(\.isNaN) == [false, true, true, true])
        #expect(found.y.map(\.isNaN) == [false, true, true, true])
        #expect(wcs.sky(x: .infinity, y: 0).ra.isNaN)
    }

    @Test("many threads share one instance")
    func threads() throws {
        let p = try points("tpv")
        let wcs = try #require(try Exposure(path: "\(folder)/tpv.fits").wcs)
        let expected = wcs.pixels(ra: p[2], dec: p[3])
        let equal = (0..<8).map { _ in LockedFlag() }
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            var isEqual = true
            for _ in 0..<50 { isEqual = isEqual && wcs.pixels(ra: p[2], dec: p[3]) == expected }
            equal[thread].set(isEqual)
        }
        #expect(equal.map(\.value) == [Bool](repeating: true, count: 8))
    }

    @Test("the cards of a part are those of the whole; alternates and other keywords stay behind")
    func cards() throws {
        let named = ["CTYPE1", "PV1_10", "CD2_1", "A_1_2", "AP_ORDER", "BP_0_1", "RADESYS", "DQ1", "PC1_1", "CROTA2", "LONPOLE"]
        let others = ["CTYPE1A", "NAXIS1", "PVX_1", "CD1", "A_MAX", "EXPTIME", "DATE-OBS", "C_1_1", "DP", "PC1_", "CRPIX", ""]
        let cards = (named + others).map { $0.padding(toLength: 8, withPad: " ", startingAt: 0) + "= 1" }
        #expect(WCSCards.primary(of: cards).map { String(WCSCards.keyword(of: $0)) } == named)
    }
}

import Synchronization

/// A flag that a thread leaves behind.
final class LockedFlag: Sendable {
    private let flag = Mutex(false)
    func set(_ value: Bool) { flag.withLock { $0 = value } }
    var value: Bool { flag.withLock { $0 } }
}
