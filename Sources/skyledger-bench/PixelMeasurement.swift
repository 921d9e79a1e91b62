import Foundation
import Sphere

/// Pixels of random positions at level 20, from degrees and from unit vectors, on one thread.
enum PixelMeasurement {
    static func run() throws {
        let count = 4_000_000
        var generator = SystemRandomNumberGenerator()
        let ra = (0..<count).map { _ in Double.random(in: 0..<360, using: &generator) }
        let dec = (0..<count).map { _ in asin(Double.random(in: -1...1, using: &generator)) * 180 / .pi }
        let (x, y, z) = UnitVector.columns(ra: ra, dec: dec)
        let htm = try HtmPixelization(20)
        let s2 = try S2Pixelization(20)
        var best = (degrees: Double.infinity, vectors: Double.infinity, s2: Double.infinity)
        var sum: Int64 = 0
        for _ in 0..<5 {
            best.degrees = min(best.degrees, seconds { sum &+= htm.index(ra: ra, dec: dec).last! })
            best.vectors = min(best.vectors, seconds { sum &+= htm.index(x: x, y: y, z: z).last! })
            best.s2 = min(best.s2, seconds { sum &+= s2.index(ra: ra, dec: dec).last! })
        }
        guard sum != 0 else { return }
        report(
            "htm",
            [
                "points": Double(count), "millionPerSecondDegrees": Double(count) / best.degrees / 1e6,
                "millionPerSecondVectors": Double(count) / best.vectors / 1e6,
                "millionPerSecondS2": Double(count) / best.s2 / 1e6,
            ])
    }
}
