import TestSupport
import Foundation

@testable import Association

/// Light curves with all that is awkward: objects of no, one and two sources, equal times, missing and zero errors, missing fluxes and
/// positions, other bands, histories longer than the window, places at the poles and over RA 0, forced sources before and after.
enum SummarySynthetic {
    static func histories(objects: Int, seed: UInt64) -> (SourceHistory, ForcedHistory) {
        var random = SeededGenerator(state: seed)
        var (sources, forced) = (SourceHistory(objects: 0), ForcedHistory(objects: 0))
        var nextId: Int64 = 7_000_000_000_000_000_000
        for object in 0..<objects {
            let kind = object % 12
            let count = [0, 1, 2, 3, 5, 8, 30, 60, 120][Int.random(in: 0..<9, using: &random)]
            let place = [(150.0, -30.0), (0.0, 0.0), (359.99999, 45.0), (77.0, 89.99999), (200.0, -90.0), (10.0, 90.0)][object % 6]
            let first = 60000 + Double.random(in: 0..<1, using: &random)
            let days = kind < 6 ? 300.0 : 900.0
            let level = Double.random(in: -2000...20000, using: &random)
            let withErrors = !object.isMultiple(of: 5)
            for _ in 0..<count {
                let step = Int.random(in: 0..<400, using: &random)
                let time = kind == 3 ? first + Double(step % 3) : first + Double(step) / 400 * days
                appendSource(&sources, id: nextId, time: time, place: place, level: level, withErrors: withErrors, &random)
                nextId += Int64.random(in: 1...9, using: &random)
            }
            sources.start.append(sources.rowCount)
            for _ in 0..<(kind == 1 ? 0 : count / 2) {
                forced.midpointMjdTai.append(first + Double.random(in: -100...1.2 * days, using: &random))
                forced.band.append(UInt8.random(in: 0...6, using: &random))
                let error = Float.random(in: 100...300, using: &random)
                forced.psfFluxErr.append(Int.random(in: 0..<20, using: &random) == 0 ? .nan : error)
                let flux = Float(level) + Float.random(in: -500...500, using: &random)
                forced.psfFlux.append(Int.random(in: 0..<20, using: &random) == 0 ? .nan : flux)
            }
            forced.start.append(forced.rowCount)
        }
        return (sources, forced)
    }

    private static func appendSource(
        _ sources: inout SourceHistory, id: Int64, time: Double, place: (ra: Double, dec: Double), level: Double, withErrors: Bool,
        _ random: inout SeededGenerator
    ) {
        func rarely(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &random) == 0 }
        let dec = max(-90, min(90, place.dec + Double.random(in: -1...1, using: &random) * 0.3 / 3600))
        let spread = abs(place.dec) > 89.9 ? 180 : 0.3 / 3600
        let ra = (place.ra + Double.random(in: -1...1, using: &random) * spread + 360).truncatingRemainder(dividingBy: 360)
        let astrometric = withErrors || !rarely(4)
        let (east, north) = (Float.random(in: 1e-6...5e-5, using: &random), Float.random(in: 1e-6...5e-5, using: &random))
        sources.diaSourceId.append(id)
        sources.midpointMjdTai.append(time)
        sources.ra.append(rarely(60) ? .nan : ra)
        sources.dec.append(dec)
        sources.raErr.append(astrometric ? east : .nan)
        sources.decErr.append(astrometric ? north : .nan)
        sources.raDecCov.append(rarely(3) ? .nan : east * north * Float.random(in: -0.9...0.9, using: &random))
        let band = UInt8.random(in: 0...6, using: &random)
        sources.band.append(band == 6 ? 255 : band)
        let flux = Float(level) + Float.random(in: -500...500, using: &random) + (rarely(10) ? 4000 : 0)
        sources.psfFlux.append(rarely(12) ? .nan : flux)
        sources.psfFluxErr.append(rarely(12) ? .nan : rarely(15) ? 0 : Float.random(in: 100...300, using: &random))
        sources.scienceFlux.append(rarely(12) ? .nan : flux + 30000)
        sources.scienceFluxErr.append(rarely(12) ? .nan : Float.random(in: 100...300, using: &random))
    }
}
