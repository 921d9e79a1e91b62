import Catalog
import Columns
import Foundation
import Postgres
import SolarSystem

/// Carries all known orbits to the middle of a night, so that the night's visits are told what they see without following each body.
///
///     let outcome = try Preparation(instance: instance, planets: planets).run(NightSpan(containing: 61_109.3, at: rubin))
///
/// States that were carried before are taken on from there as long as their orbit is the same; others begin at their elements.
public struct Preparation {
    /// What a preparation did.
    public struct Outcome: Sendable, Equatable, Codable {
        /// Local midnight, MJD UTC, for which the states hold.
        public var midnightMjdUtc = 0.0
        public var orbits = 0
        /// Taken on from states that were stored.
        public var advanced = 0
        /// Begun at their elements.
        public var begun = 0
        /// Could not be followed: they meet the Sun or a planet, or have no elements.
        public var lost = 0
        public var seconds = 0.0

        public init() {}
    }

    let instance: Instance
    let planets: Planets
    let threads: Int
    let release: String?

    /// - Parameters:
    ///   - release: whose generation's orbits are carried; nil for the current one.
    ///   - threads: at most so many compute at once.
    public init(
        instance: Instance, planets: Planets, release: String? = nil, threads: Int = ProcessInfo.processInfo.activeProcessorCount
    ) {
        (self.instance, self.planets, self.release, self.threads) = (instance, planets, release, max(1, threads))
    }

    /// - Parameter progress: called with the objects done and all.
    /// - Throws: `CatalogError`, `EphemerisError`, `PostgresError`
    public func run(_ night: NightSpan, progress: (Int, Int) -> Void = { _, _ in }) throws -> Outcome {
        let started = DispatchTime.now().uptimeNanoseconds
        let connection = try instance.connect(as: .ingest)
        let (generation, use) = try OrbitGeneration.of(release, instance, on: connection)
        let catalog = OrbitCatalog(connection: connection, generation: generation, use: use)
        let (elements, stored) = try connection.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") {
            (try catalog.elements(), try catalog.states())
        }
        let known = KnownOrbits(elements)
        guard known.count > 0 else {
            throw CatalogError.badRequest("the catalog of orbits is empty: load one with `skyledger solarsystem load`")
        }
        var outcome = Outcome()
        outcome.midnightMjdUtc = night.midnight
        let carried = try carry(known, stored, to: Moment(utc: night.midnight).tdb, &outcome, progress)
        try catalog.storeStates(carried)
        outcome.orbits = known.count
        outcome.seconds = Double(DispatchTime.now().uptimeNanoseconds - started) / 1e9
        return outcome
    }

    /// Where a body's way begins.
    private struct Start {
        var row: Int
        var state: StateVector
    }

    private func carry(
        _ known: KnownOrbits, _ stored: Table, to mjd: Double, _ outcome: inout Outcome, _ progress: (Int, Int) -> Void
    ) throws -> Table {
        let storedStates = StoredStates(stored)
        var groups: [Double: [Start]] = [:]
        var alone: [Start] = []
        for row in 0..<known.count {
            var state = storedStates.state(of: known.ssObjectId[row], key: known.key[row])
            if state == nil {
                state = try? known.orbits[row].state()
                outcome.begun += 1
            } else {
                outcome.advanced += 1
            }
            guard let state, planets.firstMjd...planets.lastMjd ~= state.epoch else { continue }
            if known.nonGravitational[row] == nil {
                groups[state.epoch, default: []].append(Start(row: row, state: state))
            } else {
                alone.append(Start(row: row, state: state))
            }
        }
        var moved = StateColumns(
            epoch: mjd, x: .init(repeating: .nan, count: known.count), y: .init(repeating: .nan, count: known.count),
            z: .init(repeating: .nan, count: known.count), vx: .init(repeating: .nan, count: known.count),
            vy: .init(repeating: .nan, count: known.count), vz: .init(repeating: .nan, count: known.count))
        let bulk = BulkPropagator(planets: planets, threads: threads)
        var done = 0
        for (epoch, starts) in groups.sorted(by: { $0.key < $1.key }) {
            // In pieces, so that the progress is seen.
            for first in stride(from: 0, to: starts.count, by: Self.piece) {
                let piece = starts[first..<min(first + Self.piece, starts.count)]
                var states = StateColumns(piece.map(\.state), epoch: epoch)
                _ = try bulk.advance(&states, to: mjd)
                for (index, start) in piece.enumerated() { moved[start.row] = states[index] }
                done += piece.count
                progress(done, known.count)
            }
        }
        let propagator = Propagator(planets: planets)
        for start in alone {
            let force = known.nonGravitational[start.row]
            if let state = try? propagator.propagate(start.state, to: [mjd], nonGravitational: force)[0] { moved[start.row] = state }
        }
        progress(known.count, known.count)
        let rows = (0..<known.count).filter { moved.x[$0].isFinite && moved.vx[$0].isFinite }
        outcome.lost = known.count - rows.count
        return Table([
            Column("ssObjectId", .int64(rows.map { known.ssObjectId[$0] })),
            Column("epochMjdTdb", .double(.init(repeating: mjd, count: rows.count)), unit: "d"),
            Column("x", .double(rows.map { moved.x[$0] })), Column("y", .double(rows.map { moved.y[$0] })),
            Column("z", .double(rows.map { moved.z[$0] })), Column("vx", .double(rows.map { moved.vx[$0] })),
            Column("vy", .double(rows.map { moved.vy[$0] })), Column("vz", .double(rows.map { moved.vz[$0] })),
            Column("orbitKey", .int64(rows.map { known.key[$0] })),
        ])
    }

    private static let piece = 100_000
}

/// Rows of `OrbitCatalog.states`, found by object.
struct StoredStates {
    private let ids: [Int64]
    private let keys: [Int64]
    private let epochs: [Double]
    private let values: [[Double]]

    init(_ table: Table) {
        ids = table["ssObjectId"]?.int64s ?? []
        keys = table["orbitKey"]?.int64s ?? []
        epochs = table["epochMjdTdb"]?.doubles ?? []
        values = ["x", "y", "z", "vx", "vy", "vz"].map { table[$0]?.doubles ?? [] }
    }

    var count: Int { ids.count }

    /// The row of an object; ids ascend.
    func row(of id: Int64) -> Int? {
        var (low, high) = (0, ids.count)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < ids.count && ids[low] == id ? low : nil
    }

    /// The state of an object, if it was carried from the orbit with this key.
    func state(of id: Int64, key: Int64) -> StateVector? {
        guard let row = row(of: id), keys[row] == key else { return nil }
        return self[row]
    }

    subscript(row: Int) -> StateVector {
        StateVector(
            position: SIMD3(values[0][row], values[1][row], values[2][row]),
            velocity: SIMD3(values[3][row], values[4][row], values[5][row]), epoch: epochs[row])
    }

    func key(_ row: Int) -> Int64 { keys[row] }
    func epoch(_ row: Int) -> Double { epochs[row] }
}
