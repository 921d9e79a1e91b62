import Association
import Catalog
import Columns
import Images
import Postgres
import Sphere

/// Issues the alerts of visit-detectors into the ledger, in the transactions that store them.
///
/// One issuer has the connection of one store and serves its thread.
public final class AlertIssuer: AlertIssuing {
    public let historyMonths: Int
    public let schema: PacketSchema
    public let mapping: PacketMapping
    let connection: Connection
    let generation: Generation
    let pixelization: any Pixelization
    let settings: AlertSettings
    let images: (any AlertImages)?
    let stampPolicy: StampPolicy
    private let belowThreshold: BelowThreshold
    private let targets: TargetsInForce
    private let writer: LedgerWriter

    /// - Parameters:
    ///   - connection: the store's, as the role `ingest`.
    ///   - schema: one that the ledger has.
    ///   - secondConnection: opened to record a refusal.
    /// - Throws: `AvroError.table` where the instance's document does not fill the schema; `PostgresError`
    public init(
        connection: Connection, generation: Generation, pixelization: any Pixelization, settings: AlertSettings, schema: PacketSchema,
        images: (any AlertImages)? = nil, secondConnection: @escaping () throws -> Connection
    ) throws {
        (self.connection, self.generation, self.pixelization) = (connection, generation, pixelization)
        (self.settings, self.schema, self.images) = (settings, schema, images)
        historyMonths = settings.historyMonths
        stampPolicy = StampPolicy(sizePixelsMin: settings.minimumStampPixels, sizePixelsMax: settings.maximumStampPixels)
        mapping = try PacketMapping(generation.document, to: schema)
        belowThreshold = try BelowThreshold(settings.belowThreshold, dec: generation.layout.roles.dec)
        targets = TargetsInForce(connection)
        writer = LedgerWriter(
            connection: connection, dictionary: try LedgerRegistry(connection).newestDictionary(), secondConnection: secondConnection)
    }

    /// Where the time of writing went.
    public var stages: LedgerWriter.Stages { writer.stages }

    public func prepare(mjdTai: Double) throws { try writer.prepare(issuedMjdTai: mjdTai) }

    public func issue(_ visit: StoredVisit, record: (IssuedAlerts) throws -> Void) throws {
        let packets = try VisitPackets(self, visit)
        let stamps = try images?.stamps(of: visit.visitDetector)
        var batches = [try batch(.visit, packets.standard, packets, stamps)]
        let chosen = try belowThresholdRows(visit, standard: packets.standard.count)
        if !chosen.isEmpty { batches.append(try batch(.belowThreshold, chosen, packets, stamps)) }
        let listed = try targets.inside(visit.visitDetector.region, of: settings.zeroFluxLists)
        if !listed.isEmpty { batches.append(try targetBatch(listed, visit, packets, stamps)) }
        _ = try writer.append(batches, issuedMjdTai: visit.writtenMjdTai) { added in
            let others = added.dropFirst().reduce(0) { $0 + ($1?.count ?? 0) }
            try record(IssuedAlerts(count: added[0]?.count ?? 0, root: added[0]?.root, others: others))
        }
    }

    private func key(_ kind: AlertKind, _ visit: StoredVisit) -> LedgerBatchKey {
        LedgerBatchKey(
            generation: Int32(generation.id), visit: visit.visitDetector.visit, detector: visit.visitDetector.detector, kind: kind.rawValue)
    }

    /// Alerts of sources that were stored.
    private func batch(_ kind: AlertKind, _ rows: [Int], _ packets: VisitPackets, _ stamps: StampMaking?) throws -> AlertBatch {
        let visit = packets.visit
        let writer = try packets.writer(kind, stamps: stamps)
        let items = rows.map(packets.item)
        let pixel = visit.diaSources["pixelId"]?.int64s ?? []
        let (object, known) = (visit.diaSources["diaObjectId"], visit.diaSources["ssObjectId"])
        func id(_ column: Column?, _ row: Int) -> Int64? { column.flatMap { $0.isNull(row) ? nil : $0.int64s?[row] } }
        let alerts = rows.map { row in
            LedgerAlert(
                alertId: packets.ids[row], diaSourceId: packets.ids[row], diaObjectId: id(object, row), ssObjectId: id(known, row),
                ra: packets.ra[row], dec: packets.dec[row], pixelId: pixel[row], queriedMjdTai: visit.queriedMjdTai,
                isLate: packets.isLate, schemaId: schema.schemaId)
        }
        return AlertBatch(key(kind, visit), alerts) { try writer.packet(items[$0]) }
    }

    /// Alerts of positions where nothing was detected.
    private func targetBatch(
        _ listed: [TargetLists.Target], _ visit: StoredVisit, _ packets: VisitPackets, _ stamps: StampMaking?
    ) throws -> AlertBatch {
        let records = TargetRecords(visit: visit, generation: generation, targets: listed)
        let ids = records.ids
        let forced = try records.forced(ids: ids)
        let writer = try packets.targetWriter(
            ids: ids, sources: records.sources(ids: ids, forced: forced), forced: forced, targets: listed, stamps: stamps)
        let items = listed.indices.map { row in
            PacketWriter.Item(
                source: row, observationReason: "zero-flux alert of a target list", targetName: "\(listed[row].list)/\(listed[row].name)",
                forced: row)
        }
        let pixel = pixelization.index(ra: listed.map(\.ra), dec: listed.map(\.dec))
        let alerts = listed.indices.map { row in
            LedgerAlert(
                alertId: ids[row], diaSourceId: nil, ra: listed[row].ra, dec: listed[row].dec, pixelId: pixel[row],
                queriedMjdTai: visit.queriedMjdTai, isLate: packets.isLate, schemaId: schema.schemaId)
        }
        return AlertBatch(key(.target, visit), alerts) { try writer.packet(items[$0]) }
    }

    private func belowThresholdRows(_ visit: StoredVisit, standard: Int) throws -> [Int] {
        guard settings.belowThreshold.isOn else { return [] }
        let margin = settings.belowThreshold.listRadiusArcsec / 3600 * .pi / 180
        let near = try targets.inside(visit.visitDetector.region.padded(by: margin), of: settings.belowThreshold.lists)
        return belowThreshold.rows(of: visit, targets: near, average: try averageAlerts(before: visit) ?? Double(standard))
    }

    /// Standard alerts of a visit-detector on the average of the last thousand; nil before the first.
    private func averageAlerts(before visit: StoredVisit) throws -> Double? {
        let row = try connection.query(
            """
            SELECT avg("nAlerts")::double precision AS "average" FROM (
                SELECT "nAlerts" FROM \(generation.table("VisitDetector"))
                WHERE "midpointMjdTai" < $1 ORDER BY "midpointMjdTai" DESC LIMIT 1000) AS v
            """, [.double(visit.visitDetector.midpointMjdTai)], name: "average_alerts")
        return row["average"].flatMap { $0.isNull(0) ? nil : $0.doubles?.first }
    }
}
