import Columns
import Foundation

/// Orbits under names of their own, from a table of states or of elements: what predictions for a list of objects begin with.
///
/// Three kinds of columns are known, and told apart by their names:
/// - states, heliocentric on the ecliptic of J2000: `x`, `y`, `z` (au), `vx`, `vy`, `vz` (au/day), `mjd_tdb`;
/// - elements: `e`, `incl` or `i`, `Omega` or `node`, `w` or `argperi` (degrees), `q` or `a` (au), and the time of perihelion `tp_mjd` or
///   `peri_time`, or the mean anomaly `M` or `mean_anomaly` (degrees); the epoch is `mjd_tdb` or `epoch_mjd`;
/// - the schema's `mpc_orbits`, which are such elements.
///
/// The name is `orbit`, else `designation` or `unpacked_primary_provisional_designation`. `H` or `h` and `G` or `g` may be there.
public struct StateTable: Sendable {
    public struct Entry: Sendable {
        public var name: String
        public var state: StateVector
        public var h: Double?
        public var g: Double?
    }

    public let entries: [Entry]
    private let places: [String: Int]

    /// The place of an orbit in `entries`.
    public func place(of name: String) -> Int? { places[name] }

    /// - Parameters:
    ///   - table: numbers as numbers or as texts.
    ///   - path: for messages.
    ///   - lines: the line of each row where the file has lines; else rows are counted from 1.
    /// - Throws: `OrbitFileError` with the row: a column or value that is missing, impossible elements, a name that comes twice.
    public init(_ table: Table, path: String, lines: [Int]? = nil) throws {
        let columns = try Layout(table, path: path)
        var entries: [Entry] = []
        var places: [String: Int] = [:]
        for row in 0..<table.rowCount {
            let line = lines?[row] ?? row + 1
            func refuse(_ reason: String) -> OrbitFileError {
                OrbitFileError(path: path, line: line, unit: lines == nil ? "row" : "line", reason: reason)
            }
            do {
                let entry = try columns.entry(row)
                if let earlier = places.updateValue(row, forKey: entry.name) {
                    throw OrbitRowError("the orbit \(entry.name) was there already at \(lines?[earlier] ?? earlier + 1)")
                }
                entries.append(entry)
            } catch let error as OrbitRowError {
                throw refuse(error.reason)
            } catch EphemerisError.impossibleOrbit(let reason) {
                throw refuse("the orbit is impossible: \(reason)")
            }
        }
        self.entries = entries
        self.places = places
    }

    /// The columns of one kind, found once.
    private struct Layout {
        enum Kind {
            /// x, y, z, vx, vy, vz.
            case states([NumberColumn])
            /// Perihelion distance, or else semi-major axis; e, inclination, node, argument; time of perihelion, or else mean anomaly.
            case elements(q: NumberColumn?, a: NumberColumn?, shape: [NumberColumn], perihelion: NumberColumn?, anomaly: NumberColumn?)
        }

        let name: Column
        let epoch: NumberColumn
        let kind: Kind
        let h: NumberColumn?
        let g: NumberColumn?

