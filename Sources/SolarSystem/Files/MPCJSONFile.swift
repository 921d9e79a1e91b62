import Foundation

/// Reads the MPC's JSON orbits: arrays of objects as in `mpcorb_extended.json` (minor planets) and `cometels.json` (comets), also mixed.
///
/// ```swift
/// let tables = try MPCJSONFile.read("mpcorb_extended.json")
/// ```
/// Minor planets have `a`, `e`, `i`, `Node`, `Peri`, `M` and an `Epoch` as Julian date (TT); comets have `Perihelion_dist` and the day of
/// perihelion in three parts. The object's designation is `Principal_desig`, else its `Number` or `Name`; a comet's is
/// `Designation_and_name`. Source: the MPC's "Guide to the Extended Versions of MPC Data Files". One object is read at a time.
public enum MPCJSONFile {
    /// - Throws: `OrbitFileError` with the record, from 1: a value that is missing, impossible elements, a designation that comes twice, an
    ///   array that is cut off.
    public static func read(_ path: String) throws -> OrbitTables {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch {
            throw OrbitFileError(path: path, line: nil, unit: "record", reason: "it cannot be read: \(error.localizedDescription)")
        }
        var builder = OrbitTables.Builder()
        var record = 1
        do {
            try data.withUnsafeBytes { bytes in
                var records = JSONRecords(bytes)
                while let values = try records.next() {
                    try builder.append(try row(Record(values: values)), line: record)
                    record += 1
                }
            }
        } catch let error as OrbitRowError {
            throw OrbitFileError(path: path, line: record, unit: "record", reason: error.reason)
        } catch let error as DesignationError {
            throw OrbitFileError(path: path, line: record, unit: "record", reason: error.description)
        }
        guard record > 1 else { throw OrbitFileError(path: path, line: nil, unit: "record", reason: "it holds no orbit") }
        return builder.tables()
    }

    private struct Record {
        let values: [String: JSONRecords.Value]

        func has(_ key: String) -> Bool { values[key] != nil }

        func text(_ key: String) -> String? {
            if case .text(let text)? = values[key], !text.isEmpty { text } else { nil }
        }

        /// Nil where the key is missing or null; numbers in quotes count.
        func optionalNumber(_ key: String) throws -> Double? {
            switch values[key] {
            case .number(let value)?: return value
            case .text(let text)?:
                guard let value = Double(text), value.isFinite else { throw OrbitRowError("\(key) is '\(text)', which is no number") }
                return value
            default: return nil
            }
        }

        func number(_ key: String) throws -> Double {
            guard let value = try optionalNumber(key) else { throw OrbitRowError("\(key) is missing") }
            return value
        }

        func optionalInteger(_ key: String) throws -> Int? {
            guard let value = try optionalNumber(key) else { return nil }
            guard value == value.rounded(), 0...1e9 ~= value else { throw OrbitRowError("\(key) is \(value), which is no count") }
            return Int(value)
        }
    }

    private static func row(_ record: Record) throws -> OrbitRow {
        if record.has("Year_of_perihelion") { return try comet(record) }
        let number = try record.text("Number").map { try Designation($0) }
        let designation: Designation
        if let text = record.text("Principal_desig") {
            designation = try Designation(text)
        } else if let number {
            designation = number
        } else if let name = record.text("Name") {
            designation = try Designation(name)
        } else {
            throw OrbitRowError("Principal_desig, Number and Name are missing: the object has no designation")
        }
        var row = try OrbitRow(
            designation: designation, semiMajorAxis: try record.number("a"), e: try record.number("e"), inclination: try record.number("i"),
            node: try record.number("Node"), argumentOfPerihelion: try record.number("Peri"), meanAnomaly: try record.number("M"),
            meanMotion: try record.optionalNumber("n"), epoch: try record.number("Epoch") - 2_400_000.5)
        row.number = number
        if number != nil { row.name = record.text("Name") }
        if case .list(let others)? = record.values["Other_desigs"] {
            row.others = try others.map { try Designation($0) }.filter { $0 != designation }
        }
        row.h = try record.optionalNumber("H")
        row.g = try record.optionalNumber("G")
        row.uncertaintyParameter = record.text("U").flatMap { Int($0) }.flatMap { 0...9 ~= $0 ? $0 : nil }
        row.oppositionCount = try record.optionalInteger("Num_opps")
        row.observationCount = try record.optionalInteger("Num_obs")
        row.arcLengthDays = try record.optionalNumber("Arc_length")
        row.rms = try record.optionalNumber("rms")
        return row
    }

    private static func comet(_ record: Record) throws -> OrbitRow {
        guard let name = record.text("Designation_and_name") else { throw OrbitRowError("Designation_and_name is missing") }
        let designation = try Designation(name)
        func time(_ year: String, _ month: String, _ day: String, _ what: String) throws -> Double {
            try CometElementsFile.time(
                year: try record.number(year), month: try record.number(month), day: try record.number(day), what)
        }
        let perihelion = try time("Year_of_perihelion", "Month_of_perihelion", "Day_of_perihelion", "the time of perihelion")
        let epoch = record.has("Epoch_year") ? try time("Epoch_year", "Epoch_month", "Epoch_day", "the epoch") : perihelion
        var row = try OrbitRow(
            designation: designation, q: try record.number("Perihelion_dist"), e: try record.number("e"),
            inclination: try record.number("i"),
            node: try record.number("Node"), argumentOfPerihelion: try record.number("Peri"), perihelionTime: perihelion,
            epoch: epoch)
        if case .numberedComet = designation { row.number = designation }
        return row
    }
}
