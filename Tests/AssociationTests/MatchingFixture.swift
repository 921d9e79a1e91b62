import TestSupport
import Foundation
import Sphere

@testable import Association

/// Crowded made-up fields, and the costs of their pairs by another way than the program's.
struct MatchingFixture {
    var id: [Int64]
    var ra: [Double]
    var dec: [Double]
    var errors: PositionErrors?

    var positions: Positions { Positions(id: id, ra: ra, dec: dec, errors: errors) }
    var count: Int { id.count }

    /// Positions in a square of the sky around a place, degrees, near poles too.
    static func crowd(
        _ count: Int, ra: Double, dec: Double, spreadArcsec: Double, firstId: Int64, using generator: inout SeededGenerator
    ) -> MatchingFixture {
        let centre = UnitVector(uncheckedDegrees: ra, dec)
        let (east, north) = frame(ra: ra, dec: dec)
        var out = MatchingFixture(id: [], ra: [], dec: [], errors: nil)
        for i in 0..<count {
            let e = Double.random(in: -1...1, using: &generator) * spreadArcsec / Angle.arcsecPerRadian
            let n = Double.random(in: -1...1, using: &generator) * spreadArcsec / Angle.arcsecPerRadian
            let x = centre.x + e * east.x + n * north.x
            let y = centre.y + e * east.y + n * north.y
            let z = centre.z + e * east.z + n * north.z
            let place = UnitVector(x: x, y: y, z: z).raDec
            out.id.append(firstId + Int64(i))
            out.ra.append(place.ra)
            out.dec.append(place.dec)
        }
        return out
    }

    /// With random errors of 0.05 to 0.5 arcseconds; some missing, zero, negative or more than fully correlated.
    func withErrors(using generator: inout SeededGenerator) -> MatchingFixture {
        func error() -> Float {
            if Int.random(in: 0..<8, using: &generator) == 0 { return [Float.nan, 0, -1].randomElement(using: &generator)! }
            return Float.random(in: 0.05...0.5, using: &generator) / 3600
        }
        var out = self
        let ra = (0..<count).map { _ in error() }
        let dec = (0..<count).map { _ in error() }
        let cov = (0..<count).map { i in
            Int.random(in: 0..<8, using: &generator) == 0 ? Float.nan : Float.random(in: -1.2...1.2, using: &generator) * ra[i] * dec[i]
        }
        out.errors = PositionErrors(raErr: ra, decErr: dec, raDecCov: cov)
        return out
    }

    func reordered(_ order: [Int]) -> MatchingFixture {
        MatchingFixture(
            id: order.map { id[$0] }, ra: order.map { ra[$0] }, dec: order.map { dec[$0] },
            errors: errors.map { e in
                PositionErrors(
                    raErr: order.map { e.raErr[$0] }, decErr: order.map { e.decErr[$0] }, raDecCov: order.map { e.raDecCov[$0] })
            })
    }

    /// East and north of a place, from its angles.
    static func frame(ra: Double, dec: Double) -> (east: UnitVector, north: UnitVector) {
        let (a, d) = (ra * .pi / 180, dec * .pi / 180)
        return (UnitVector(x: -sin(a), y: cos(a), z: 0), UnitVector(x: -sin(d) * cos(a), y: -sin(d) * sin(a), z: cos(d)))
    }

    /// The cost of a pair in nats by the formulas of `MatchModel`: covariances as tensors of space, looked at from the source.
    static func cost(_ sources: MatchingFixture, _ i: Int, _ objects: MatchingFixture, _ j: Int, _ model: MatchModel) -> Double {
        let (east, north) = frame(ra: sources.ra[i], dec: sources.dec[i])
        let (from, to) = (sources.place(i), objects.place(j))
        let offset = UnitVector(x: to.x - from.x, y: to.y - from.y, z: to.z - from.z)
        let (e, n) = (offset.dot(east) * Angle.arcsecPerRadian, offset.dot(north) * Angle.arcsecPerRadian)
        var (ee, en, nn) = (0.0, 0.0, 0.0)
        for (side, k) in [(sources, i), (objects, j)] {
            let c = side.covariance(k, model)
            let own = frame(ra: side.ra[k], dec: side.dec[k])
            // The frame's vectors, seen in the source's tangent plane.
            let (e1, e2) = (own.east.dot(east), own.north.dot(east))
            let (n1, n2) = (own.east.dot(north), own.north.dot(north))
            ee += e1 * e1 * c.ee + 2 * e1 * e2 * c.en + e2 * e2 * c.nn
            en += e1 * n1 * c.ee + (e1 * n2 + e2 * n1) * c.en + e2 * n2 * c.nn
            nn += n1 * n1 * c.ee + 2 * n1 * n2 * c.en + n2 * n2 * c.nn
        }
        ee = max(ee, model.errorFloorArcsec * model.errorFloorArcsec)
        nn = max(nn, model.errorFloorArcsec * model.errorFloorArcsec)
        func gaussian(_ more: Double) -> Double {
            let (a, b) = (ee + more, nn + more)
            let rho2 = en * en / (a * b)
            let z = e * e / a - 2 * en * e * n / (a * b) + n * n / b
            return exp(-z / (2 * (1 - rho2))) / (2 * .pi * (a * b * (1 - rho2)).squareRoot())
        }
        let f = model.tailFraction
        return -log((1 - f) * gaussian(0) + f * gaussian(model.radiusArcsec * model.radiusArcsec / 4))
    }

    func place(_ i: Int) -> UnitVector { UnitVector(uncheckedDegrees: ra[i], dec[i]) }

    private func covariance(_ i: Int, _ model: MatchModel) -> (ee: Double, en: Double, nn: Double) {
        guard let errors else { return (model.errorFallbackArcsec * model.errorFallbackArcsec, 0, pow(model.errorFallbackArcsec, 2)) }
        let (raErr, decErr) = (Double(errors.raErr[i]) * 3600, Double(errors.decErr[i]) * 3600)
        let (hasRa, hasDec) = (raErr > 0, decErr > 0)
        let (ra, dec) = (hasRa ? raErr : model.errorFallbackArcsec, hasDec ? decErr : model.errorFallbackArcsec)
        var cov = Double(errors.raDecCov[i]) * 3600 * 3600
        if !hasRa || !hasDec || cov.isNaN { cov = 0 }
        return (ra * ra, max(-0.99 * ra * dec, min(0.99 * ra * dec, cov)), dec * dec)
    }
}

extension UnitVector {
    fileprivate init(uncheckedDegrees ra: Double, _ dec: Double) {
        let (a, d) = (ra * .pi / 180, dec * .pi / 180)
        self.init(x: cos(d) * cos(a), y: cos(d) * sin(a), z: sin(d))
    }
}
