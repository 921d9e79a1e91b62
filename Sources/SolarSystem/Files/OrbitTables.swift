import Columns

/// A file of orbits as tables in the schema's column names.
///
/// Ids and the times of creation and change are the database's to give; columns that the files do not carry are missing.
public struct OrbitTables: Sendable, Equatable {
    /// `mpc_orbits`: designations, elements, brightness, counts. Objects whose provisional designation the file does not give have their
    /// number there ("00433", "433"): `numbered_identifications` tells the rest.
    public var orbits: Table
    /// `numbered_identifications`: `permid` for each numbered object whose provisional designation is known.
    public var numbered: Table
    /// `current_identifications`: every object with itself and with each further designation.
    public var identifications: Table

    /// Collects rows and their places, and refuses a designation that comes twice.
    struct Builder {
        private var rows: [OrbitRow] = []
        /// Line of the row that has a designation.
        private var lines: [Designation: Int] = [:]

        mutating func append(_ row: OrbitRow, line: Int) throws {
            for designation in Set([row.designation] + (row.number.map { [$0] } ?? []) + row.others) {
                if let earlier = lines.updateValue(line, forKey: designation) {
                    throw OrbitRowError("\(designation.unpacked) was an object already at \(earlier)")
                }
            }
            rows.append(row)
        }

        func tables() -> OrbitTables {
            func text(_ name: String, _ value: (OrbitRow) -> String) -> Column { Column(name, .string(ByteStrings(rows.lazy.map(value)))) }
            func number(_ name: String, _ unit: String?, _ value: (OrbitRow) -> Double?) -> Column {
                let values = rows.map(value)
                let validity = values.contains(nil) ? Validity(values.lazy.map { $0 != nil }) : nil
                return Column(name, .double(values.map { $0 ?? 0 }), validity: validity, unit: unit)
            }
            func integer(_ name: String, _ value: (OrbitRow) -> Int?) -> Column {
                let values = rows.map(value)
                let validity = values.contains(nil) ? Validity(values.lazy.map { $0 != nil }) : nil
                return Column(name, .int32(values.map { Int32($0 ?? 0) }), validity: validity)
            }
            let orbits = Table([
                text("designation", \.designation.unpacked),
                text("packed_primary_provisional_designation", \.designation.packed),
                text("unpacked_primary_provisional_designation", \.designation.unpacked),
                integer("u_param", \.uncertaintyParameter), integer("nopp", \.oppositionCount),
                number("arc_length_total", "d", \.arcLengthDays), integer("nobs_total", \.observationCount),
                number("a", "AU", \.semiMajorAxis), number("q", "AU", \.q), number("e", nil, \.e), number("i", "deg", \.inclination),
                number("node", "deg", \.node), number("argperi", "deg", \.argumentOfPerihelion),
                number("peri_time", "d", \.perihelionTime), number("mean_anomaly", "deg", \.meanAnomaly),
                number("period", "d", \.period), number("mean_motion", "deg.d-1", \.meanMotion), number("epoch_mjd", "d", \.epoch),
                number("h", "mag", \.h), number("g", nil, \.g), number("not_normalized_rms", "arcsec", \.rms),
            ])
            return OrbitTables(orbits: orbits, numbered: numberedTable(), identifications: identificationTable())
        }

        private func numberedTable() -> Table {
            let known = rows.filter { $0.number != nil && $0.number != $0.designation }
            func text(_ name: String, _ value: (OrbitRow) -> String) -> Column { Column(name, .string(ByteStrings(known.lazy.map(value)))) }
            return Table([
                text("packed_primary_provisional_designation", \.designation.packed),
                text("unpacked_primary_provisional_designation", \.designation.unpacked),
                text("permid") { $0.number!.unpacked },
                Column(
                    "iau_name", .string(ByteStrings(known.lazy.map { $0.name ?? "" })),
                    validity: Validity(known.lazy.map { $0.name != nil })),
            ])
        }

        private func identificationTable() -> Table {
            var primaries: [Designation] = []
            var secondaries: [Designation] = []
            var numbered: [Bool] = []
            for row in rows {
                for other in [row.designation] + row.others {
                    primaries.append(row.designation)
                    secondaries.append(other)
                    numbered.append(row.number != nil)
                }
            }
            func text(_ name: String, _ values: [Designation], _ form: (Designation) -> String) -> Column {
                Column(name, .string(ByteStrings(values.lazy.map(form))))
            }
            return Table([
                text("packed_primary_provisional_designation", primaries, \.packed),
                text("packed_secondary_provisional_designation", secondaries, \.packed),
                text("unpacked_primary_provisional_designation", primaries, \.unpacked),
                text("unpacked_secondary_provisional_designation", secondaries, \.unpacked),
                Column("numbered", .bool(numbered)),
            ])
        }
    }
}
