import Association
import Catalog
import Columns

/// Forced sources that another pipeline measured, from files: the catalog's way to supply forced photometry.
///
/// A row belongs to the object of its diaObjectId where that is on the detector, else to the nearest object within the association radius of
/// its position, since another lineage calls the objects otherwise.
///
/// One loader uses it: it counts what it could not place.
public final class ForcedCatalog: ForcedPhotometry {
    private let rows: Table
    private let groups: [Pointings.Key: [Int]]
    private let dec: String
    private let radiusArcsec: Double
    /// Rows handed out, and rows of visit-detectors asked for that lie on no object.
    public private(set) var placed = 0
    public private(set) var withoutObject = 0

    /// - Throws: `ColumnsError`, `TranslationError`, `IngestError`
    public convenience init(files: [String], generation: Generation, radiusArcsec: Double) throws {
        let dec = generation.layout.roles.forcedDec(generation)
        var all = Table()
        for file in files {
            let part = try ForcedFile.read(file, generation: generation, absent: ["diaObjectId", "timeProcessedMjdTai"])
            try SourceChecks(dec: dec, midpoint: generation.layout.roles.forcedMidpoint, file: file).check(part)
            all = all.appending(part)
        }
        self.init(rows: all, generation: generation, radiusArcsec: radiusArcsec)
    }

    /// The same of rows of the generation's document.
    init(rows: Table, generation: Generation, radiusArcsec: Double) {
        dec = generation.layout.roles.forcedDec(generation)
        self.radiusArcsec = radiusArcsec
        self.rows = rows
        let visit = rows["visit"]?.int64s ?? []
        let detector = rows["detector"]?.numbers ?? []
        groups = Dictionary(grouping: visit.indices) { Pointings.Key(visit: visit[$0], detector: Int32(detector[$0])) }
    }

    /// That of the files of a load; nil where it has none.
    static func configured(_ files: [String], for store: Store) throws -> ForcedCatalog? {
        guard !files.isEmpty else { return nil }
        return try ForcedCatalog(
            files: files, generation: store.generation, radiusArcsec: store.configuration.association.match.radiusArcsec)
    }

    /// Visits and detectors that the files have rows of.
    public var visitDetectors: [(visit: Int64, detector: Int32)] {
        groups.keys.map { ($0.visit, $0.detector) }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    }

    public func measure(_ request: ForcedRequest) throws -> Table {
        let (rows, left) = try rows(of: request)
        placed += rows.rowCount
        withoutObject += left
        return rows
    }

    public func measureTargets(_ request: ForcedRequest) throws -> Table { try rows(of: request).rows }

    /// Rows of a visit-detector that lie on a position of the request, and how many do not.
    private func rows(of request: ForcedRequest) throws -> (rows: Table, left: Int) {
        let visitDetector = request.visitDetector
        guard let members = groups[Pointings.Key(visit: visitDetector.visit, detector: visitDetector.detector)] else { return (Table(), 0) }
        let mine = rows.gather(members)
        let known = Set(request.diaObjectId)
        let named = mine["diaObjectId"]
        var owner = [Int64?](repeating: nil, count: members.count)
        for row in owner.indices {
            if let named, !named.isNull(row), let id = named.int64s?[row], known.contains(id) { owner[row] = id }
        }
        let unnamed = owner.indices.filter { owner[$0] == nil }
        if !unnamed.isEmpty {
            // Forced sources of one object share its position, not its identifier, so that each row is matched by itself.
            let sources = Positions(
                id: unnamed.map(Int64.init), ra: unnamed.map { mine["ra"]?.doubles?[$0] ?? .nan },
                dec: unnamed.map { mine[dec]?.doubles?[$0] ?? .nan })
            let objects = Positions(id: request.diaObjectId, ra: request.ra, dec: request.dec)
            let nearest = Adoption.founders(of: sources, among: objects, radiusArcsec: radiusArcsec)
            for (i, object) in nearest.enumerated() { owner[unnamed[i]] = object.map { request.diaObjectId[$0] } }
        }
        // Two rows of one object in one visit-detector cannot both stand: the one that named it, else the first, is it.
        var taken: Set<Int64> = []
        var kept: [Int] = []
        let isUnnamed = Set(unnamed)
        for row in owner.indices.filter({ !isUnnamed.contains($0) }) + unnamed {
            guard let id = owner[row], taken.insert(id).inserted else { continue }
            kept.append(row)
        }
        kept.sort()
        var out = mine.gather(kept)
        out.set(Column("diaObjectId", .int64(kept.map { owner[$0]! })))
        return (out, owner.count - kept.count)
    }
}