        init(_ table: Table, path: String) throws {
            func missing(_ names: [String]) -> OrbitFileError {
                OrbitFileError(path: path, line: nil, unit: "row", reason: "the column \(names.joined(separator: " or ")) is missing")
            }
            func find(_ names: String...) -> NumberColumn? { names.lazy.compactMap { table[$0] }.first.map(NumberColumn.init) }
            func need(_ names: String...) throws -> NumberColumn {
                guard let column = names.lazy.compactMap({ table[$0] }).first else { throw missing(names) }
                return NumberColumn(column)
            }
            let names = ["orbit", "designation", "unpacked_primary_provisional_designation"]
            guard let name = names.lazy.compactMap({ table[$0] }).first else { throw missing(names) }
            self.name = name
            epoch = try need("mjd_tdb", "epoch_mjd")
            (h, g) = (find("H", "h"), find("G", "g"))
            let states = ["x", "y", "z", "vx", "vy", "vz"]
            if states.allSatisfy({ table[$0] != nil }) {
                kind = .states(states.map { NumberColumn(table[$0]!) })
                return
            }
            let shape = [
                try need("e"), try need("incl", "i"), try need("Omega", "node"), try need("w", "argperi"),
            ]
            let (q, a, perihelion, anomaly) = (find("q"), find("a"), find("tp_mjd", "peri_time"), find("M", "mean_anomaly"))
            guard q != nil || a != nil else { throw missing(["q", "a"]) }
            guard perihelion != nil || anomaly != nil else { throw missing(["tp_mjd", "peri_time", "M", "mean_anomaly"]) }
            kind = .elements(q: q, a: a, shape: shape, perihelion: perihelion, anomaly: anomaly)
        }

        func entry(_ row: Int) throws -> Entry {
            guard let name = text(name, row), !name.isEmpty else { throw OrbitRowError("the orbit has no name") }
            return Entry(name: name, state: try state(row), h: try h?.value(row), g: try g?.value(row))
        }

        private func text(_ column: Column, _ row: Int) -> String? {
            if column.isNull(row) { return nil }
            switch column.values {
            case .string(let v): return v[row]
            case .int16(let v): return String(v[row])
            case .int32(let v): return String(v[row])
            case .int64(let v): return String(v[row])
            default: return nil
            }
        }

        private func state(_ row: Int) throws -> StateVector {
            let epoch = try epoch.needed(row)
            switch kind {
            case .states(let columns):
                let v = try columns.map { try $0.needed(row) }
                let state = StateVector(eclipticPosition: SIMD3(v[0], v[1], v[2]), velocity: SIMD3(v[3], v[4], v[5]), epoch: epoch)
                try state.check()
                return state
            case .elements(let qColumn, let aColumn, let shape, let perihelionColumn, let anomalyColumn):
                let v = try shape.map { try $0.needed(row) }
                let (e, inclination, node, argument) = (v[0], v[1], v[2], v[3])
                let (q, a) = (try qColumn?.value(row), try aColumn?.value(row))
                guard let distance = q ?? a.map({ $0 * (1 - e) }) else { throw OrbitRowError("q and a are missing") }
                if let perihelion = try perihelionColumn?.value(row) {
                    return try Orbit(
                        q: distance, e: e, inclination: inclination, node: node, argumentOfPerihelion: argument,
                        perihelionTime: perihelion, epoch: epoch
                    ).state()
                }
                guard let anomaly = try anomalyColumn?.value(row) else {
                    throw OrbitRowError("the time of perihelion and the mean anomaly are missing")
                }
                return try Orbit(
                    semiMajorAxis: q.map { $0 / (1 - e) } ?? a!, e: e, inclination: inclination, node: node, argumentOfPerihelion: argument,
                    meanAnomaly: anomaly, epoch: epoch
                ).state()
            }
        }
    }

    /// A column of numbers, as numbers or as texts.
    private struct NumberColumn {
        private let column: Column
        private let numbers: [Double]?

        init(_ column: Column) { (self.column, numbers) = (column, column.numbers) }

        /// Nil where null or NaN.
        func value(_ row: Int) throws -> Double? {
            if column.isNull(row) { return nil }
            if let numbers { return numbers[row].isNaN ? nil : numbers[row] }
            guard let text = column.strings?[row] else { throw OrbitRowError("\(column.name) holds no numbers") }
            if text.isEmpty || text.lowercased() == "nan" { return nil }
            guard let number = Double(text), number.isFinite else { throw OrbitRowError("\(column.name) is '\(text)', which is no number") }
            return number
        }

        func needed(_ row: Int) throws -> Double {
            guard let value = try value(row) else { throw OrbitRowError("\(column.name) is missing") }
            return value
        }
    }
}
