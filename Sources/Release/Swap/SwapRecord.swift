import Catalog
import Columns
import Postgres

/// A swap that was made: which generation took which one's place.
public struct SwapRecord: Sendable, Equatable, Codable {
    public var number: Int64
    public var release: String
    /// `publish` or `rollback`.
    public var kind: String
    public var fromGeneration: Int
    public var toGeneration: Int
    /// Hash of the report that it was published with.
    public var report: String?
    /// Newest change of the feed before it.
    public var lastChange: Int64
    /// How long stores were kept out, seconds; readers never were.
    public var seconds: Double

    /// The last swap of a release, its number and time (UTC, ISO 8601).
    static func last(of release: String, on connection: Connection) throws -> (number: Int64, at: String)? {
        let row = try connection.query(
            """
            SELECT "number", to_char("swappedAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "at"
            FROM skyledger."ReleaseSwap" WHERE "release" = $1 ORDER BY "number" DESC LIMIT 1
            """, [.text(release)])
        guard let number = row["number"]?.int64s?.first, let at = row["at"]?.strings?[0] else { return nil }
        return (number, at)
    }
}

/// What both swaps do, in a transaction that has closed the gate.
struct SwapTransaction {
    let instance: Instance
    let connection: Connection
    let release: ReleaseRecord

    /// Swaps, and writes down that it did.
    ///
    /// - Parameters:
    ///   - state: what the release becomes.
    ///   - configuration: what to put into force; nil to leave what is.
    func run(
        _ kind: ReleaseStep.Kind, from: Int, to: Int, stateOfFrom: String, state: ReleaseRecord.State, report: String?,
        configuration: Configuration?
    ) throws -> SwapRecord {
        let generations = (try instance.generation(from, on: connection), try instance.generation(to, on: connection))
        try GenerationSwap(from: generations.0, to: generations.1).run(stateOfFrom: stateOfFrom, on: connection)
        let before = try ConfigurationRecord.current(on: connection).number
        let after =
            try configuration.map {
                try ConfigurationRecord.put($0, cause: "release \(release.name): \(kind.rawValue)", on: connection)
            } ?? before
        try connection.run(
            "UPDATE skyledger.\"Release\" SET \"state\" = $2 WHERE \"release\" = $1", [.text(release.name), .text(state.rawValue)])
        let row = try connection.query(
            """
            INSERT INTO skyledger."ReleaseSwap" ("number", "release", "kind", "fromGeneration", "toGeneration", "report", "lastChange")
            SELECT (SELECT coalesce(max("number"), 0) + 1 FROM skyledger."ReleaseSwap"), $1, $2, $3, $4, $5,
                   (SELECT coalesce(max("change"), 0) FROM skyledger."Change")
            RETURNING "number", "lastChange"
            """,
            [.text(release.name), .text(kind.rawValue), .int32(Int32(from)), .int32(Int32(to)), report.map(Parameter.text) ?? .null])
        guard let number = row["number"]?.int64s?.first, let lastChange = row["lastChange"]?.int64s?.first else {
            throw CatalogError.inconsistent("the swap of release \(release.name) was not written down: run the command again")
        }
        try Releases(connection: connection).record(
            kind, of: release.name,
            SwapDetail(
                swap: number, fromGeneration: from, toGeneration: to, configurationBefore: before, configurationAfter: after, report: report
            ))
        return SwapRecord(
            number: number, release: release.name, kind: kind.rawValue, fromGeneration: from, toGeneration: to, report: report,
            lastChange: lastChange, seconds: 0)
    }
}

/// What the step of a swap says.
struct SwapDetail: Codable {
    var swap: Int64
    var fromGeneration: Int
    var toGeneration: Int
    /// Numbers of the configurations in force before and after.
    var configurationBefore: Int32
    var configurationAfter: Int32
    var report: String?
}
