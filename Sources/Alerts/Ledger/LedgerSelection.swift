import Catalog
import Columns
import Postgres
import Sphere

/// Which alerts are wanted. All conditions given must hold.
public struct LedgerSelection: Sendable {
    public var region: Region?
    /// Time of issue, MJD in TAI; the end does not belong to it.
    public var issuedMjdTai: Range<Double>?
    public var diaObjectId: Int64?
    public var ssObjectId: Int64?
    public var visit: Int64?
    public var detector: Int32?
    /// Rows at most.
    public var limit = 10_000

    public init() {}

    /// The 24 hours from noon (TAI) of a day on: a night of observatories in the Americas and its alerts, whenever they were issued in it.
    public static func night(_ mjd: Int) -> Range<Double> { Double(mjd) + 0.5..<Double(mjd) + 1.5 }

    /// An item of FROM with its conditions; the table is called `a`. All values are numbers that were computed here.
    func source(_ pixelization: (any Pixelization)?) throws -> String {
        var conditions: [String] = []
        if let issuedMjdTai {
            conditions.append("a.\"issuedMjdTai\" >= \(Self.number(issuedMjdTai.lowerBound))")
            conditions.append("a.\"issuedMjdTai\" < \(Self.number(issuedMjdTai.upperBound))")
        }
        if let diaObjectId { conditions.append("a.\"diaObjectId\" = \(diaObjectId)") }
        if let ssObjectId { conditions.append("a.\"ssObjectId\" = \(ssObjectId)") }
        if let visit { conditions.append("a.\"visit\" = \(visit)") }
        if let detector { conditions.append("a.\"detector\" = \(detector)") }
        if visit != nil {
            // Batches have an index by visit, alerts have one by batch.
            let visitDetector = ["b.\"visit\" = \(visit!)", detector.map { "b.\"detector\" = \($0)" }].compactMap { $0 }
            conditions.append(
                "a.\"batchId\" = ANY (ARRAY(SELECT b.\"batchId\" FROM ledger.\"Batch\" AS b WHERE \(visitDetector.joined(separator: " AND "))))"
            )
        }
        guard let region else {
            return "ledger.\"Alert\" AS a" + (conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND "))
        }
        guard let pixelization else {
            throw CatalogError.badRequest("alerts in a region are found by the instance's pixelization: name it")
        }
        let ranges = Array(pixelization.envelope(of: region, maxRanges: 200).ranges)
        guard !ranges.isEmpty else { throw CatalogError.badRequest("the region is empty") }
        // Range by range: docs/decisions/017.
        let low = ranges.map { String($0.lowerBound) }.joined(separator: ",")
        let high = ranges.map { String($0.upperBound) }.joined(separator: ",")
        let all = (["a.\"pixelId\" BETWEEN r.low AND r.high"] + conditions).joined(separator: " AND ")
        return """
            unnest('{\(low)}'::bigint[], '{\(high)}'::bigint[]) AS r(low, high)
            CROSS JOIN LATERAL (SELECT * FROM ledger."Alert" AS a WHERE \(all) OFFSET 0) AS a
            """
    }

    static func number(_ value: Double) -> String { "'\(value)'::double precision" }
}

extension LedgerReader {
    /// What is known of alerts beside their packets, in the order of issue and place: of those in the region exactly.
    ///
    /// - Parameter pixelization: the instance's, for regions.
    /// - Throws: `CatalogError.badRequest`, `PostgresError`
    public func list(_ selection: LedgerSelection, pixelization: (any Pixelization)? = nil) throws -> [LedgerEntry] {
        // The rows of a region are clipped here, so that they cannot be limited there.
        let limit = selection.region == nil ? " LIMIT \(selection.limit)" : ""
        let table = try connection.copyOut(
            """
            SELECT \(LedgerEntry.selection("a")) FROM \(selection.source(pixelization))
            ORDER BY a."issuedMjdTai", a."batchId", a."place"\(limit)
            """)
        let entries = LedgerEntry.rows(table)
        guard let region = selection.region else { return entries }
        let isInside = region.contains(ra: entries.map(\.alert.ra), dec: entries.map(\.alert.dec))
        return Array(entries.indices.lazy.filter { isInside[$0] }.map { entries[$0] }.prefix(selection.limit))
    }

    /// Hands over all alerts issued in a span of time (`LedgerSelection.night`), in the order of the chain, with their packets. The memory
    /// needed is that of some hundred packets.
    ///
    /// - Throws: `LedgerError.unreadable`, `PostgresError`, or what the body throws.
    /// - Returns: how many.
    @discardableResult
    public func export(issuedMjdTai span: Range<Double>, _ body: (LedgerEntry, [UInt8]) throws -> Void) throws -> Int {
        var count = 0
        var last: Int64 = 0
        while true {
            // Batch by batch: a statement never holds more than one, and the order needs no sort.
            let next = try connection.query(
                """
                SELECT "number", "batchId", "issuedMjdTai" FROM ledger."Batch"
                WHERE "number" > $1 AND "issuedMjdTai" >= $2 AND "issuedMjdTai" < $3 ORDER BY "number" LIMIT 1000
                """, [.int64(last), .double(span.lowerBound), .double(span.upperBound)], name: "ledger_export")
            guard let number = next["number"]?.int64s, let batchId = next["batchId"]?.int64s, let issued = next["issuedMjdTai"]?.doubles,
                let newest = number.last
            else { return count }
            for row in number.indices { count += try export(batchId: batchId[row], issuedMjdTai: issued[row], body) }
            last = newest
        }
    }

    /// How many alerts were issued in a span of time.
    public func count(issuedMjdTai span: Range<Double>) throws -> Int {
        let count = try connection.int64(
            "SELECT coalesce(sum(\"count\"), 0)::bigint FROM ledger.\"Batch\" WHERE \"issuedMjdTai\" >= $1 AND \"issuedMjdTai\" < $2",
            [.double(span.lowerBound), .double(span.upperBound)])
        return Int(count ?? 0)
    }

    private func export(batchId: Int64, issuedMjdTai: Double, _ body: (LedgerEntry, [UInt8]) throws -> Void) throws -> Int {
        var place: Int32 = 0
        while true {
            let rows = try connection.query(
                """
                SELECT \(LedgerEntry.selection("a")), a."packet" FROM ledger."Alert" AS a
                WHERE a."batchId" = $1 AND a."issuedMjdTai" = $2 AND a."place" >= $3 ORDER BY a."place" LIMIT 200
                """, [.int64(batchId), .double(issuedMjdTai), .int32(place)], name: "ledger_export_batch")
            let entries = LedgerEntry.rows(rows)
            guard let frames = rows["packet"]?.binaries, let last = entries.last else { return Int(place) }
            for (row, entry) in entries.enumerated() { try body(entry, packet(entry, frames.bytes(at: row))) }
            place = last.place + 1
        }
    }
}
