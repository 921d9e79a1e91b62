import Columns
import Postgres

/// The data releases of an instance, read from the database.
///
///     let releases = Releases(connection: try instance.connect(as: .reader))
///     if let release = try releases.open() { print(release.name, try releases.lag(of: release.generation)) }
public struct Releases {
    let connection: Connection

    /// - Parameter connection: in any role.
    public init(connection: Connection) { self.connection = connection }

    /// The release that is under way: beginning, loading, joined or published. There is at most one.
    public func open() throws -> ReleaseRecord? {
        try records("WHERE \"state\" IN ('beginning', 'loading', 'joined', 'published')", []).first
    }

    /// A release by its name.
    /// - Throws: `CatalogError.badRequest` that names those there are.
    public func named(_ name: String) throws -> ReleaseRecord {
        if let record = try records("WHERE r.\"release\" = $1", [.text(name)]).first { return record }
        let names = try all().map(\.name)
        throw CatalogError.badRequest(
            "there is no release \(name): "
                + (names.isEmpty
                    ? "none was begun; `skyledger release begin` begins one" : "the releases are \(names.joined(separator: ", "))"))
    }

    /// All of them, in the order in which they began.
    public func all() throws -> [ReleaseRecord] { try records("", []) }

    /// How many visit-detectors a generation lacks that the other generation of its release has.
    public func lag(of generation: Int) throws -> Int {
        Int(
            try connection.query(
                "SELECT count(*) AS n FROM skyledger.\"ReleaseQueue\" WHERE \"generation\" = $1", [.int32(Int32(generation))])["n"]?
                .int64s?.first ?? 0)
    }

    /// How many visit-detectors a generation has; 0 where its tables are gone.
    public func visitDetectors(of generation: Int) throws -> Int {
        guard try GenerationRemoval.isThere(generation, on: connection) else { return 0 }
        return Int(
            try connection.int64("SELECT count(*) FROM \(quoted(Generation.schemaName(generation))).\"VisitDetector\"") ?? 0)
    }

    private func records(_ condition: String, _ parameters: [Parameter]) throws -> [ReleaseRecord] {
        let rows = try connection.query(
            """
            SELECT r."release", "fromGeneration", "generation", "cutoffMjdTai", "state", "configuration",
                   to_char("begunAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "begunAt",
                   p."release" IS NOT NULL AS "isPiece", p."region", p."sinceMjdTai"
            FROM skyledger."Release" AS r LEFT JOIN skyledger."ReleasePiece" AS p ON p."release" = r."release"
            \(condition) ORDER BY "generation"
            """, parameters)
        return try (0..<rows.rowCount).map { row in
            let text = { (column: String) in rows[column]!.strings![row] }
            guard let state = ReleaseRecord.State(rawValue: text("state")) else {
                throw CatalogError.inconsistent(
                    "release \(text("release")) is in the state \(text("state")), which this program does not know")
            }
            return ReleaseRecord(
                name: text("release"), fromGeneration: Int(rows["fromGeneration"]!.int32s![row]),
                generation: Int(rows["generation"]!.int32s![row]), cutoffMjdTai: rows["cutoffMjdTai"]!.doubles![row], state: state,
                configurationText: text("configuration"), begunAt: text("begunAt"), piece: try piece(rows, row))
        }
    }

    private func piece(_ rows: Table, _ row: Int) throws -> ReleasePiece? {
        guard rows["isPiece"]?.bools?[row] == true else { return nil }
        let (region, since) = (rows["region"]!, rows["sinceMjdTai"]!)
        do {
            return try ReleasePiece(
                regionText: region.isNull(row) ? nil : region.strings?[row], sinceMjdTai: since.isNull(row) ? nil : since.doubles?[row])
        } catch {
            throw CatalogError.inconsistent("the region of a release cannot be read: \(error)")
        }
    }
}
