import Foundation

/// A position with its errors, as the search for pairs carries it: 40 bytes, so that a candidate takes one or two lines of cache.
struct PositionSample {
    var x: Double
    var y: Double
    var z: Double
    var row: Int32
    /// Degrees, degrees and degrees squared, as in `PositionErrors`; NaN where unknown.
    var raErr: Float
    var decErr: Float
    var raDecCov: Float
}

/// What it costs to call a source and an object the same.
///
/// Searching and pruning compare the merit of pairs, which grows as the cost falls and spares a logarithm a pair: the probability density
/// of the residual in arcsec^-2, or where no row has errors the negative angle in arcseconds.
struct PairCost {
    let usesErrors: Bool
    let tailFraction: Double
    let tailVariance: Double
    let floorVariance: Double
    let fallbackVariance: Double
    /// Pairs of no more merit than this are no better than no match.
    let noMatchMerit: Double

    /// - Parameter usesErrors: whether any row of either side has errors; without, the cost is the angle.
    init(_ model: MatchModel, usesErrors: Bool) {
        precondition(model.isValid, "a value of the match model is out of range: \(model)")
        self.usesErrors = usesErrors
        tailFraction = model.tailFraction
        tailVariance = model.radiusArcsec * model.radiusArcsec / 4
        floorVariance = model.errorFloorArcsec * model.errorFloorArcsec
        fallbackVariance = model.errorFallbackArcsec * model.errorFallbackArcsec
        noMatchMerit = usesErrors ? model.newSourceDensity : -1.01 * model.radiusArcsec
    }

    /// Whether some row of either side has an error: where none has, costs are angles.
    static func usesErrors(sources: Positions, objects: Positions) -> Bool {
        sources.errors?.knowsAny == true || objects.errors?.knowsAny == true
    }

    func cost(source: PositionSample, object: PositionSample) -> Double {
        let (dx, dy, dz) = (object.x - source.x, object.y - source.y, object.z - source.z)
        return cost(merit: merit(source: source, object: object, chordSquared: dx * dx + dy * dy + dz * dz))
    }

    /// Nats with errors, arcseconds without.
    func cost(merit: Double) -> Double { usesErrors ? -log(merit) : -merit }

    @inline(__always)
    func merit(source: PositionSample, object: PositionSample, chordSquared: Double) -> Double {
        usesErrors ? density(source: source, object: object) : -Angle.arcsec(chordSquared: chordSquared)
    }

    /// Density of the object's offset from the source: a Gaussian of the summed covariance, and a share of a wider one.
    @inline(__always)
    private func density(source: PositionSample, object: PositionSample) -> Double {
        // The source's local frame: east (-b, a, 0), north (-z a, -z b, rho), where (a, b) points to its right ascension.
        let rho = (source.x * source.x + source.y * source.y).squareRoot()
        let (a, b) = rho > 0 ? (source.x / rho, source.y / rho) : (1, 0)
        let (dx, dy, dz) = (object.x - source.x, object.y - source.y, object.z - source.z)
        let east = (a * dy - b * dx) * Angle.arcsecPerRadian
        let north = (rho * dz - source.z * (a * dx + b * dy)) * Angle.arcsecPerRadian

        var sum = covariance(source)
        let other = covariance(object)
        // The object's frame is turned against the source's by an angle of tangent sine / cosine.
        let isAtPole = object.x == 0 && object.y == 0
        let (ox, oy) = isAtPole ? (1, 0) : (object.x, object.y)
        let cosine = a * ox + b * oy
        let sine = source.z * (a * oy - b * ox)
        if abs(sine) < 1e-9 * cosine || (other.ee == other.nn && other.en == 0) {
            sum.ee += other.ee
            sum.en += other.en
            sum.nn += other.nn
        } else {
            let norm = 1 / (cosine * cosine + sine * sine)
            let (cc, sc, ss) = (cosine * cosine * norm, sine * cosine * norm, sine * sine * norm)
            sum.ee += cc * other.ee - 2 * sc * other.en + ss * other.nn
            sum.en += sc * (other.ee - other.nn) + (cc - ss) * other.en
            sum.nn += ss * other.ee + 2 * sc * other.en + cc * other.nn
        }
        sum.ee = max(sum.ee, floorVariance)
        sum.nn = max(sum.nn, floorVariance)
        var density = (1 - tailFraction) * sum.gaussian(east: east, north: north)
        if tailFraction > 0 {
            sum.ee += tailVariance
            sum.nn += tailVariance
            density += tailFraction * sum.gaussian(east: east, north: north)
        }
        return density
    }

    /// A side's covariance in its own frame. Its correlation is at most 0.99, so that the sum of two is positive definite.
    @inline(__always)
    private func covariance(_ sample: PositionSample) -> Covariance {
        let hasRa = PositionErrors.isUsable(sample.raErr)
        let hasDec = PositionErrors.isUsable(sample.decErr)
        let ra = Double(sample.raErr) * 3600
        let dec = Double(sample.decErr) * 3600
        var out = Covariance(ee: hasRa ? ra * ra : fallbackVariance, en: 0, nn: hasDec ? dec * dec : fallbackVariance)
        if hasRa, hasDec, sample.raDecCov.isFinite {
            out.en = Double(sample.raDecCov) * (3600 * 3600)
            let product = out.ee * out.nn
            if out.en * out.en > 0.99 * 0.99 * product { out.en = (out.en < 0 ? -0.99 : 0.99) * product.squareRoot() }
        }
        return out
    }

    /// A symmetric matrix over (east, north), arcsec^2.
    struct Covariance {
        var ee: Double
        var en: Double
        var nn: Double

        @inline(__always)
        func gaussian(east: Double, north: Double) -> Double {
            let determinant = ee * nn - en * en
            let square = (nn * east * east - 2 * en * east * north + ee * north * north) / determinant
            return exp(-0.5 * square) / (2 * Double.pi * determinant.squareRoot())
        }
    }
}

/// Angles and chords of the unit sphere.
enum Angle {
    static let arcsecPerRadian = 3600 * 180 / Double.pi

    /// The angle under a chord of less than 1e-3, by the series of 2 asin(c / 2); longer chords by the function itself.
    @inline(__always)
    static func arcsec(chordSquared: Double) -> Double {
        let chord = chordSquared.squareRoot()
        if chordSquared < 1e-6 { return chord * (1 + chordSquared / 24) * arcsecPerRadian }
        return 2 * asin(min(1, chord / 2)) * arcsecPerRadian
    }
}
