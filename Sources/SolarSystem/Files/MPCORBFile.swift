/// Reads the MPC's fixed-width orbits of minor planets: `MPCORB.DAT` and the daily files of the same form.
///
/// ```swift
/// let tables = try MPCORBFile.read("MPCORB.DAT")
/// ```
/// Source of the columns: "Export Format for Minor-Planet Orbits" of the MPC. The text before the line of dashes is skipped, where there
/// is such a line; blank lines part the file's sections. Compressed files are unpacked before.
public enum MPCORBFile {
    /// Columns that every line must reach: to the end of the semi-major axis.
    static let shortestLine = 103

    /// - Throws: `OrbitFileError` with the line: a number that is missing or none, impossible elements, a designation that comes twice, a
    ///   file that is cut off or holds no orbit.
    public static func read(_ path: String) throws -> OrbitTables {
        var builder = OrbitTables.Builder()
        let header = try headerLength(path)
        var count = 0
        try FixedWidthLine.forEach(in: path) { line in
            guard line.number > header, !line.isBlank else { return }
            guard line.isTerminated || line.bytes.count >= 194 else { throw OrbitRowError("the file is cut off within this line") }
            guard line.bytes.count >= shortestLine else {
                throw OrbitRowError("the line ends at column \(line.bytes.count), within the elements")
            }
            try builder.append(try row(line), line: line.number)
            count += 1
        }
        guard count > 0 else { throw OrbitFileError(path: path, line: nil, unit: "line", reason: "it holds no orbit") }
        return builder.tables()
    }

    /// Lines up to the one of dashes; 0 where there is none among the first two hundred.
    private static func headerLength(_ path: String) throws -> Int {
        var length = 0
        try FixedWidthLine.forEach(in: path) { line in
            if length == 0, line.number <= 200, line.bytes.count >= 10, line.bytes.prefix(10).allSatisfy({ $0 == 45 }) {
                length = line.number
            }
        }
        return length
    }

    static func row(_ line: FixedWidthLine) throws -> OrbitRow {
        let designation = try Designation(packed: line.text(1, 7))
        let date = line.text(21, 25)
        guard let epoch = CalendarDate.mjd(packed: date) else {
            throw OrbitRowError("the epoch '\(date)' is no packed date (columns 21 to 25)")
        }
        var row = try OrbitRow(
            designation: designation, semiMajorAxis: try line.number(93, 103, "the semi-major axis"),
            e: try line.number(71, 79, "the eccentricity"), inclination: try line.number(60, 68, "the inclination"),
            node: try line.number(49, 57, "the node"), argumentOfPerihelion: try line.number(38, 46, "the argument of perihelion"),
            meanAnomaly: try line.number(27, 35, "the mean anomaly"), meanMotion: try line.optionalNumber(81, 91, "the mean motion"),
            epoch: Double(epoch))
        if case .number = designation { row.number = designation }
        row.h = try line.optionalNumber(9, 13, "H")
        row.g = try line.optionalNumber(15, 19, "G")
        // Letters in this column tell of assumed eccentricities and doubtful identities.
        row.uncertaintyParameter = Int(line.text(106, 106))
        row.observationCount = try line.optionalInteger(118, 122, "the number of observations")
        row.oppositionCount = try line.optionalInteger(124, 126, "the number of oppositions")
        if line.text(133, 136) == "days" { row.arcLengthDays = try line.optionalNumber(128, 131, "the arc") }
        row.rms = try line.optionalNumber(138, 141, "the r.m.s. residual")
        return row
    }
}
