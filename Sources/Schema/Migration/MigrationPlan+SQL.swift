extension MigrationPlan {
    /// The plan as PostgreSQL statements for plain tables of a schema, in order; to be run in one transaction.
    public func sql(schema: String) -> [String] { steps.flatMap { $0.sql(schema: schema) } }
}

extension MigrationStep {
    /// The step as PostgreSQL statements. Identifiers are quoted; values are of the documents, never of users.
    public func sql(schema: String) -> [String] {
        func name(_ table: String) -> String { MigrationText.identifier(schema) + "." + MigrationText.identifier(table) }
        func alter(_ table: String, _ change: String) -> [String] { ["ALTER TABLE \(name(table)) \(change)"] }
        let quote = MigrationText.identifier
        switch self {
        case .createTable(let table):
            var lines = table.columns.map { column in
                let value = column.defaultValue.map { " DEFAULT " + MigrationText.literal($0, column.datatype) } ?? ""
                return "    \(quote(column.name)) \(MigrationText.type(column))\(column.isNullable ? "" : " NOT NULL")\(value)"
            }
            if !table.primaryKey.isEmpty { lines.append("    PRIMARY KEY (\(table.primaryKey.map(quote).joined(separator: ", ")))") }
            return ["CREATE TABLE \(name(table.name)) (\n\(lines.joined(separator: ",\n"))\n)"]
        case .dropTable(let table): return ["DROP TABLE \(name(table))"]
        case .renameTable(let from, let to): return alter(from, "RENAME TO \(quote(to))")
        case .addColumn(let table, let column): return alter(table, "ADD COLUMN \(quote(column.name)) \(MigrationText.type(column))")
        case .renameColumn(let table, let from, let to): return alter(table, "RENAME COLUMN \(quote(from)) TO \(quote(to))")
        case .compute(let table, let column, let computation):
            return [computation.sql(table: name(table), column: quote(column), other: name)]
        case .changeType(let table, let from, let to):
            // Without USING PostgreSQL applies assignment casts, which refuse what does not fit; an explicit cast would cut texts.
            // A floating number would be rounded to an integer: through text it is refused unless it is one.
            let rounds = from.datatype.columnType.isFloatingPoint && to.datatype.columnType.isInteger
            let using = rounds ? " USING \(quote(to.name))::text::\(MigrationText.type(to))" : ""
            return alter(table, "ALTER COLUMN \(quote(to.name)) TYPE \(MigrationText.type(to))\(using)")
        case .fillNulls(let table, let column, let value):
            let column = (quote(column.name), MigrationText.literal(value, column.datatype))
            return ["UPDATE \(name(table)) SET \(column.0) = \(column.1) WHERE \(column.0) IS NULL"]
        case .setNotNull(let table, let column): return alter(table, "ALTER COLUMN \(quote(column)) SET NOT NULL")
        case .dropNotNull(let table, let column): return alter(table, "ALTER COLUMN \(quote(column)) DROP NOT NULL")
        case .setDefault(let table, let column):
            let change = column.defaultValue.map { "SET DEFAULT " + MigrationText.literal($0, column.datatype) } ?? "DROP DEFAULT"
            return alter(table, "ALTER COLUMN \(quote(column.name)) \(change)")
        case .dropColumn(let table, let column, _): return alter(table, "DROP COLUMN \(quote(column))")
        case .dropPrimaryKey(let table):
            // The constraint's name is the server's choice.
            return [
                """
                DO $$ DECLARE key name; BEGIN
                    SELECT conname INTO key FROM pg_constraint WHERE contype = 'p' AND conrelid = \(MigrationText.quoted(name(table)))::regclass;
                    IF key IS NOT NULL THEN
                        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', \(MigrationText.quoted(name(table))), key);
                    END IF;
                END $$
                """
            ]
        case .addPrimaryKey(let table, let columns):
            return alter(table, "ADD PRIMARY KEY (\(columns.map(quote).joined(separator: ", ")))")
        }
    }
}

