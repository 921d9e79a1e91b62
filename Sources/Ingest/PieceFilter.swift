import Catalog
import Columns
import Postgres
import Sphere

/// Which visit-detectors of an input a release loads that replaces a piece. The others are in its generation already, taken over, or follow from
/// the nights.
struct PieceFilter: Sendable {
    private let piece: ReleasePiece
    private let cutoffMjdTai: Double
    /// What the release's generation has, and whether it made that itself.
    private let isOwn: [Pointings.Key: Bool]
    /// Centres as the nights had them: a reprocessing may move one across the region's edge.
    private let centres: [Pointings.Key: UnitVector]

    /// - Returns: nil where the release replaces everything.
    init?(_ release: ReleaseRecord, instance: Instance, on connection: Connection) throws {
        guard let piece = release.piece else { return nil }
        (self.piece, cutoffMjdTai) = (piece, release.cutoffMjdTai)
        let new = try instance.generation(release.generation, on: connection)
        let old = try instance.generation(release.fromGeneration, on: connection)
        let rows = try connection.query(
            "SELECT \"visit\", \"detector\", \"generation\" = \(new.id) AS \"isOwn\" FROM \(new.table("VisitDetector"))")
        isOwn = Dictionary(
            uniqueKeysWithValues: zip(Self.keys(rows), rows["isOwn"]?.bools ?? []))
        let known = try connection.query(
            """
            SELECT a."visit", a."detector", a."ra", a."dec" FROM \(old.table("VisitDetector")) AS a
            WHERE a."ra" IS NOT NULL AND a."dec" IS NOT NULL AND NOT EXISTS (
                SELECT FROM \(new.table("VisitDetector")) AS b WHERE b."visit" = a."visit" AND b."detector" = a."detector")
            """)
        let (ra, dec) = (known["ra"]?.doubles ?? [], known["dec"]?.doubles ?? [])
        centres = try Dictionary(
            uniqueKeysWithValues: Self.keys(known).enumerated().map { row, key in (key, try UnitVector(ra: ra[row], dec: dec[row])) })
    }

    private static func keys(_ rows: Table) -> [Pointings.Key] {
        zip(rows["visit"]?.int64s ?? [], rows["detector"]?.int32s ?? []).map { Pointings.Key(visit: $0, detector: $1) }
    }

    func contains(_ entry: VisitDetector) -> Bool {
        let key = Pointings.Key(visit: entry.visit, detector: entry.detector)
        if let isOwn = isOwn[key] { return isOwn }
        return piece.contains(
            centre: centres[key] ?? entry.region.boundingCircle.center, midpointMjdTai: entry.midpointMjdTai, cutoffMjdTai: cutoffMjdTai)
    }

    /// The works without what does not belong to the piece.
    /// - Returns: them, and how many visit-detectors were left out.
    func apply(to works: [LoadWork]) -> (works: [LoadWork], outside: Int) {
        var outside = 0
        let chosen = works.compactMap { work -> LoadWork? in
            let inside = work.visitDetectors.filter(contains)
            outside += work.visitDetectors.count - inside.count
            guard !inside.isEmpty else { return nil }
            guard inside.count < work.visitDetectors.count else { return work }
            let names = Set(inside.map { Pointings.Key(visit: $0.visit, detector: $0.detector) })
            return LoadWork(visitDetectors: inside) { reader in
                try work.prepare(reader).filter {
                    names.contains(Pointings.Key(visit: $0.visitDetector.visit, detector: $0.visitDetector.detector))
                }
            }
        }
        return (chosen, outside)
    }
}
