import Foundation

/// Predicted places of objects of the solar system at one time, as parallel columns of unit vectors.
public struct PredictedObjects: Sendable {
    /// ssObjectId; they decide ties, so that the order of rows never matters.
    public var id: [Int64]
    public var x: [Double]
    public var y: [Double]
    public var z: [Double]
    /// One standard deviation of the predicted place, the same in all directions, arcseconds (`PredictionError`).
    public var errorArcsec: [Double]

    public init(id: [Int64], x: [Double], y: [Double], z: [Double], errorArcsec: [Double]) {
        precondition(id.count == x.count && x.count == y.count && y.count == z.count && z.count == errorArcsec.count)
        self.id = id
        self.x = x
        self.y = y
        self.z = z
        self.errorArcsec = errorArcsec
    }

    /// From ICRS degrees.
    public init(id: [Int64], ra: [Double], dec: [Double], errorArcsec: [Double]) {
        let places = Positions(id: id, ra: ra, dec: dec)
        self.init(id: id, x: places.x, y: places.y, z: places.z, errorArcsec: errorArcsec)
    }

    public var count: Int { id.count }
}

/// Which sources of a visit-detector are known objects of the solar system: one to one, the most likely pairing of all.
///
/// A pair may match within the radius that the prediction's error gives (`SolarSystemRules.radius`). What it gains is the logarithm of the
/// probability density of its offset over the density at its radius; the density is a Gaussian of both errors, and for a small share one
/// that is half a radius wider. So every pair within its radius gains something, an accurate prediction gains more than a vague one, and
/// staying alone gains nothing. The pairing with the largest total is taken, in each connected component by itself.
///
///     let rows = SolarSystemMatch.match(sources: sources, predictions: predictions, rules: SolarSystemRules())
public enum SolarSystemMatch {
    /// - Parameters:
    ///   - sources: positions with errors, of which the mean of both directions counts.
    ///   - predictions: where the objects are at the sources' time.
    /// - Returns: for each source the row of its prediction, nil where it has none. Identifiers decide between equal totals. Rows whose
    ///   position is not finite match nothing.
    ///
    /// Traps where a rule is out of its range (`SolarSystemRules.isValid`).
    /// - Complexity: O(n + m + pairs within the largest radius) where partners are clear; see `SparseAssignment` for the rest.
    public static func match(sources: Positions, predictions: PredictedObjects, rules: SolarSystemRules) -> [Int?] {
        precondition(rules.isValid, "a rule of the solar system's matching is out of range: \(rules)")
        var partners = [Int?](repeating: nil, count: sources.count)
        let pairs = candidates(sources, predictions, rules)
        if pairs.isEmpty { return partners }
        let rows = IdentifierOrder(pairs.lazy.map(\.source), ids: sources.id)
        let columns = IdentifierOrder(pairs.lazy.map(\.object), ids: predictions.id)
        // By column, then by row, so that the entries of a row ascend.
        let byColumn = columns.sorted(Array(0..<Int32(pairs.count))) { pairs[Int($0)].object }.values
        let sorted = rows.sorted(byColumn) { pairs[Int($0)].source }
        let problem = SparseAssignment(
            starts: sorted.starts,
            entries: sorted.values.map {
                let pair = pairs[Int($0)]
                return SparseAssignment.Entry(cost: -pair.merit, column: columns.rank[Int(pair.object)])
            },
            columnCount: columns.rows.count, aloneCost: 0)
        for (row, column) in problem.solve().enumerated() where column >= 0 {
            partners[Int(rows.rows[row])] = Int(columns.rows[Int(column)])
        }
        return partners
    }

