import Association
import Catalog
import Columns

/// The records of a visit-detector's packets: what was stored and what was known, under the packet's names.
struct VisitPackets {
    let visit: StoredVisit
    let ids: [Int64]
    let ra: [Double]
    let dec: [Double]
    /// Rows of sources that belong to an object: they get a standard alert.
    let standard: [Int]
    /// Whether alerts that are issued now come later after the exposure than is promised.
    let isLate: Bool
    private let issuer: AlertIssuer
    private let sources: Table
    private let records: PacketWriter.Records
    private let ssSourceOf: [Int64: Int]
    private let orbitOf: [Int64: Int]

    init(_ issuer: AlertIssuer, _ visit: StoredVisit) throws {
        (self.issuer, self.visit) = (issuer, visit)
        let roles = issuer.generation.layout.roles
        let rows = visit.diaSources
        ids = rows["diaSourceId"]?.int64s ?? []
        (ra, dec) = (rows["ra"]?.doubles ?? [], rows[roles.dec]?.doubles ?? [])
        let known = rows["ssObjectId"]
        standard = ids.indices.filter { visit.objectOfSource[$0] != nil || !(known?.isNull($0) ?? true) }
        isLate = Self.isLate(visit, after: issuer.settings.lateSeconds)

        let mapping = issuer.mapping
        sources = mapping.renamed(rows, .diaSource, zeros: ["diaObjectId", "ssObjectId"])
        let ssRows = visit.solarSystem?.ssSources ?? Table()
        ssSourceOf = Self.rows(ssRows["diaSourceId"])
        let identified = Set((known?.int64s ?? []).enumerated().filter { known?.isNull($0.offset) == false }.map(\.element))
        let orbits = try OrbitCatalog(connection: issuer.connection, generation: issuer.generation).rows(of: identified.sorted())
        orbitOf = Self.rows(orbits["ssObjectId"])
        records = try Self.records(issuer, visit, sources, ssRows, orbits)
    }

