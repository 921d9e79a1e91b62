import Association
import Columns
import Postgres
import Sphere

/// The objects that a stored visit-detector's image is still to be measured at: what the image side asks for when it measures after the
/// store rather than in it.
///
///     let due = try ForcedTargets(connection: connection, generation: generation, pixelization: pixelization, rules: rules)
///         .targets(visit: 100_000)
///
/// The rules are those in force when it is asked, so that a visit can be measured anew under a wider rule.
public struct ForcedTargets {
    let connection: Connection
    let generation: Generation
    let pixelization: any Pixelization
    let configuration: Configuration

    /// - Parameters:
    ///   - connection: as the role `reader`.
    ///   - configuration: nil for the one in force.
    public init(
        connection: Connection, generation: Generation, pixelization: any Pixelization, configuration: Configuration? = nil
    ) throws {
        self.connection = connection
        self.generation = generation
        self.pixelization = pixelization
        self.configuration = try configuration ?? ConfigurationRecord.current(on: connection).configuration
    }

    /// The objects due at a visit's detectors that have no DiaForcedSource there, each as it was when the visit-detector was processed.
    ///
    /// An object is due that was associated in the visit-detector, or lies in its region and was seen within the rule's days; and that has
    /// the rule's good sources. It is what `ForcedRequest.isWanted` said in the store.
    ///
    /// - Parameter detector: nil for all that are stored.
    /// - Returns: a row for each in the columns of `columnNames`, ordered by detector and diaObjectId.
    /// - Throws: `CatalogError.badRequest` where the visit-detector is not stored.
    public func targets(visit: Int64, detector: Int32? = nil) throws -> Table {
        try connection.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") {
            let stored = try StoredVisitDetector.read(
                where: "\"visit\" = $1 AND \"detector\" = coalesce($2, \"detector\")",
                [.int64(visit), detector.map(Parameter.int32) ?? .null], of: generation, on: connection)
            guard !stored.isEmpty else {
                let which = detector.map { " detector \($0)" } ?? ""
                throw CatalogError.badRequest("visit \(visit)\(which) is not stored: load its DiaSources first")
            }
            var rows = Rows()
            for entry in stored { try addDue(of: entry, to: &rows) }
            return rows.table
        }
    }

    /// The names of the columns of what is returned.
    public static let columnNames = ["diaObjectId", "ra", "dec", "visit", "detector", "band", "midpointMjdTai", "isPrecovery"]

    private func addDue(of entry: StoredVisitDetector, to rows: inout Rows) throws {
        let candidates = try candidates(of: entry)
        let id = candidates["diaObjectId"]?.int64s ?? []
        let (ra, dec) = (candidates["ra"]?.numbers ?? [], candidates["dec"]?.numbers ?? [])
        let (good, last) = (candidates["good"]?.numbers ?? [], candidates["last"]?.numbers ?? [])
        let first = candidates["first"]?.numbers ?? []
        let associated = candidates["isAssociated"]?.bools ?? []
        let inside = entry.region.contains(ra: ra, dec: dec)
        let rules = configuration.forced
        for row in id.indices {
            let isSeen = associated[row] || (inside[row] && last[row] >= entry.midpointMjdTai - rules.seenWithinDays)
            guard isSeen, rules.rule == .seenRecently || good[row] >= Double(rules.minimumSources) else { continue }
            rows.add(id[row], ra[row], dec[row], entry, isPrecovery: entry.midpointMjdTai < first[row])
        }
    }

    /// Objects of today whose place lies near the region, and those that have a source in the visit-detector, in the version that was valid
    /// when it was processed; without those that have a forced source there.
    ///
    /// A version may have been stamped later than the time of processing by as much as the clock had not moved on (`VersionWriter.close`);
    /// an object that has a source in the visit-detector then counts with its first version after.
    private func candidates(of entry: StoredVisitDetector) throws -> Table {
        let roles = generation.layout.roles
        let margin = max(configuration.association.driftArcsec, 5) / 3600 * .pi / 180
        let near = try PixelScan(entry.region.padded(by: margin), pixelization, maxRanges: 64)
            .rows(of: generation.table("DiaObjectLast"), as: "o")
        let (start, end) = (quoted(roles.validityStart), quoted(roles.validityEnd))
        let known = generation.document[table: "DiaObject"]!
        func time(_ name: String) -> String { known[column: name] == nil ? "'NaN'::double precision" : "o.\(quoted(name))" }
        let kept = HistoryReader(connection: connection, generation: generation).isKept("DiaSource")
        // A day around the visit bounds the partitions that are looked into.
        return try connection.query(
            """
            WITH seen AS (
                SELECT DISTINCT "diaObjectId" FROM \(generation.table("DiaSource"))
                WHERE "visit" = $1 AND "detector" = $2 AND \(quoted(roles.sourceMidpoint)) BETWEEN $3 - 1 AND $3 + 1
                  AND "diaObjectId" IS NOT NULL\(kept)
            ), near AS (
                SELECT o."diaObjectId" FROM \(near)
                UNION SELECT seen."diaObjectId" FROM seen
                JOIN \(generation.table("DiaObjectLast")) AS o ON o."diaObjectId" = seen."diaObjectId"
            )
            SELECT DISTINCT ON (o."diaObjectId") o."diaObjectId", o."ra", o.\(quoted(roles.dec)) AS "dec",
                   coalesce(o."nDiaSourcesGood", 0) AS "good", \(time("firstDiaSourceMjdTai")) AS "first",
                   \(time("lastDiaSourceMjdTai")) AS "last", s."diaObjectId" IS NOT NULL AS "isAssociated"
            FROM near JOIN \(generation.table("DiaObject")) AS o ON o."diaObjectId" = near."diaObjectId"
            LEFT JOIN seen AS s ON s."diaObjectId" = o."diaObjectId"
            WHERE (o.\(end) IS NULL OR o.\(end) > $4) AND (o.\(start) <= $4 OR s."diaObjectId" IS NOT NULL)
              AND NOT EXISTS (SELECT FROM \(generation.table("DiaForcedSource")) AS f
                              WHERE f."diaObjectId" = o."diaObjectId" AND f."visit" = $1 AND f."detector" = $2
                                AND f.\(quoted(roles.forcedMidpoint)) BETWEEN $3 - 1 AND $3 + 1)
            ORDER BY o."diaObjectId", o.\(start)
            """,
            [
                .int64(entry.visit), .int32(entry.detector), .double(entry.midpointMjdTai), .double(entry.processedMjdTai),
            ])
    }

    /// What is returned, as it is put together.
    struct Rows {
        var id: [Int64] = []
        var ra: [Double] = []
        var dec: [Double] = []
        var visit: [Int64] = []
        var detector: [Int32] = []
        var band: [String?] = []
        var midpoint: [Double] = []
        var isPrecovery: [Bool] = []

        mutating func add(_ id: Int64, _ ra: Double, _ dec: Double, _ entry: StoredVisitDetector, isPrecovery: Bool) {
            self.id.append(id)
            self.ra.append(ra)
            self.dec.append(dec)
            visit.append(entry.visit)
            detector.append(entry.detector)
            band.append(entry.band)
            midpoint.append(entry.midpointMjdTai)
            self.isPrecovery.append(isPrecovery)
        }

        var table: Table {
            let validity = band.contains(nil) ? Validity(band.lazy.map { $0 != nil }) : nil
            return Table([
                Column("diaObjectId", .int64(id)), Column("ra", .double(ra), unit: "deg"), Column("dec", .double(dec), unit: "deg"),
                Column("visit", .int64(visit)), Column("detector", .int32(detector)),
                Column("band", .string(.init(band.map { $0 ?? "" })), validity: validity),
                Column("midpointMjdTai", .double(midpoint), unit: "d"), Column("isPrecovery", .bool(isPrecovery)),
            ])
        }
    }
}