    /// What a pair gains over staying alone, in nats, 0 or more; nil beyond the radius.
    ///
    /// - Parameters:
    ///   - separationArcsec: between the source and the predicted place.
    ///   - sourceErrorArcsec: one standard deviation in each direction; NaN, zero and below where unknown.
    ///   - predictionErrorArcsec: the same for the prediction.
    public static func gain(
        separationArcsec: Double, sourceErrorArcsec: Double, predictionErrorArcsec: Double, rules: SolarSystemRules
    ) -> Double? {
        let radius = rules.radius(errorArcsec: predictionErrorArcsec)
        // The room of unit vectors' rounding, as in `SearchRadius`.
        guard separationArcsec <= radius * (1 + 1e-10) + 1e-9 else { return nil }
        let source = sourceErrorArcsec > 0 && sourceErrorArcsec.isFinite ? sourceErrorArcsec : rules.sourceErrorArcsec
        // An error beyond the largest radius says no more than one of its size.
        let error = min(predictionErrorArcsec.isFinite ? max(0, predictionErrorArcsec) : .infinity, rules.maximumRadiusArcsec)
        let core = max(source * source + error * error, rules.errorFloorArcsec * rules.errorFloorArcsec)
        let wide = core + radius * radius / 4
        // Logarithms, so that a radius of many standard deviations does not underflow.
        func logDensity(_ square: Double) -> Double {
            let narrow = log(1 - rules.tailFraction) - square / (2 * core) - log(core)
            let tail = log(rules.tailFraction) - square / (2 * wide) - log(wide)
            let larger = max(narrow, tail)
            return larger + log(exp(narrow - larger) + exp(tail - larger))
        }
        return max(0, logDensity(separationArcsec * separationArcsec) - logDensity(radius * radius))
    }

    /// The place of each matched source among all sources by their distance from its prediction: 1 is the nearest, ties go by identifier.
    ///
    /// - Parameter partners: what `match` gave.
    /// - Complexity: O(matched sources × sources)
    public static func distanceRanks(_ partners: [Int?], sources: Positions, predictions: PredictedObjects) -> [Int?] {
        precondition(partners.count == sources.count, "partners and sources differ in length")
        return partners.enumerated().map { own, partner in
            guard let partner else { return nil }
            let (x, y, z) = (predictions.x[partner], predictions.y[partner], predictions.z[partner])
            func chordSquared(_ row: Int) -> Double {
                let (dx, dy, dz) = (sources.x[row] - x, sources.y[row] - y, sources.z[row] - z)
                return dx * dx + dy * dy + dz * dz
            }
            let key = (chordSquared(own), sources.id[own])
            return 1 + (0..<sources.count).count { (chordSquared($0), sources.id[$0]) < key }
        }
    }

    /// All pairs within their radius; `merit` is their gain.
    private static func candidates(_ sources: Positions, _ predictions: PredictedObjects, _ rules: SolarSystemRules) -> [CandidatePair] {
        let largest = predictions.errorArcsec.map(rules.radius(errorArcsec:)).max() ?? 0
        guard largest > 0, sources.count > 0 else { return [] }
        let places = Positions(id: predictions.id, x: predictions.x, y: predictions.y, z: predictions.z)
        var pairs: [CandidatePair] = []
        func add(_ source: PositionSample, _ object: PositionSample, _ chordSquared: Double) {
            // A pair exactly at its radius gains nothing, and is taken still.
            let gained = Self.gain(
                separationArcsec: Angle.arcsec(chordSquared: chordSquared), sourceErrorArcsec: error(of: source),
                predictionErrorArcsec: predictions.errorArcsec[Int(object.row)], rules: rules)
            guard let gained else { return }
            pairs.append(
                CandidatePair(source: source.row, object: object.row, merit: max(gained, smallestGain), chordSquared: chordSquared))
        }
        CellIndex(sources, radius: SearchRadius(arcsec: largest), otherCount: places.count).forEachPair(with: places) { add($0, $1, $2) }
        return pairs
    }

    /// Better than nothing, by less than any difference that means something.
    private static let smallestGain = 1e-9

    /// The mean of both directions, arcseconds; NaN where either is unknown.
    private static func error(of source: PositionSample) -> Double {
        guard PositionErrors.isUsable(source.raErr), PositionErrors.isUsable(source.decErr) else { return .nan }
        let (ra, dec) = (Double(source.raErr) * 3600, Double(source.decErr) * 3600)
        return ((ra * ra + dec * dec) / 2).squareRoot()
    }
}
