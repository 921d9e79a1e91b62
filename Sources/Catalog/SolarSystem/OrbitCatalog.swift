import Columns
import Foundation
import Postgres

/// The known objects of the solar system: their orbits, their designations, and their states carried to a night.
///
///     let catalog = OrbitCatalog(connection: connection, generation: generation)
///     let outcome = try catalog.refresh(input)     // as the role `ingest`
///     let elements = try catalog.elements()        // a row an object
///
/// A refresh is one transaction: a reader sees the old catalog or the new, and of a refresh that dies nothing stays.
public struct OrbitCatalog {
    let connection: Connection
    let generation: Generation
    /// As what the generation is worked on.
    let use: GenerationUse

    public init(connection: Connection, generation: Generation, use: GenerationUse = .current) {
        self.connection = connection
        self.generation = generation
        self.use = use
    }

    /// What files of orbits say, in the schema's terms.
    public struct Input: Sendable {
        /// Rows of `mpc_orbits`; columns that are missing become null. Ids and times of change are the database's to give.
        public var orbits: Table
        /// Rows of `numbered_identifications` and `current_identifications`.
        public var numbered: Table
        public var identifications: Table
        /// All designations of each orbit's object, in unpacked form, the primary one first. Objects beyond the number of orbits have
        /// identifications alone.
        public var designations: [[String]]
        /// The identifier that each of these objects gets where none of its designations has one.
        public var newIds: [Int64]
        /// Whether orbits that are not named leave the catalog.
        public var isComplete: Bool
        /// Where it came from, for the record.
        public var source: String
        /// When it was loaded, MJD TAI.
        public var mjdTai: Double

        public init(
            orbits: Table, numbered: Table = Table(), identifications: Table = Table(), designations: [[String]], newIds: [Int64],
            isComplete: Bool = false, source: String, mjdTai: Double
        ) {
            precondition(designations.count == newIds.count && designations.count >= orbits.rowCount, "each object has an identifier")
            (self.orbits, self.numbered, self.identifications) = (orbits, numbered, identifications)
            (self.designations, self.newIds, self.isComplete) = (designations, newIds, isComplete)
            (self.source, self.mjdTai) = (source, mjdTai)
        }
    }

    /// What a refresh did.
    public struct Outcome: Sendable, Equatable, Codable {
        /// Its number in OrbitCatalog.
        public var catalog = 0
        /// Orbits in the catalog afterwards.
        public var orbits = 0
        public var changed = 0
        public var new = 0
        public var removed = 0
        /// Identifiers that turned out to be another's: their designations point to that one from now on.
        public var joined = 0

        public init() {}
    }

    /// A catalog that was loaded.
    public struct Entry: Sendable, Equatable {
        public var number: Int
        public var source: String
        public var orbits: Int
        public var loadedMjdTai: Double
    }

    /// The newest catalog; nil before the first.
    public func current() throws -> Entry? {
        let rows = try connection.query(
            "SELECT \"number\", \"source\", \"nOrbits\", \"loadedMjdTai\" FROM \(table("OrbitCatalog")) ORDER BY \"number\" DESC LIMIT 1")
        guard let number = rows["number"]?.int32s?.first else { return nil }
        return Entry(
            number: Int(number), source: rows["source"]?.strings?[0] ?? "", orbits: Int(rows["nOrbits"]?.int32s?.first ?? 0),
            loadedMjdTai: rows["loadedMjdTai"]?.doubles?.first ?? 0)
    }

    func table(_ name: String) -> String { generation.table(name) }

    /// One refresh, or one change of states, at a time. Held to the end of the transaction.
    func lock() throws {
        try connection.query(
            "SELECT pg_advisory_xact_lock(skyledger.lock_class($1::text::regclass), -1)", [.text(table("OrbitCatalog"))],
            name: "lock_orbit_catalog")
    }
}
