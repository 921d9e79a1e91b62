import Foundation

/// Brings the states of all known bodies from their common epoch to another: a night to the next, or a few years at once.
///
/// Bodies are followed with fixed steps of at most 4 days, each with a step that its perihelion needs; those that come near a planet or the
/// Sun are followed by the integrator that chooses its steps. Nothing depends on the number of threads.
public struct BulkPropagator: Sendable {
    public let planets: Planets
    public let threads: Int

    /// What an advance did.
    public struct Report: Sendable, Equatable {
        /// Bodies that were followed with chosen steps.
        public var adaptive: Int
        /// Rows that could not be followed (impossible states, collisions): their states are not a number afterwards.
        public var lost: [Int]
    }

    /// A step is at most this part of sqrt(q^3 / GM), with q the perihelion distance.
    static let relativeStep = 0.02
    static let longestStepDays = 4.0
    /// Halvings of the longest step before a body is given to chosen steps.
    static let halvings = 7

    public init(planets: Planets, threads: Int = 2) {
        precondition(threads >= 1)
        self.planets = planets
        self.threads = threads
    }

    /// Moves all states to `mjd` (TDB).
    /// - Throws: `EphemerisError.outsideSpan`.
    /// - Complexity: O(n) for n bodies, times the days between.
    public func advance(_ states: inout StateColumns, to mjd: Double) throws(EphemerisError) -> Report {
        try planets.check(states.epoch)
        try planets.check(mjd)
        let start = states.epoch
        let span = mjd - start
        guard span != 0, states.count > 0 else {
            states.epoch = mjd
            return Report(adaptive: 0, lost: [])
        }
        let baseCount = Int((abs(span) / Self.longestStepDays).rounded(.up))
        let longest = abs(span) / Double(baseCount)
        var classes = [[Int32]](repeating: [], count: Self.halvings + 1)
        var chosen = [Int]()
        for row in 0..<states.count {
            let needed = Self.stepNeeded(states, row)
            let halvings = needed > 0 ? max(0, Int(log2(longest / needed).rounded(.up))) : Int.max
            if halvings <= Self.halvings { classes[halvings].append(Int32(row)) } else { chosen.append(row) }
        }
        for (halvings, rows) in classes.enumerated() where !rows.isEmpty {
            let count = baseCount << halvings
            let steps = FixedStep(planets: planets, start: start, length: span / Double(count), count: count)
            chosen += follow(&states, rows, steps)
        }
        // The columns still hold the old states of the chosen rows.
        let moved = followChosen(states, chosen, to: mjd)
        states.epoch = mjd
        var lost = [Int]()
        for (row, state) in zip(chosen, moved) {
            if state == nil { lost.append(row) }
            let none = SIMD3<Double>(repeating: .nan)
            states[row] = state ?? StateVector(position: none, velocity: none, epoch: mjd)
        }
        return Report(adaptive: chosen.count - lost.count, lost: lost.sorted())
    }

    /// The step in days that a body's perihelion allows; 0 for a state that is none.
    private static func stepNeeded(_ states: StateColumns, _ row: Int) -> Double {
        let r = SIMD3(states.x[row], states.y[row], states.z[row])
        let v = SIMD3(states.vx[row], states.vy[row], states.vz[row])
        let mu = Constants.gmSun
        let distance = r.length
        let h = r.cross(v)
        let parameter = h.squaredLength / mu
        let eccentricity = max(0, 1 + parameter * (v.squaredLength / mu - 2 / distance)).squareRoot()
        let q = parameter / (1 + eccentricity)
        let step = relativeStep * (q * q * q / mu).squareRoot()
        return step.isFinite ? step : 0
    }

    /// Fixed steps for some rows; gives the rows that met a planet and were left as they were.
    private func follow(_ states: inout StateColumns, _ rows: [Int32], _ steps: FixedStep) -> [Int] {
        let groups = (rows.count + 3) / 4
        let parts = min(threads, groups)
        var met = [[Int]](repeating: [], count: parts)
        states.withColumns { columns in
            met.withUnsafeMutableBufferPointer { met in
                // Each part writes its own rows and its own element of `met`.
                nonisolated(unsafe) let (columns, met) = (columns, met)
                DispatchQueue.concurrentPerform(iterations: parts) { part in
                    met[part] = Self.follow(columns, rows, steps, groups: groups * part / parts..<groups * (part + 1) / parts)
                }
            }
        }
        return met.flatMap { $0 }
    }

    private static func follow(
        _ columns: StateColumns.Pointers, _ rows: [Int32], _ steps: FixedStep, groups: Range<Int>
    ) -> [Int] {
        var met = [Int]()
        Planets.gms.withUnsafeBufferPointer { gms in
            for group in groups {
                // A last group that is not full repeats its last row.
                var lanes = SIMD4<Int>()
                for lane in 0..<4 { lanes[lane] = Int(rows[min(4 * group + lane, rows.count - 1)]) }
                func gather(_ column: UnsafeMutablePointer<Double>) -> SIMD4<Double> {
                    SIMD4(column[lanes[0]], column[lanes[1]], column[lanes[2]], column[lanes[3]])
                }
                var r = FixedStep.Four(x: gather(columns.x), y: gather(columns.y), z: gather(columns.z))
                var v = FixedStep.Four(x: gather(columns.vx), y: gather(columns.vy), z: gather(columns.vz))
                let near = steps.follow(&r, &v, gms: gms.baseAddress!)
                for lane in 0..<4 where 4 * group + lane < rows.count {
                    let row = lanes[lane]
                    guard !near[lane] else {
                        met.append(row)
                        continue
                    }
                    (columns.x[row], columns.y[row], columns.z[row]) = (r.x[lane], r.y[lane], r.z[lane])
                    (columns.vx[row], columns.vy[row], columns.vz[row]) = (v.x[lane], v.y[lane], v.z[lane])
                }
            }
        }
        return met
    }

    private func followChosen(_ states: StateColumns, _ rows: [Int], to mjd: Double) -> [StateVector?] {
        var moved = [StateVector?](repeating: nil, count: rows.count)
        let propagator = Propagator(planets: planets)
        let parts = min(threads, rows.count)
        moved.withUnsafeMutableBufferPointer { moved in
            // Each part writes its own elements.
            nonisolated(unsafe) let moved = moved
            DispatchQueue.concurrentPerform(iterations: parts) { part in
                for index in rows.count * part / parts..<rows.count * (part + 1) / parts {
                    moved[index] = try? propagator.propagate(states[rows[index]], to: [mjd])[0]
                }
            }
        }
        return moved
    }
}

extension StateColumns {
    struct Pointers {
        let x, y, z, vx, vy, vz: UnsafeMutablePointer<Double>
    }

    /// The columns' memory; `count` must not be 0.
    mutating func withColumns(_ body: (Pointers) -> Void) {
        x.withUnsafeMutableBufferPointer { x in
            y.withUnsafeMutableBufferPointer { y in
                z.withUnsafeMutableBufferPointer { z in
                    vx.withUnsafeMutableBufferPointer { vx in
                        vy.withUnsafeMutableBufferPointer { vy in
                            vz.withUnsafeMutableBufferPointer { vz in
                                body(
                                    Pointers(
                                        x: x.baseAddress!, y: y.baseAddress!, z: z.baseAddress!, vx: vx.baseAddress!, vy: vy.baseAddress!,
                                        vz: vz.baseAddress!))
                            }
                        }
                    }
                }
            }
        }
    }
}
