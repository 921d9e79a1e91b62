import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import Simulation
import Sphere
import Testing

/// A small survey that is loaded and changed by hand in stages; after each, all tables are kept as they were.
final class QuerySurvey {
    /// All rows of each table at a time: of DiaObject those that were open.
    struct Moment {
        var mjdTai: Double
        var tables: [String: Table]
    }

    let test: TestInstance
    let directory: String
    let connection: Connection
    let generation: Generation
    let pixelization: any Pixelization
    let centre: (ra: Double, dec: Double)
    private let visits: VisitDirectory
    private let store: Store
    private var now = 0.0
    private(set) var moments: [Moment] = []

    static let tables = ["DiaObject", "DiaSource", "DiaForcedSource"]

    init(ra: Double = 150, dec: Double = -30, pixelization: String = "htm20", visits count: Int = 20, sources: Double = 100) throws {
        centre = (ra, dec)
        directory = try LoadTests.visits(count, sources: sources, ra: ra, dec: dec)
        test = try TestInstance(pixelization: pixelization)
        connection = try test.connection(.ingest)
        generation = try test.instance.currentGeneration(on: connection)
        self.pixelization = try test.instance.pixelization(on: connection)
        var rules = Configuration()
        // Of the lesser sources many found nothing.
        rules.founding.minimumReliability = 0.5
        rules.forced.minimumSources = 1
        store = try Store(
            connection: connection, generation: generation, pixelization: self.pixelization, clock: .visit, configuration: rules)
        visits = try VisitDirectory(directory, generation: generation)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Loads visits, stamped with their own times.
    func load(_ range: Range<Int>) throws {
        for visit in range {
            for piece in try visits.prepare(visit) { _ = try VisitDetectorLoad(forced: QueryForced()).run(piece, in: store) }
        }
        now = visits.mjd[range.upperBound - 1]
        try keep()
    }

    /// Updates a little later than what was last done.
    func update(_ body: (Updates) throws -> Void) throws {
        now += 1e-3
        let time = now
        try body(
            Updates(
                connection: connection, generation: generation, pixelization: pixelization, configuration: store.configuration,
                clock: { time }))
        try keep()
    }

    private func keep() throws {
        now += 1e-3
        var tables: [String: Table] = [:]
        for name in Self.tables {
            let open = name == "DiaObject" ? " WHERE \"validityEndMjdTai\" IS NULL" : ""
            tables[name] = try connection.copyOut("SELECT * FROM \(generation.table(name))\(open)")
        }
        moments.append(Moment(mjdTai: now, tables: tables))
    }

    /// Load, change, load, change: five moments.
    func live() throws {
        try load(0..<10)
        try update { updates in
            let (sources, objects) = (try ids("DiaSource", "\"diaObjectId\" IS NOT NULL"), try ids("DiaObjectLast", "\"nDiaSources\" > 1"))
            _ = try updates.withdraw(sources: Array(sources.prefix(5)), cause: "test")
            _ = try updates.reassign(sources[10..<14].map { ($0, objects[3]) }, cause: "test")
            _ = try updates.reassignToSSObjects(sources[20..<24].map { ($0, 77) }, cause: "test")
            _ = try updates.merge([objects[5], objects[6]], into: objects[7], cause: "test")
            _ = try updates.close(objects: [objects[9]], cause: "test")
            _ = try updates.withdraw(forced: Array(try forced().prefix(6)), cause: "test")
        }
        try load(10..<20)
        try update { updates in
            let sources = try ids("DiaSource", "\"ssObjectId\" = 77")
            _ = try updates.reassignToSSObjects([(sources[0], 78)], cause: "test")
            _ = try updates.reassign([(sources[1], try ids("DiaObjectLast", "true")[0])], cause: "test")
            _ = try updates.restore(
                sources: [
                    try ids(
                        "DiaSource",
                        "\"timeWithdrawnMjdTai\" IS NOT NULL AND \"diaObjectId\" IN (SELECT \"diaObjectId\" FROM \"DiaObjectLast\")")[0]
                ], cause: "test")
            let object = try ids("DiaObjectLast", "\"nDiaSources\" > 3")[1]
            _ = try updates.split(
                object, sources: Array(try ids("DiaSource", "\"timeWithdrawnMjdTai\" IS NULL AND \"diaObjectId\" = \(object)").suffix(2)),
                cause: "test")
        }
        try update { updates in
            // Twice changed sources, and forced sources restored.
            _ = try updates.reassign(
                [(try ids("DiaSource", "\"ssObjectId\" = 78")[0], try ids("DiaObjectLast", "true")[1])], cause: "test")
            _ = try updates.restore(
                forced: Array(try forced("\"timeWithdrawnMjdTai\" IS NOT NULL").prefix(2)), cause: "test")
        }
    }

    func ids(_ table: String, _ condition: String) throws -> [Int64] {
        let id = table == "DiaSource" ? "diaSourceId" : "diaObjectId"
        return try connection.query("SELECT \"\(id)\" AS id FROM \"\(table)\" WHERE \(condition) ORDER BY 1")["id"]!.int64s!
    }

    func forced(_ condition: String = "\"timeWithdrawnMjdTai\" IS NULL") throws -> [Updates.ForcedKey] {
        let rows = try connection.query(
            "SELECT \"diaObjectId\", \"visit\", \"detector\"::integer AS d FROM \"DiaForcedSource\" WHERE \(condition) ORDER BY 1, 2, 3")
        return (0..<rows.rowCount).map {
            Updates.ForcedKey(
                diaObjectId: rows["diaObjectId"]!.int64s![$0], visit: rows["visit"]!.int64s![$0], detector: rows["d"]!.int32s![$0])
        }
    }
}

/// Forced photometry without images.
struct QueryForced: ForcedPhotometry {
    func measure(_ request: ForcedRequest) throws -> Table {
        let rows = request.isWanted.indices.filter { request.isWanted[$0] }
        let visit = request.visitDetector
        return Table([
            Column("diaForcedSourceId", .int64(rows.map { request.diaObjectId[$0] &* 1000 + visit.visit % 1000 })),
            Column("diaObjectId", .int64(rows.map { request.diaObjectId[$0] })),
            Column("ra", .double(rows.map { request.ra[$0] })), Column("dec", .double(rows.map { request.dec[$0] })),
            Column("visit", .int64(rows.map { _ in visit.visit })), Column("detector", .int16(rows.map { _ in Int16(visit.detector) })),
            Column("band", .string(.init(rows.map { _ in visit.band ?? "r" }))),
            Column("midpointMjdTai", .double(rows.map { _ in visit.midpointMjdTai })),
            Column("psfFlux", .float(rows.map { Float($0) })), Column("psfFluxErr", .float(rows.map { _ in 500 })),
        ])
    }
}

extension Table {
    /// Columns in the order of names and rows in that of their keys, nulls all alike: what is compared.
    var canonical: Table {
        let keys = ["diaObjectId", "diaSourceId", "visit", "detector", "midpointMjdTai", "ra"].compactMap { self[$0]?.numbers }
        let order = (0..<rowCount).sorted { a, b in
            for key in keys where key[a] != key[b] && !(key[a].isNaN && key[b].isNaN) {
                return key[a] < key[b] || key[b].isNaN
            }
            return a < b
        }
        return Table(
            columns.sorted { $0.name < $1.name }.map { column in
                var column = column.gather(order).withZeroedNulls
                if column.nullCount == 0 { column.validity = nil }
                return column
            })
    }

    /// The rows for which a condition on the row's number holds.
    func rows(where isWanted: (Int) -> Bool) -> Table { gather((0..<rowCount).filter(isWanted)) }

    /// Without rows that were withdrawn.
    var kept: Table {
        guard let time = self["timeWithdrawnMjdTai"] else { return self }
        return rows { time.isNull($0) }
    }
}

/// The angle between two positions by the haversine formula, degrees.
func haversineDegrees(_ ra1: Double, _ dec1: Double, _ ra2: Double, _ dec2: Double) -> Double {
    let radian = Double.pi / 180
    let (a, b) = (sin((dec2 - dec1) * radian / 2), sin((ra2 - ra1) * radian / 2))
    return 2 * asin(min(1, (a * a + cos(dec1 * radian) * cos(dec2 * radian) * b * b).squareRoot())) / radian
}
