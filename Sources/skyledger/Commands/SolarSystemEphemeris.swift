import ArgumentParser
import Columns
import Foundation
import Ingest
import SolarSystem

struct SolarSystemEphemeris: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ephemeris", abstract: "Predict where bodies are seen, from their states or elements.",
        discussion: """
            Elements are CSV, Parquet or FITS with a column orbit (or designation) and either heliocentric states on the ecliptic of J2000
            (x, y, z, vx, vy, vz, mjd_tdb; au and days) or elements (q or a, e, incl or i, Omega or node, w or argperi, tp_mjd or peri_time
            or M; epoch mjd_tdb or epoch_mjd), as in mpc_orbits; H and G may be there. The moments are rows of orbit, mjd_utc and
            observatory_code, with H and G for orbits that have none. The answer has these and ra, dec (astrometric, ICRF, degrees),
            r, delta (au), alpha (degrees) and V.
            Example: skyledger solarsystem ephemeris --elements elements.csv --at moments.csv --observatories obscodes.txt
            """)

    @Option(help: "A file of states or elements, one row an orbit.") var elements: String
    @Option(help: "A file of moments: orbit, mjd_utc, observatory_code.") var at: String
    @Option(help: "The Minor Planet Center's list of observatories (default: SKYLEDGER_OBSCODES, then the large surveys).")
    var observatories: String?
    @Option(help: "DE440 as an SPK file (default: SKYLEDGER_PLANETS, then the dependencies' own).") var planets: String?
    @Option(name: [.short, .long], help: "Write to this file instead of standard output.") var output: String?

    func run() throws {
        let orbits = try EphemerisFiles.orbits(elements)
        let moments = try EphemerisFiles.moments(at)
        let places = try ObservatoryChoice.list(path: observatories)
        let ephemeris = Ephemeris(planets: try PlanetsFile.planets(path: planets))
        let rows = try EphemerisRows(orbits: orbits, elementsPath: elements, moments: moments, observatories: places, ephemeris: ephemeris)
        try RowOutput.write(rows.table(), OutputRequest(format: .csv, path: output))
    }
}

/// The predictions for rows of moments.
private struct EphemerisRows {
    let orbits: StateTable
    let elementsPath: String
    let moments: EphemerisFiles.Moments
    let observatories: ObservatoryList
    let ephemeris: Ephemeris

    init(
        orbits: StateTable, elementsPath: String, moments: EphemerisFiles.Moments, observatories: ObservatoryList, ephemeris: Ephemeris
    ) throws {
        self.orbits = orbits
        self.elementsPath = elementsPath
        self.moments = moments
        self.observatories = observatories
        self.ephemeris = ephemeris
    }

    func table() throws -> Table {
        // Every row is checked before the first is computed.
        let bodies = try moments.orbits.enumerated().map { row, name -> Int in
            guard let body = orbits.place(of: name) else {
                throw RequestError("\(moments.place(row)): \(elementsPath) has no orbit \(name)")
            }
            return body
        }
        let places = try moments.codes.enumerated().map { row, code in
            try naming(row) { () throws(EphemerisError) in try observatories.observatory(code) }
        }
        let times = try moments.mjds.enumerated().map { row, mjd in try naming(row) { () throws(EphemerisError) in try Moment(utc: mjd) } }
        var found = [Prediction?](repeating: nil, count: bodies.count)
        // Each body is integrated once, and each observer computed once.
        var observers: [Observer: Planets.State] = [:]
        for (body, rows) in Dictionary(grouping: bodies.indices, by: { bodies[$0] }).sorted(by: { $0.key < $1.key }) {
            let entry = orbits.entries[body]
            var path: Trajectory
            do {
                path = try Trajectory(entry.state, planets: ephemeris.planets)
            } catch {
                throw RequestError("\(elementsPath), orbit \(entry.name): \(error)")
            }
            for row in rows {
                let key = Observer(code: moments.codes[row], mjd: moments.mjds[row])
                found[row] = try naming(row) { () throws(EphemerisError) in
                    let observer: Planets.State
                    if let known = observers[key] {
                        observer = known
                    } else {
                        observer = try ephemeris.observer(at: times[row], places[row])
                        observers[key] = observer
                    }
                    return try ephemeris.predict(&path, at: times[row], observer: observer)
                }
            }
        }
        let predictions = found.map { $0! }
        func column(_ name: String, _ unit: String, _ value: (Prediction) -> Double) -> Column {
            Column(name, .double(predictions.map(value)), unit: unit)
        }
        let magnitudes = predictions.indices.map { row -> Double? in
            let entry = orbits.entries[bodies[row]]
            let (h, g) = entry.h.map { ($0, entry.g) } ?? (moments.h?[row] ?? .nan, moments.g?[row] ?? nil)
            let magnitude = predictions[row].visualMagnitude(h: h, g: g ?? 0.15)
            return magnitude.isFinite ? magnitude : nil
        }
        return Table([
            Column("orbit", .string(ByteStrings(moments.orbits))), Column("mjd_utc", .double(moments.mjds), unit: "d"),
            Column("observatory_code", .string(ByteStrings(moments.codes))), column("ra", "deg") { $0.ra }, column("dec", "deg") { $0.dec },
            column("r", "AU") { $0.heliocentricRange }, column("delta", "AU") { $0.range }, column("alpha", "deg") { $0.phaseAngle },
            Column(
                "V", .double(magnitudes.map { $0 ?? 0 }), validity: magnitudes.contains(nil) ? Validity(magnitudes.map { $0 != nil }) : nil,
                unit: "mag"),
        ])
    }

    private struct Observer: Hashable {
        var code: String
        var mjd: Double
    }

    /// What goes wrong with a row names the row.
    private func naming<Value>(_ row: Int, _ body: () throws(EphemerisError) -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw RequestError("\(moments.place(row)), orbit \(moments.orbits[row]): \(error)")
        }
    }
}
