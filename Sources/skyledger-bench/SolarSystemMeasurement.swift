import Catalog
import Foundation
import Ingest
import Simulation
import SolarSystem
import Sphere

/// What a night's visits wait for: reading the prepared night, and the known objects of one detector.
enum SolarSystemMeasurement {
    /// - Parameter mjdUtc: in a night that `solarsystem prepare` has prepared.
    static func run(instance path: String, mjdUtc: Double) throws {
        let instance = try Instance.open(path)
        let connection = try instance.connect(as: .reader)
        let nights = SolarSystemNight(
            connection: connection, generation: try instance.currentGeneration(on: connection), planets: try PlanetsFile.planets())
        let rubin = try ObservatoryChoice.observatory("X05")
        var night: SolarSystemNight.Night?
        let read = try seconds { night = try nights.night(of: mjdUtc, at: rubin) }
        guard let night else { return }

        // Detectors of 0.22 degrees square within 30 degrees of the ecliptic, where nearly all objects are, over the night.
        var generator = SplitMix(7)
        var times: [Double] = []
        var found = 0
        for _ in 0..<500 {
            let longitude = Double.random(in: 0..<360, using: &generator)
            let latitude = Double.random(in: -30...30, using: &generator)
            let (ra, dec) = Self.equatorial(longitude: longitude, latitude: latitude)
            let moment = try Moment(utc: night.span.midnight + Double.random(in: -0.2...0.2, using: &generator))
            let centre = try UnitVector(ra: ra, dec: dec)
            times.append(
                try seconds { found += try night.index.objects(near: centre, radius: 0.16, at: moment, marginArcsec: 20).count })
        }
        times.sort()
        report(
            "solarsystem",
            [
                "objects": Double(night.objects.count), "readNightSeconds": read, "detectors": Double(times.count),
                "medianMilliseconds": times[times.count / 2] * 1e3, "p99Milliseconds": times[times.count * 99 / 100] * 1e3,
                "worstMilliseconds": times[times.count - 1] * 1e3, "objectsPerDetector": Double(found) / Double(times.count),
            ])
    }

    /// ICRS degrees of ecliptic ones, to the arcsecond that a random pointing needs.
    private static func equatorial(longitude: Double, latitude: Double) -> (ra: Double, dec: Double) {
        let (l, b, e) = (longitude * .pi / 180, latitude * .pi / 180, 23.4392911 * .pi / 180)
        let (x, y, z) = (cos(b) * cos(l), cos(b) * sin(l) * cos(e) - sin(b) * sin(e), cos(b) * sin(l) * sin(e) + sin(b) * cos(e))
        let ra = atan2(y, x) * 180 / .pi
        return (ra < 0 ? ra + 360 : ra, asin(z) * 180 / .pi)
    }
}
