import Foundation
import Sphere

/// All known bodies over one night, ready to say which of them a detector sees.
///
///     let index = try NightIndex(states, from: evening, to: morning, observatory: rubin, ephemeris: ephemeris)
///     let seen = try index.objects(near: center, radius: 0.16, at: visit)  // exact positions
///
/// For each body a cap is kept that holds it all night; caps of like size share a grid. A question looks through the caps that reach the
/// circle, computes each body's coarse position at the moment asked for, and follows exactly those that come within the circle.
/// The coarse position is the Sun's pull alone from a state at most a day away; how far it can be off (the planets' pull, a short series)
/// is bounded for each body and added to the circle, so that no body is missed: 0.1 arcsec or less in the main belt, a minute of arc
/// and more within 0.05 au of the Earth.
public struct NightIndex: Sendable {
    /// Half sizes in degrees of the caps that share a grid; larger caps are looked through one by one.
    private static let capSizes = [0.1, 0.3, 1.0, 4.0]
    /// Moments over the night at which positions are computed for the caps.
    private static let nodes = 5

    public let states: StateColumns
    public let ephemeris: Ephemeris
    public let observatory: Observatory
    /// The night, MJD TDB.
    public let first: Double
    public let last: Double
    private let perturbers: Perturbers
    private let grids: [SkyGrid]
    private let everywhere: [Int32]

    /// A body that may be within a circle.
    public struct Candidate: Sendable {
        public let row: Int
        /// Coarse position, degrees, and the bound of its error, arcsec.
        public let ra: Double
        public let dec: Double
        public let errorArcsec: Double
    }

    /// - Parameters:
    ///   - states: Of all bodies, at an epoch at most a day from either end of the night (`BulkPropagator` brings them there).
    ///   - threads: At most so many compute at once.
    /// - Throws: `EphemerisError.outsideSpan`, and `.time` when the night is too long or too far from the states' epoch.
    /// - Complexity: O(n) for n bodies.
    public init(
        _ states: StateColumns, from evening: Moment, to morning: Moment, observatory: Observatory, ephemeris: Ephemeris, threads: Int = 2
    ) throws(EphemerisError) {
        guard evening.tdb < morning.tdb, abs(evening.tdb - states.epoch) <= 1, abs(morning.tdb - states.epoch) <= 1 else {
            throw .time(mjd: states.epoch, reason: "the states' epoch must lie within a day of both ends of the night")
        }
        (self.states, self.ephemeris, self.observatory) = (states, ephemeris, observatory)
        (first, last) = (evening.tdb, morning.tdb)
        let perturbers = try Perturbers(
            ephemeris.planets, epoch: states.epoch, reachDays: max(abs(first - states.epoch), abs(last - states.epoch)))
        self.perturbers = perturbers
        var views = [View]()
        for node in 0..<Self.nodes {
            let moment = try Moment(utc: evening.utc + (morning.utc - evening.utc) * Double(node) / Double(Self.nodes - 1))
            views.append(try View(moment, observatory, ephemeris))
        }
        let count = states.count
        var (ra, dec, size) = (
            [Float](repeating: 0, count: count), [Float](repeating: 0, count: count), [Float](repeating: 0, count: count)
        )
        let parts = max(1, min(threads, count / 1000))
        ra.withUnsafeMutableBufferPointer { ra in
            dec.withUnsafeMutableBufferPointer { dec in
                size.withUnsafeMutableBufferPointer { size in
                    // Each part writes its own rows.
                    nonisolated(unsafe) let (ra, dec, size) = (ra, dec, size)
                    let nights = views
                    DispatchQueue.concurrentPerform(iterations: parts) { part in
                        for row in count * part / parts..<count * (part + 1) / parts {
                            let cap = Self.cap(states[row], nights, perturbers)
                            (ra[row], dec[row], size[row]) = (Float(cap.ra), Float(cap.dec), Float(cap.size))
                        }
                    }
                }
            }
        }
        var classes = [[Int32]](repeating: [], count: Self.capSizes.count)
        var everywhere = [Int32]()
        // Bodies that could not be followed have no numbers, and are nowhere.
        for row in 0..<count where size[row].isFinite && ra[row].isFinite && dec[row].isFinite {
            if let fitting = Self.capSizes.firstIndex(where: { size[row] <= Float($0) }) {
                classes[fitting].append(Int32(row))
            } else {
                everywhere.append(Int32(row))
            }
        }
        grids = zip(Self.capSizes, classes).map { SkyGrid(height: max(0.25, $0), rows: $1, ra: ra, dec: dec) }
        self.everywhere = everywhere
    }

