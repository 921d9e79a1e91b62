import Columns

/// Orbits that come with the schema's columns already, from Parquet or CSV: the same checks as for the MPC's own formats.
public enum OrbitColumns {
    /// The orbits of a table with the columns of `mpc_orbits`, row by row.
    ///
    /// Wanted are `q`, `e`, `i`, `node`, `argperi`, `peri_time` and `epoch_mjd`, and `unpacked_primary_provisional_designation` or
    /// `designation`; times are MJD, angles degrees. `path` is for messages.
    /// - Throws: `OrbitFileError` with the row, from 1: a column or value that is missing, impossible elements, a designation that is
    ///   none or comes twice.
    public static func read(_ table: Table, path: String) throws -> [(designation: Designation, orbit: Orbit)] {
        let columns = try ["q", "e", "i", "node", "argperi", "peri_time", "epoch_mjd"].map { name -> (name: String, values: [Double]) in
            guard let values = table[name]?.numbers else { throw missing(name, path) }
            return (name, values)
        }
        let primary = table["unpacked_primary_provisional_designation"] ?? table["designation"]
        guard let primary, let names = primary.strings else { throw missing("unpacked_primary_provisional_designation", path) }
        var rows: [Designation: Int] = [:]
        return try (0..<table.rowCount).map { row in
            func refuse(_ reason: String) -> OrbitFileError { OrbitFileError(path: path, line: row + 1, unit: "row", reason: reason) }
            do {
                guard !primary.isNull(row) else { throw OrbitRowError("the designation is null") }
                let designation = try Designation(names[row])
                if let earlier = rows.updateValue(row + 1, forKey: designation) {
                    throw OrbitRowError("\(designation.unpacked) was an object already at \(earlier)")
                }
                let values = try columns.map { column in
                    guard column.values[row].isFinite else { throw OrbitRowError("\(column.name) is null or not a number") }
                    return column.values[row]
                }
                let checked = try OrbitRow(
                    designation: designation, q: values[0], e: values[1], inclination: values[2], node: values[3],
                    argumentOfPerihelion: values[4], perihelionTime: values[5], epoch: values[6])
                return (designation, checked.orbit)
            } catch let error as OrbitRowError {
                throw refuse(error.reason)
            } catch let error as DesignationError {
                throw refuse(error.description)
            }
        }
    }

    private static func missing(_ name: String, _ path: String) -> OrbitFileError {
        OrbitFileError(path: path, line: nil, unit: "row", reason: "the column \(name) is missing or of another type")
    }
}
