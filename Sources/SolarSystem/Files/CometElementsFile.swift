/// Reads the MPC's fixed-width orbits of comets, `CometEls.txt`: any eccentricity.
///
/// Source of the columns: the MPC's "Ephemerides and Orbital Elements Format" for comets. A comet without an epoch gets its time of
/// perihelion for one. The magnitudes are a comet's total ones with another law than H and G: they are left out.
public enum CometElementsFile {
    /// - Throws: `OrbitFileError` with the line, as `MPCORBFile.read`.
    public static func read(_ path: String) throws -> OrbitTables {
        var builder = OrbitTables.Builder()
        var count = 0
        try FixedWidthLine.forEach(in: path) { line in
            guard !line.isBlank else { return }
            guard line.isTerminated || line.bytes.count >= 103 else { throw OrbitRowError("the file is cut off within this line") }
            guard line.bytes.count >= 79 else { throw OrbitRowError("the line ends at column \(line.bytes.count), within the elements") }
            try builder.append(try row(line), line: line.number)
            count += 1
        }
        guard count > 0 else { throw OrbitFileError(path: path, line: nil, unit: "line", reason: "it holds no orbit") }
        return builder.tables()
    }

    static func row(_ line: FixedWidthLine) throws -> OrbitRow {
        let designation = try Designation(packed: line.text(1, 12))
        let year = try line.number(15, 18, "the year of perihelion")
        let month = try line.number(20, 21, "the month of perihelion")
        let perihelion = try time(year: year, month: month, day: try line.number(23, 29, "the day of perihelion"), "the time of perihelion")
        var epoch = perihelion
        if let year = try line.optionalNumber(82, 85, "the year of the epoch") {
            let month = try line.number(86, 87, "the month of the epoch")
            epoch = try time(year: year, month: month, day: try line.number(88, 89, "the day of the epoch"), "the epoch")
        }
        var row = try OrbitRow(
            designation: designation, q: try line.number(31, 39, "the perihelion distance"), e: try line.number(42, 49, "the eccentricity"),
            inclination: try line.number(72, 79, "the inclination"), node: try line.number(62, 69, "the node"),
            argumentOfPerihelion: try line.number(52, 59, "the argument of perihelion"), perihelionTime: perihelion, epoch: epoch)
        if case .numberedComet = designation { row.number = designation }
        return row
    }

    /// MJD of a date whose day has a fraction.
    static func time(year: Double, month: Double, day: Double, _ what: String) throws -> Double {
        guard 1..<32 ~= day, let wholeYear = Int(exactly: year), let wholeMonth = Int(exactly: month),
            let start = CalendarDate.mjd(year: wholeYear, month: wholeMonth, day: Int(day))
        else {
            throw OrbitRowError("\(what), \(year)-\(month)-\(day), is no date")
        }
        return Double(start) + day.truncatingRemainder(dividingBy: 1)
    }
}
