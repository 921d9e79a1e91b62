import Catalog
import Columns
import Foundation
import Postgres
import SolarSystem

/// Carries the states of a generation's orbits to the middle of a night.
///
/// What stands there already is kept as it is, so that whoever was stopped and begins again comes to the same states.
struct StateCarrying {
    /// Made by a caller that asked to stop; nothing was stored.
    struct Stopped: Error {}

    let catalog: OrbitCatalog
    let planets: Planets
    let threads: Int

    /// - Parameter progress: called with the objects done and all; false to stop.
    /// - Returns: the orbits, as `OrbitCatalog.elements` gives them, and their states, as `OrbitCatalog.states` does.
    /// - Throws: `Stopped`, `CatalogError`, `EphemerisError`, `PostgresError`
    func run(_ night: NightSpan, progress: (Int, Int) -> Bool) throws -> (outcome: Preparation.Outcome, elements: Table, states: Table) {
        let (elements, stored) = try catalog.snapshot()
        let known = KnownOrbits(elements)
        guard known.count > 0 else {
            throw CatalogError.badRequest("the catalog of orbits is empty: load one with `skyledger solarsystem load`")
        }
        var outcome = Preparation.Outcome()
        (outcome.midnightMjdUtc, outcome.orbits) = (night.midnight, known.count)
        let mjd = try Moment(utc: night.midnight).tdb
        let starts = starts(known, StoredStates(stored), at: mjd, &outcome)
        let moved = try carry(starts, known, to: mjd, progress)
        let rows = (0..<known.count).filter { moved.x[$0].isFinite && moved.vx[$0].isFinite }
        outcome.lost = known.count - rows.count
        let states = Self.table(rows, known, moved)
        let isThere = rows.count == stored.rowCount && rows.allSatisfy { starts.standing.contains($0) }
        if !isThere { try catalog.storeStates(states) }
        return (outcome, elements, states)
    }

    /// Where a body's way begins.
    private struct Start {
        var row: Int
        var state: StateVector
    }

    /// Bodies by the moment that they are carried from; those that other forces than gravity act on are followed one by one.
    private struct Starts {
        var groups: [Double: [Start]] = [:]
        var alone: [Start] = []
        /// Rows whose state stands at the night already.
        var standing: Set<Int> = []
    }

    private func starts(_ known: KnownOrbits, _ stored: StoredStates, at mjd: Double, _ outcome: inout Preparation.Outcome) -> Starts {
        var out = Starts()
        for row in 0..<known.count {
            var state = stored.state(of: known.ssObjectId[row], key: known.key[row])
            if state == nil {
                state = try? known.orbits[row].state()
                outcome.begun += 1
            } else {
                outcome.advanced += 1
                if state?.epoch == mjd { out.standing.insert(row) }
            }
            guard let state, planets.firstMjd...planets.lastMjd ~= state.epoch else { continue }
            if known.nonGravitational[row] == nil || state.epoch == mjd {
                out.groups[state.epoch, default: []].append(Start(row: row, state: state))
            } else {
                out.alone.append(Start(row: row, state: state))
            }
        }
        return out
    }

    private func carry(_ starts: Starts, _ known: KnownOrbits, to mjd: Double, _ progress: (Int, Int) -> Bool) throws -> StateColumns {
        var moved = StateColumns(
            epoch: mjd, x: .init(repeating: .nan, count: known.count), y: .init(repeating: .nan, count: known.count),
            z: .init(repeating: .nan, count: known.count), vx: .init(repeating: .nan, count: known.count),
            vy: .init(repeating: .nan, count: known.count), vz: .init(repeating: .nan, count: known.count))
        let bulk = BulkPropagator(planets: planets, threads: threads)
        var done = 0
        for (epoch, group) in starts.groups.sorted(by: { $0.key < $1.key }) {
            // In pieces, so that the progress is seen.
            for first in stride(from: 0, to: group.count, by: Self.piece) {
                let piece = group[first..<min(first + Self.piece, group.count)]
                var states = StateColumns(piece.map(\.state), epoch: epoch)
                _ = try bulk.advance(&states, to: mjd)
                for (index, start) in piece.enumerated() { moved[start.row] = states[index] }
                done += piece.count
                guard progress(done, known.count) else { throw Stopped() }
            }
        }
        let propagator = Propagator(planets: planets)
        for start in starts.alone {
            let force = known.nonGravitational[start.row]
            if let state = try? propagator.propagate(start.state, to: [mjd], nonGravitational: force)[0] { moved[start.row] = state }
        }
        guard progress(known.count, known.count) else { throw Stopped() }
        return moved
    }

    private static func table(_ rows: [Int], _ known: KnownOrbits, _ moved: StateColumns) -> Table {
        Table([
            Column("ssObjectId", .int64(rows.map { known.ssObjectId[$0] })),
            Column("epochMjdTdb", .double(.init(repeating: moved.epoch, count: rows.count)), unit: "d"),
            Column("x", .double(rows.map { moved.x[$0] })), Column("y", .double(rows.map { moved.y[$0] })),
            Column("z", .double(rows.map { moved.z[$0] })), Column("vx", .double(rows.map { moved.vx[$0] })),
            Column("vy", .double(rows.map { moved.vy[$0] })), Column("vz", .double(rows.map { moved.vz[$0] })),
            Column("orbitKey", .int64(rows.map { known.key[$0] })),
        ])
    }

    private static let piece = 100_000
}
