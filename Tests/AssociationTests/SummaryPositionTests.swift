import Foundation
import Sphere
import Testing

@testable import Association

@Suite("Mean positions and their errors") struct SummaryPositionTests {
    static func mean(_ places: [(ra: Double, dec: Double)], east: Float, north: Float, covariance: Float) -> MeanPosition.Result {
        var mean = MeanPosition()
        for place in places {
            let (x, y, z) = UnitVector.columns(ra: [place.ra], dec: [place.dec])
            mean.append(UnitVector(x: x[0], y: y[0], z: z[0]), raErr: east, decErr: north, raDecCov: covariance)
        }
        return mean.result
    }

    @Test("the mean of two places over RA 0 lies between them")
    func overZero() {
        let result = Self.mean([(359.9999, 10), (0.0003, 10)], east: 1, north: 1, covariance: 0)
        #expect(abs(result.ra - 0.0001) < 1e-12)
    }

    @Test("places around a pole have the pole as mean", arguments: [90.0, -90])
    func aroundPole(pole: Double) {
        let dec = pole * (1 - 1e-5)
        let result = Self.mean([(10, dec), (100, dec), (190, dec), (280, dec)], east: 1, north: 1, covariance: 0)
        #expect(abs(result.dec - pole) < 1e-12)
    }

    @Test("errors that are the same in all directions stay so, over the square root of the number of places, at a pole too")
    func roundErrors() {
        let result = Self.mean([(10, 89.9999), (95, 89.9998), (200, 89.9999)], east: 3e-5, north: 3e-5, covariance: 0)
        let expected = Double(Float(3e-5)) / 3.0.squareRoot()
        #expect(abs(result.raErr / expected - 1) < 1e-12)
        #expect(abs(result.decErr / expected - 1) < 1e-12)
        #expect(abs(result.raDecCov) < 1e-22)
    }

    @Test("beside a pole an error of declination at a right angle to the mean's meridian becomes one of right ascension")
    func turned() {
        // The mean of three places lies on RA 0, in the first; at the other two, RA 90 and 270, north is east or west there.
        let tiny = 1e-4
        let result = Self.mean([(90, 90 - tiny), (270, 90 - tiny), (0, 90 - tiny)], east: 0, north: 1e-5, covariance: 0)
        let variance = Double(Float(1e-5)) * Double(Float(1e-5)) / 9
        #expect(abs(result.raErr * result.raErr / (2 * variance) - 1) < 1e-6)
        #expect(abs(result.decErr * result.decErr / variance - 1) < 1e-6)
    }

    @Test("the covariance of nearby places is the sum of theirs over the square of the number")
    func covariance() {
        let result = Self.mean([(120, -45), (120, -45)], east: 2e-5, north: 1e-5, covariance: 1e-10)
        #expect(abs(result.raDecCov / (Double(Float(1e-10)) / 2) - 1) < 1e-12)
        #expect(abs(result.raErr / (Double(Float(2e-5)) / 2.0.squareRoot()) - 1) < 1e-12)
    }

    @Test("one place without errors leaves the mean without errors")
    func missingError() {
        var mean = MeanPosition()
        mean.append(UnitVector(x: 1, y: 0, z: 0), raErr: 1e-5, decErr: 1e-5, raDecCov: 0)
        mean.append(UnitVector(x: 1, y: 0, z: 0), raErr: 1e-5, decErr: .nan, raDecCov: 0)
        let result = mean.result
        #expect(result.ra == 0 && result.raErr.isNaN && result.decErr.isNaN && result.raDecCov.isNaN)
    }

    @Test("places that cancel have no mean")
    func cancelling() {
        #expect(Self.mean([(0, 0), (180, 0)], east: 1, north: 1, covariance: 0).ra.isNaN)
    }
}
