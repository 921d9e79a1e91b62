import Columns
import Foundation
import Ingest
import SolarSystem

/// The files that predictions are made from.
enum EphemerisFiles {
    /// For which orbits, when and from where.
    struct Moments {
        var path: String
        var orbits: [String]
        /// MJD UTC.
        var mjds: [Double]
        var codes: [String]
        /// Absolute magnitudes and slopes of the rows themselves, for orbits that have none; nil where the file has no such column.
        var h: [Double?]?
        var g: [Double?]?
        /// Nil where the file has no lines.
        var lines: [Int]?

        /// The file and the row, for messages.
        func place(_ row: Int) -> String { lines.map { "\(path), line \($0[row])" } ?? "\(path), row \(row + 1)" }
    }

    static func orbits(_ path: String) throws -> StateTable {
        let (table, lines) = try read(path)
        do {
            return try StateTable(table, path: path, lines: lines)
        } catch let error as OrbitFileError {
            throw RequestError(error.description)
        }
    }

    static func moments(_ path: String) throws -> Moments {
        let (table, lines) = try read(path)
        func column(_ name: String) throws -> Column {
            guard let column = table[name] else { throw ColumnsError.missingColumn(path: path, column: name) }
            return column
        }
        var out = Moments(path: path, orbits: [], mjds: [], codes: [], lines: lines)
        let (orbits, mjds, codes) = (try column("orbit"), numbers(try column("mjd_utc")), try column("observatory_code"))
        for row in 0..<table.rowCount {
            func refuse(_ reason: String) -> RequestError { RequestError("\(out.place(row)): \(reason)") }
            guard let orbit = text(orbits, row), !orbit.isEmpty else { throw refuse("there is no orbit") }
            guard let code = text(codes, row), !code.isEmpty else { throw refuse("there is no observatory_code") }
            guard let mjd = mjds[row] else { throw refuse("mjd_utc is missing or no number") }
            out.orbits.append(orbit)
            out.mjds.append(mjd)
            // Spreadsheets drop the zeros that codes of digits begin with.
            out.codes.append(String(repeating: "0", count: max(0, 3 - code.count)) + code)
        }
        (out.h, out.g) = (table["H"].map(numbers), table["G"].map(numbers))
        return out
    }

    /// A table by what the file is (Parquet, FITS, else comma-separated text), and the line of each row of text.
    private static func read(_ path: String) throws -> (Table, lines: [Int]?) {
        guard let handle = FileHandle(forReadingAtPath: path), let start = try? handle.read(upToCount: 4) ?? Data() else {
            throw ColumnsError.unreadable(path: path, reason: "there is no such file, or it may not be read")
        }
        if start == Data("PAR1".utf8) || start == Data("SIMP".utf8) { return (try CatalogFile.read(path), nil) }
        let file = try CSVRecords(path: path)
        return (file.table, file.records.map(\.line))
    }

    /// Nil where null, not finite or no number.
    private static func numbers(_ column: Column) -> [Double?] {
        if let numbers = column.numbers { return numbers.map { $0.isFinite ? $0 : nil } }
        return (0..<column.count).map { row in
            guard let number = column.strings.flatMap({ Double($0[row]) }), number.isFinite else { return nil }
            return number
        }
    }

    private static func text(_ column: Column, _ row: Int) -> String? {
        if column.isNull(row) { return nil }
        switch column.values {
        case .string(let v): return v[row]
        case .int16(let v): return String(v[row])
        case .int32(let v): return String(v[row])
        case .int64(let v): return String(v[row])
        default: return nil
        }
    }
}
