import Columns
import Postgres
import Sphere

/// A visit-detector's row in the visit table: what makes a store happen once.
struct VisitDetectorEntry {
    let connection: Connection
    let generation: Generation
    let configurationNumber: Int32
    let visitDetector: VisitDetector
    let sources: Table
    /// Of the content as it was offered, where the rows came from another generation.
    private var digest: [UInt8]?
    /// Whether one that stands there with other rows is left as it is.
    private var keepsStored = false

    init(_ store: Store, _ visitDetector: VisitDetector, _ sources: Table) {
        connection = store.connection
        generation = store.generation
        configurationNumber = store.configurationNumber
        self.visitDetector = visitDetector
        self.sources = sources
    }

    init(_ store: Store, _ request: StoreRequest) {
        self.init(store, request.visitDetector, request.sources)
        (digest, keepsStored) = (request.digest, request.keepsStored)
    }

    /// Enters the visit-detector.
    /// - Returns: false where it stands there already, with the same rows or left as it is.
    func enter(processedMjdTai: Double) throws -> Bool {
        let v = visitDetector
        let digest = self.digest ?? ContentDigest.of(sources, orderedBy: "diaSourceId")
        let centre = v.region.boundingCircle.center.raDec
        let entered = try connection.run(
            """
            INSERT INTO \(generation.table("VisitDetector"))
                ("visit", "detector", "band", "midpointMjdTai", "ra", "dec", "region", "nDiaSources", "processedMjdTai", "digest", "source",
                 "configuration", "diaNoise")
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING
            """,
            [
                .int64(v.visit), .int32(v.detector), v.band.map(Parameter.text) ?? .null, .double(v.midpointMjdTai), .double(centre.ra),
                .double(centre.dec), .text(v.regionText), .int32(Int32(sources.rowCount)), .double(processedMjdTai), .bytes(digest),
                .text(v.source), .int32(configurationNumber), diaNoise.map { .double(Double($0)) } ?? .null,
            ])
        if entered == 1 { return true }
        if keepsStored { return false }
        guard try isStored(digest: digest) else {
            throw CatalogError.inconsistent("visit \(v.visit) detector \(v.detector) is stored and not found: run `skyledger doctor`")
        }
        return false
    }

    /// Noise of the difference image for point sources, nJy: the median error of the sources' PSF fluxes. Nil where there is none.
    var diaNoise: Float? {
        let errors = (sources["psfFluxErr"]?.singles ?? []).filter { $0.isFinite && $0 > 0 }.sorted()
        return errors.isEmpty ? nil : errors[errors.count / 2]
    }

    /// Whether the visit-detector is stored, with the same rows.
    /// - Throws: `CatalogError.storedDifferently`
    func isStored(digest known: [UInt8]? = nil) throws -> Bool {
        let v = visitDetector
        let stored = try connection.query(
            "SELECT \"digest\", \"source\" FROM \(generation.table("VisitDetector")) WHERE \"visit\" = $1 AND \"detector\" = $2",
            [.int64(v.visit), .int32(v.detector)], name: "stored_visit_detector")
        guard let digest = stored["digest"]?.binaries, digest.count == 1 else { return false }
        guard Array(digest.bytes(at: 0)) == known ?? ContentDigest.of(sources, orderedBy: "diaSourceId") else {
            throw CatalogError.storedDifferently(
                visit: v.visit, detector: v.detector, stored: stored["source"]?.strings?[0] ?? "another file", offered: v.source)
        }
        return true
    }

    /// diaSourceId alone is unique, which no index over partitions can hold. The ids of one visit-detector lie close together, so that
    /// mostly their span is empty, which is one look into each partition; only where it is not are they looked up one by one.
    func refuseKnownSources() throws {
        guard let ids = sources["diaSourceId"]?.int64s, let low = ids.min(), let high = ids.max() else { return }
        let table = generation.table("DiaSource")
        let inSpan = try connection.query(
            "SELECT \"diaSourceId\" FROM \(table) WHERE \"diaSourceId\" BETWEEN $1 AND $2 LIMIT 1", [.int64(low), .int64(high)],
            name: "sources_in_span")
        guard inSpan.rowCount > 0 else { return }
        // Rows of the visit-detector itself are those that another loader has stored in the meantime.
        let known = try connection.query(
            """
            SELECT "diaSourceId", "visit", "detector"::integer AS "detector" FROM \(table)
            WHERE "diaSourceId" = ANY ($1) AND NOT ("visit" = $2 AND "detector" = $3) LIMIT 1
            """, [.int64Array(ids), .int64(visitDetector.visit), .int32(visitDetector.detector)], name: "known_sources")
        if let id = known["diaSourceId"]?.int64s?.first {
            throw CatalogError.duplicateSource(
                diaSourceId: id, visit: known["visit"]?.int64s?.first ?? 0, detector: known["detector"]?.int32s?.first ?? 0,
                offered: visitDetector.source)
        }
    }

    /// Writes down what alerts are issued of it.
    func record(_ alerts: IssuedAlerts) throws {
        try connection.query(
            "UPDATE \(generation.table("VisitDetector")) SET \"nAlerts\" = $3, \"alertRoot\" = $4 WHERE \"visit\" = $1 AND \"detector\" = $2",
            [
                .int64(visitDetector.visit), .int32(visitDetector.detector), .int32(Int32(alerts.count)),
                alerts.root.map(Parameter.bytes) ?? .null,
            ], name: "record_alerts")
    }

    /// Writes down what the store did.
    func complete(_ counts: StoreCounts) throws {
        try connection.query(
            """
            UPDATE \(generation.table("VisitDetector"))
            SET "nDiaObjectsNew" = $3, "nDiaObjectsUpdated" = $4, "nDiaForcedSources" = $5, "nUnassociated" = $6, "isLimited" = $7,
                "solarSystem" = $8, "nSSObjects" = $9, "nSSSources" = $10
            WHERE "visit" = $1 AND "detector" = $2
            """,
            [
                .int64(visitDetector.visit), .int32(visitDetector.detector), .int32(Int32(counts.diaObjectsNew)),
                .int32(Int32(counts.diaObjectsUpdated)), .int32(Int32(counts.diaForcedSources)), .int32(Int32(counts.unassociated)),
                .bool(counts.isLimited), .text(counts.solarSystem.rawValue), .int32(Int32(counts.ssObjects)),
                .int32(Int32(counts.ssSources)),
            ], name: "complete_visit_detector")
    }
}