    private static func rows(_ column: Column?) -> [Int64: Int] {
        Dictionary((column?.int64s ?? []).enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The exposure ends half its time after the middle.
    private static func isLate(_ visit: StoredVisit, after seconds: Double) -> Bool {
        let times = (visit.diaSources["exposureTime"]?.numbers ?? []).filter { $0 > 0 && $0.isFinite }
        let exposure = times.max() ?? visit.configuration.association.defaultExposureSeconds
        return (visit.writtenMjdTai - visit.visitDetector.midpointMjdTai) * 86400 - exposure / 2 > seconds
    }

    private static func records(
        _ issuer: AlertIssuer, _ visit: StoredVisit, _ sources: Table, _ ssRows: Table, _ orbits: Table
    ) throws -> PacketWriter.Records {
        let (schema, mapping, roles) = (issuer.schema.avro, issuer.mapping, issuer.generation.layout.roles)
        let objects = visit.diaObjects
        let end = visit.visitDetector.midpointMjdTai
        let start = end - Double(issuer.historyMonths) * SummaryModel.daysPerMonth
        func curves(_ part: PacketMapping.Part, _ history: ObjectRows, time: String, id: String) throws -> GroupedRecords? {
            guard history.rows.rowCount > 0 else { return nil }
            let times = history.rows[time]?.doubles ?? []
            let ids = history.rows[id]?.int64s ?? []
            return try GroupedRecords(
                record: part.rawValue, of: schema, rows: mapping.renamed(history.rows, part),
                owner: times.indices.map { times[$0] > start && times[$0] <= end ? history.object[$0] : nil },
                ownerCount: objects.rowCount
            ) { (times[$0], ids[$0]) < (times[$1], ids[$1]) }
        }
        var records = PacketWriter.Records(sources: try AvroRowWriter(record: "diaSource", of: schema, table: sources))
        if objects.rowCount > 0 {
            records.objects = try AvroRowWriter(record: "diaObject", of: schema, table: mapping.renamed(objects, .diaObject))
            records.earlier = try curves(.diaSource, visit.earlierSources, time: roles.sourceMidpoint, id: "diaSourceId")
            records.forced = try curves(.diaForcedSource, visit.forcedSources, time: roles.forcedMidpoint, id: "diaForcedSourceId")
            if issuer.schema.isExtended { records.upperLimits = try upperLimits(issuer, visit, since: start) }
        }
        if ssRows.rowCount > 0 {
            records.ssSources = try AvroRowWriter(record: "ssSource", of: schema, table: mapping.renamed(ssRows, .ssSource))
        }
        if orbits.rowCount > 0 {
            records.orbits = try AvroRowWriter(record: "mpc_orbits", of: schema, table: mapping.renamed(orbits, .orbit))
        }
        return records
    }

    private static func upperLimits(_ issuer: AlertIssuer, _ visit: StoredVisit, since: Double) throws -> GroupedRecords {
        let covering = try CoveringVisits(around: visit.visitDetector, since: since, generation: issuer.generation, on: issuer.connection)
        var recorded: Set<UpperLimits.Recorded> = []
        for history in [visit.earlierSources, visit.forcedSources] where history.rows.rowCount > 0 {
            guard let visits = history.rows["visit"]?.int64s, let detectors = history.rows["detector"]?.numbers else { continue }
            for row in visits.indices {
                recorded.insert(.init(object: history.object[row], visit: visits[row], detector: Int32(detectors[row])))
            }
        }
        let (rows, owner) = UpperLimits.rows(
            covering.visits, ra: visit.diaObjects["ra"]?.doubles ?? [],
            dec: visit.diaObjects[issuer.generation.layout.roles.dec]?.doubles ?? [], recorded: recorded)
        // They come in the order of time.
        return try GroupedRecords(
            record: "diaNondetectionLimit", of: issuer.schema.avro, rows: rows, owner: owner, ownerCount: visit.diaObjects.rowCount,
            order: <)
    }

    private func header(_ kind: AlertKind) -> PacketWriter.Header {
        .init(kind: kind, generation: Int32(issuer.generation.id), queriedMjdTai: visit.queriedMjdTai, isLate: isLate)
    }

    /// Writes packets of sources.
    func writer(_ kind: AlertKind, stamps: StampMaking?) throws -> PacketWriter {
        let (ra, dec) = (ra, dec)
        let (policy, box) = (issuer.stampPolicy, visit.diaSources["bboxSize"]?.numbers)
        let sides = ids.indices.map { row in policy.size(bboxSize: box.flatMap { Int(exactly: $0[row].rounded()) }) }
        var making: (@Sendable (Int) throws -> AlertStamps)?
        if let stamps { making = { row in try stamps(ra[row], dec[row], sides[row]) } }
        return try PacketWriter(issuer.schema, header(kind), ids: ids, records, stamps: making)
    }

    /// Writes packets of targets.
    func targetWriter(
        ids: [Int64], sources: Table, forced: ObjectRows, targets: [TargetLists.Target], stamps: StampMaking?
    ) throws -> PacketWriter {
        let (schema, mapping) = (issuer.schema.avro, issuer.mapping)
        var records = PacketWriter.Records(
            sources: try AvroRowWriter(
                record: "diaSource", of: schema, table: mapping.renamed(sources, .diaSource, zeros: ["diaObjectId", "ssObjectId"])))
        if forced.rows.rowCount > 0 {
            records.forced = try GroupedRecords(
                record: "diaForcedSource", of: schema, rows: mapping.renamed(forced.rows, .diaForcedSource, zeros: ["diaObjectId"]),
                owner: forced.object, ownerCount: targets.count, order: <)
        }
        let side = issuer.stampPolicy.size(bboxSize: nil)
        var making: (@Sendable (Int) throws -> AlertStamps)?
        if let stamps { making = { row in try stamps(targets[row].ra, targets[row].dec, side) } }
        return try PacketWriter(issuer.schema, header(.target), ids: ids, records, stamps: making)
    }

    /// What the packet of a source is made of.
    func item(_ row: Int) -> PacketWriter.Item {
        var item = PacketWriter.Item(source: row)
        item.object = visit.objectOfSource[row]
        if item.object == nil, let known = visit.diaSources["ssObjectId"], !known.isNull(row), let id = known.int64s?[row] {
            item.ssSource = ssSourceOf[ids[row]]
            item.orbit = orbitOf[id]
        }
        return item
    }
}
