import Association
import Catalog
import Columns
import SolarSystem
import Sphere

/// An object of the solar system where it is seen at a moment.
public struct KnownObject: Sendable {
    public var ssObjectId: Int64
    public var designation: String
    /// Absolute magnitude and slope; NaN where unknown.
    public var h: Double
    public var g: Double
    /// One sigma of the prediction, arcseconds.
    public var errorArcsec: Double
    public var prediction: Prediction

    public init(ssObjectId: Int64, designation: String, h: Double, g: Double, errorArcsec: Double, prediction: Prediction) {
        self.ssObjectId = ssObjectId
        self.designation = designation
        self.h = h
        self.g = g
        self.errorArcsec = errorArcsec
        self.prediction = prediction
    }
}

/// Where the known objects are.
public protocol KnownObjects {
    /// Those in a region widened by a margin, or why nobody can say.
    ///
    /// - Parameters:
    ///   - mjdTai: middle of the exposure.
    ///   - marginArcsec: how far beside the region a prediction may lie.
    func objects(in region: Region, mjdTai: Double, marginArcsec: Double) throws -> Result<[KnownObject], MissingEphemeris>
}

/// Why no object could be predicted.
public struct MissingEphemeris: Error, Sendable, Equatable {
    public var status: SolarSystemResult.Status
    /// One sentence for people.
    public var reason: String

    public init(_ status: SolarSystemResult.Status, _ reason: String) {
        self.status = status
        self.reason = reason
    }
}

/// Finds the known objects among a visit-detector's sources, before association.
public struct SolarSystemSearch {
    let objects: any KnownObjects
    let rules: SolarSystemRules
    let dec: String

    public init(_ objects: any KnownObjects, rules: SolarSystemRules, dec: String) {
        self.objects = objects
        self.rules = rules
        self.dec = dec
    }

    /// - Parameters:
    ///   - isFree: for each row whether it may be matched; nil for all. Rows that the file itself gives to an SSObject never are.
    /// - Throws: what makes predictions throws, but for missing ephemerides, which are a status.
    public func result(_ visitDetector: VisitDetector, _ sources: Table, isFree: [Bool]? = nil) throws -> SolarSystemResult {
        let found: [KnownObject]
        switch try objects.objects(
            in: visitDetector.region, mjdTai: visitDetector.midpointMjdTai, marginArcsec: rules.maximumRadiusArcsec)
        {
        case .failure(let missing): return SolarSystemResult(status: missing.status, reason: missing.reason)
        case .success(let known): found = known.sorted { $0.ssObjectId < $1.ssObjectId }
        }
        var result = SolarSystemResult(status: .matched)
        let inside = visitDetector.region.contains(ra: found.map(\.prediction.ra), dec: found.map(\.prediction.dec))
        result.predictedCount = inside.count { $0 }
        (result.predictedRa, result.predictedDec) = (found.map(\.prediction.ra), found.map(\.prediction.dec))
        guard !found.isEmpty, sources.rowCount > 0 else { return result }

        let given = sources["ssObjectId"]
        let rows = (0..<sources.rowCount).filter { (isFree?[$0] ?? true) && (given?.isNull($0) ?? true) }
        let taken = Set((0..<sources.rowCount).compactMap { row in given.flatMap { $0.isNull(row) ? nil : $0.int64s?[row] } })
        let open = found.filter { !taken.contains($0.ssObjectId) }
        let positions = Positions(sources, dec: dec)
        let predictions = PredictedObjects(
            id: open.map(\.ssObjectId), ra: open.map(\.prediction.ra), dec: open.map(\.prediction.dec),
            errorArcsec: open.map(\.errorArcsec))
        let matched = SolarSystemMatch.match(sources: positions.gather(rows), predictions: predictions, rules: rules)
        var partners = [Int?](repeating: nil, count: sources.rowCount)
        for (row, partner) in zip(rows, matched) { partners[row] = partner }
        result.ssObjectId = partners.map { $0.map { open[$0].ssObjectId } }
        let ranks = SolarSystemMatch.distanceRanks(partners, sources: positions, predictions: predictions)
        let pairs = partners.indices.compactMap { row in partners[row].map { (row: row, object: open[$0], rank: ranks[row]!) } }
        result.ssSources = ssSources(pairs, sources)
        return result
    }

    private func ssSources(_ pairs: [(row: Int, object: KnownObject, rank: Int)], _ sources: Table) -> Table {
        let (id, ra, declination) = (sources["diaSourceId"]?.int64s ?? [], sources["ra"]?.doubles ?? [], sources[dec]?.doubles ?? [])
        return SSSourceRows.table(
            pairs.map { row, object, rank in
                MatchedSource(
                    diaSourceId: id[row], ssObjectId: object.ssObjectId, designation: object.designation, ra: ra[row],
                    dec: declination[row], prediction: object.prediction, h: object.h.isFinite ? object.h : nil,
                    g: object.g.isFinite ? object.g : nil, distanceRank: rank)
            })
    }
}