extension MigrationStep.Computation {
    func sql(table: String, column: String, other: (String) -> String) -> String {
        switch self {
        case .mjdTai(let from, let scale):
            return "UPDATE \(table) SET \(column) = \(MigrationText.mjdTai(MigrationText.identifier(from), scale: scale))"
        case .bit(let word, let bit):
            return "UPDATE \(table) SET \(column) = (\(MigrationText.identifier(word)) >> \(bit)) & 1 = 1"
        case .quotient(let of, let by):
            let id = MigrationText.identifier(of)
            return "UPDATE \(table) SET \(column) = (\(id) - mod(mod(\(id), \(by)) + \(by), \(by))) / \(by) WHERE \(column) IS NULL"
        case .remainder(let of, let by):
            return "UPDATE \(table) SET \(column) = mod(mod(\(MigrationText.identifier(of)), \(by)) + \(by), \(by)) WHERE \(column) IS NULL"
        case .scaled(let factor): return "UPDATE \(table) SET \(column) = \(column)::double precision * \(factor)::double precision"
        case .greatest(let from, let key, let name):
            let key = MigrationText.identifier(key)
            return """
                UPDATE \(table) AS t SET \(column) = (SELECT max(o.\(MigrationText.identifier(name))) FROM \(other(from)) AS o \
                WHERE o.\(key) = t.\(key)) WHERE t.\(column) IS NULL
                """
        }
    }
}

/// Pieces of PostgreSQL text.
enum MigrationText {
    static func identifier(_ name: String) -> String { doubled(name, "\"") }

    static func quoted(_ text: String) -> String { doubled(text, "'") }

    private static func doubled(_ text: String, _ quote: Character) -> String {
        let parts = text.split(separator: quote, omittingEmptySubsequences: false)
        return "\(quote)" + parts.joined(separator: "\(quote)\(quote)") + "\(quote)"
    }

    static func type(_ column: ColumnDefinition) -> String {
        switch column.datatype {
        case .boolean: "boolean"
        case .byte, .short: "smallint"
        case .int: "integer"
        case .long: "bigint"
        case .float: "real"
        case .double: "double precision"
        case .char: "character(\(column.length ?? 1))"
        case .string, .unicode: column.length.map { "character varying(\($0))" } ?? "text"
        case .text: "text"
        case .binary: "bytea"
        case .timestamp: column.precision.map { "timestamp(\($0)) without time zone" } ?? "timestamp without time zone"
        }
    }

    static func literal(_ value: DefaultValue, _ type: FelisType) -> String {
        switch value {
        case .integer(let v) where type == .timestamp: "TIMESTAMP '1970-01-01' + \(v) * INTERVAL '1 microsecond'"
        case .integer(let v): "\(v)"
        case .real(let v): v.isNaN ? "'NaN'" : v.isInfinite ? (v > 0 ? "'Infinity'" : "'-Infinity'") : "\(v)::double precision"
        case .boolean(let v): v ? "true" : "false"
        case .text(let v): quoted(v)
        }
    }

    /// MJD TAI of a timestamp: the same operations on doubles as `ModifiedJulianDate.tai(microseconds:scale:)`, so the same bits.
    static func mjdTai(_ column: String, scale: TimeScale) -> String {
        var microseconds = "(extract(epoch FROM \(column)) * 1000000)::bigint"
        if scale == .utc {
            let cases = LeapSeconds.table.dropFirst().reversed().map { row in
                "WHEN \(column) >= TIMESTAMP '1970-01-01' + \(row.mjdUtc - 40_587) * INTERVAL '1 day' THEN \(row.seconds)"
            }
            microseconds += " + (CASE \(cases.joined(separator: " ")) ELSE \(LeapSeconds.table[0].seconds) END)::bigint * 1000000"
        }
        return "(\(microseconds))::double precision / 86400000000::double precision + 40587::double precision"
    }
}