    /// The observer and the Sun at a moment.
    private struct View {
        let tdb: Double
        let observer: Planets.State
        let sun: Planets.State

        init(_ moment: Moment, _ observatory: Observatory, _ ephemeris: Ephemeris) throws(EphemerisError) {
            tdb = moment.tdb
            observer = try ephemeris.observer(at: moment, observatory)
            sun = try ephemeris.planets.state(of: .sun, at: moment.tdb)
        }
    }

    /// A cap in degrees that holds a body over the night: its middle, and the greatest distance from it with a tenth to spare for what
    /// happens between the moments; some of them `nan` for a state that is none.
    private static func cap(_ state: StateVector, _ views: [View], _ perturbers: Perturbers) -> (ra: Double, dec: Double, size: Double) {
        let path = CoarsePath(state.position, state.velocity, perturbers)
        func direction(_ view: View) -> (SIMD3<Double>, Double) {
            let days = view.tdb - state.epoch
            let seen = path.seen(after: days, observer: view.observer.position, sun: view.sun)
            let range = seen.length
            return (seen / range, path.error(after: days, range: range))
        }
        let (middle, _) = direction(views[views.count / 2])
        var (chord, error) = (0.0, 0.0)
        for view in views {
            let (seen, bound) = direction(view)
            chord = max(chord, (seen - middle).squaredLength)
            error = max(error, bound)
        }
        let (ra, dec) = UnitVector(x: middle.x, y: middle.y, z: middle.z).raDec
        let angle = 2 * asin(min(1, chord.squareRoot() / 2))
        return (ra, dec, (1.1 * angle + error) * 180 / .pi + 1e-3)
    }

    /// Bodies whose coarse position is within a circle widened by the bound of its error.
    /// - Parameters:
    ///   - radius: Degrees.
    ///   - marginArcsec: Widens the circle further, for bodies whose orbits are uncertain.
    /// - Throws: `EphemerisError.time` outside the night.
    public func candidates(
        near center: UnitVector, radius: Double, at moment: Moment, marginArcsec: Double = 0
    ) throws(EphemerisError) -> [Candidate] {
        guard moment.tdb >= first, moment.tdb <= last else {
            throw .time(mjd: moment.utc, reason: "the index holds for the night from MJD \(first) to \(last) (TDB)")
        }
        let view = try View(moment, observatory, ephemeris)
        let reach = (radius + marginArcsec / 3600) * .pi / 180
        var found = [Candidate]()
        let days = moment.tdb - states.epoch
        func consider(_ row: Int) {
            let state = states[row]
            let path = CoarsePath(state.position, state.velocity, perturbers)
            let seen = path.seen(after: days, observer: view.observer.position, sun: view.sun)
            let range = seen.length
            let direction = UnitVector(x: seen.x / range, y: seen.y / range, z: seen.z / range)
            let error = path.error(after: days, range: range)
            guard direction.separation(to: center) <= reach + error else { return }
            let (ra, dec) = direction.raDec
            found.append(Candidate(row: row, ra: ra, dec: dec, errorArcsec: error * 180 / .pi * 3600))
        }
        let (ra, dec) = center.raDec
        for (size, grid) in zip(Self.capSizes, grids) {
            grid.forEach(nearRa: ra, dec: dec, radius: radius + marginArcsec / 3600 + size, consider)
        }
        for row in everywhere { consider(Int(row)) }
        return found
    }

    /// Bodies within a circle with their exact predictions, in the order of their rows.
    /// - Throws: `EphemerisError.time` outside the night. Bodies that cannot be followed are left out.
    public func objects(
        near center: UnitVector, radius: Double, at moment: Moment, marginArcsec: Double = 0
    ) throws(EphemerisError) -> [(row: Int, prediction: Prediction)] {
        let observer = try ephemeris.observer(at: moment, observatory)
        let reach = (radius + marginArcsec / 3600) * .pi / 180
        var found = [(row: Int, prediction: Prediction)]()
        for candidate in try candidates(near: center, radius: radius, at: moment, marginArcsec: marginArcsec) {
            guard var path = try? Trajectory(states[candidate.row], planets: ephemeris.planets),
                let prediction = try? ephemeris.predict(&path, at: moment, observer: observer)
            else { continue }
            let seen = prediction.topocentric.position / prediction.range
            guard UnitVector(x: seen.x, y: seen.y, z: seen.z).separation(to: center) <= reach else { continue }
            found.append((candidate.row, prediction))
        }
        return found.sorted { $0.row < $1.row }
    }

    /// Number of bodies that move too far in the night for a grid.
    public var fastCount: Int { everywhere.count }
}
