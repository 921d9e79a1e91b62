import Foundation
import Postgres

/// What every transaction that changes rows of a generation passes first: from then to its end, the generation stays what it is.
///
/// Stores share the gate; begin, join, publish and rollback close it for a moment (`close`). Readers never meet it.
public struct GenerationGate: Sendable, Equatable {
    /// The generation's state: current, next or former.
    public var state: String
    /// The open release that the generation belongs to, how far it is, and its other generation; nil where there is none.
    public var release: String?
    public var releaseState: ReleaseRecord.State?
    public var other: Int?

    /// The other generation, where what is stored in this one, the current, must be stored there too, at once.
    public var twin: Int? { releaseState == .joined && state == "current" ? other : nil }

    /// Enters, within the caller's transaction, which must be READ COMMITTED: what is read after the lock was granted holds to its end.
    /// - Throws: `CatalogError.generationMoved` where the generation is gone.
    public static func enter(_ generation: Int, on connection: Connection) throws -> GenerationGate {
        let row = try connection.query(
            "SELECT \"state\", \"release\", \"releaseState\", \"other\" FROM skyledger.enter_generation($1)", [.int32(Int32(generation))],
            name: "enter_generation")
        guard let state = row["state"]?.strings?[0] else {
            throw CatalogError.generationMoved(generation: generation, state: "gone")
        }
        func text(_ name: String) -> String? { row[name].flatMap { $0.isNull(0) ? nil : $0.strings?[0] } }
        return GenerationGate(
            state: state, release: text("release"), releaseState: text("releaseState").flatMap(ReleaseRecord.State.init(rawValue:)),
            other: row["other"].flatMap { $0.isNull(0) ? nil : $0.int32s.map { Int($0[0]) } })
    }

    /// Enters to work on the current generation.
    /// - Throws: `CatalogError.generationMoved` where it is that no longer.
    @discardableResult
    public static func enterCurrent(_ generation: Int, on connection: Connection) throws -> GenerationGate {
        let gate = try enter(generation, on: connection)
        guard gate.state == "current" else { throw CatalogError.generationMoved(generation: generation, state: gate.state) }
        return gate
    }

    /// Runs a body while nobody changes rows of any generation, in one transaction.
    ///
    /// It waits for the stores that run, a moment at a time: a request that waited without end would have all later stores wait behind it.
    /// - Throws: `CatalogError.unavailable` where stores ran all the time; what the body throws.
    public static func close<Result>(on connection: Connection, _ body: () throws -> Result) throws -> Result {
        for attempt in 1... {
            do {
                return try connection.transaction {
                    try connection.execute("SET LOCAL lock_timeout = '\(min(100 * attempt, 2000))ms'")
                    try connection.query("SELECT skyledger.hold_generations()")
                    try connection.execute("SET LOCAL lock_timeout = 0")
                    return try body()
                }
            } catch let error as PostgresError where error.sqlState == "55P03" && attempt < 50 {
                // Those who came meanwhile go first.
                usleep(200_000)
            } catch let error as PostgresError where error.sqlState == "55P03" {
                throw CatalogError.unavailable(
                    "stores held the generations for longer than a minute: end what loads or updates, or repeat this when it has ended")
            }
        }
        preconditionFailure("attempts end in a return or a throw")
    }
}
