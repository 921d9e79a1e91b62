import Columns

extension MigrationPlan {
    /// The tables after the plan, by name: what the SQL of the plan does to a database, on tables in memory.
    ///
    /// Tables of the older document that are not given are not made up.
    /// - Throws: `MigrationError` where a value does not fit or a null stays where none may.
    public func apply(to tables: [String: Table]) throws -> [String: Table] {
        var tables = tables
        for step in steps { try step.apply(to: &tables) }
        return tables
    }
}

extension MigrationStep {
    func apply(to tables: inout [String: Table]) throws {
        switch self {
        case .createTable(let table):
            tables[table.name] = Table(table.columns.map { Column($0.name, ColumnValues(zeros: $0.datatype.columnType, count: 0)) })
        case .dropTable(let table): tables[table] = nil
        case .renameTable(let from, let to): tables[to] = tables.removeValue(forKey: from)
        case .addColumn(let table, let column):
            guard let rows = tables[table]?.rowCount else { return }
            tables[table]!.set(.nulls(column.name, column.datatype.columnType, count: rows))
        case .renameColumn(let table, let from, let to):
            guard tables[table] != nil else { return }
            let column = try Self.column(from, table, tables)
            tables[table]!.remove(from)
            tables[table]!.set(column.renamed(to))
        case .compute(let table, let name, let computation):
            guard tables[table] != nil else { return }
            let column = try Self.column(name, table, tables)
            tables[table]!.set(try computation.apply(to: column, table: table, tables))
        case .changeType(let table, _, let new):
            guard tables[table] != nil else { return }
            var definition = new
            definition.isNullable = true
            let column = try Self.column(new.name, table, tables)
            do {
                tables[table]!.set(try ColumnConversion(file: table, timeScale: .utc).convert(column, to: definition).plain)
            } catch {
                throw MigrationError.value(table: table, reason: "\(error)")
            }
        case .fillNulls(let table, let definition, let value):
            guard tables[table] != nil else { return }
            let column = try Self.column(definition.name, table, tables)
            tables[table]!.set(column.filled(value))
        case .setNotNull(let table, let name):
            guard tables[table] != nil else { return }
            var column = try Self.column(name, table, tables)
            if let row = (0..<column.count).first(where: { column.isNull($0) }) {
                throw MigrationError.type(table: table, column: name, reason: "row \(row + 1) is null, but must have a value")
            }
            column.validity = nil
            tables[table]!.set(column)
        case .dropColumn(let table, let name, _): tables[table]?.remove(name)
        case .dropNotNull, .setDefault, .dropPrimaryKey, .addPrimaryKey: break
        }
    }

    static func column(_ name: String, _ table: String, _ tables: [String: Table]) throws -> Column {
        guard let found = tables[table] else { throw MigrationError.missing(table: table, column: nil) }
        guard let column = found[name] else { throw MigrationError.missing(table: table, column: name) }
        return column
    }
}

extension MigrationStep.Computation {
    func apply(to column: Column, table: String, _ tables: [String: Table]) throws -> Column {
        func other(_ name: String) throws -> Column { try MigrationStep.column(name, table, tables) }
        func wrong(_ name: String, _ type: String) -> MigrationError {
            .type(table: table, column: name, reason: "the values are no \(type); migrate from the document that they were made from")
        }
        switch self {
        case .mjdTai(let from, let scale):
            let source = try other(from)
            guard let times = source.timestamps else { throw wrong(from, "timestamps") }
            let values = times.map { ModifiedJulianDate.tai(microseconds: $0, scale: scale) }
            return Column(column.name, .double(values), validity: source.validity).zeroingNulls()
        case .bit(let word, let bit):
            let source = try other(word)
            guard let words = source.int64s else { throw wrong(word, "64-bit integers") }
            let values = words.map { ($0 >> Int64(bit)) & 1 == 1 }
            return Column(column.name, .bool(values), validity: source.validity).zeroingNulls()
        case .quotient(let of, let by):
            return try split(column, try other(of), of, table) { ModifiedJulianDate.floorDivide($0, by) }
        case .remainder(let of, let by):
            return try split(column, try other(of), of, table) { $0 - by * ModifiedJulianDate.floorDivide($0, by) }
        case .scaled(let factor): return column.scaled(by: factor).zeroingNulls()
        case .greatest(let from, let key, let name):
            guard tables[from] != nil else { return column }
            let values = try MigrationStep.column(name, from, tables)
            let keys = try MigrationStep.column(key, from, tables)
            let own = try other(key)
            guard let keyed = keys.int64s, let wanted = own.int64s else { throw wrong(key, "64-bit integers") }
            var best: [Int64: Int] = [:]
            for row in 0..<keyed.count where !keys.isNull(row) && !values.isNull(row) {
                // PostgreSQL holds NaN for greater than every number.
                let value = values.number(row) ?? 0
                let known = best[keyed[row]].flatMap { values.number($0) }
                if known == nil || value.isNaN || value > known! { best[keyed[row]] = row }
            }
            let joined = Table([column.renamed(name)]).appending(Table([Column(name, values.values, validity: values.validity)]))
            let rows = (0..<column.count).map { row -> Int in
                guard column.isNull(row), !own.isNull(row), let found = best[wanted[row]] else { return row }
                return column.count + found
            }
            return joined.columns[0].gather(rows).renamed(column.name)
        }
    }

    private func split(
        _ column: Column, _ source: Column, _ name: String, _ table: String, _ value: (Int64) -> Int64
    ) throws -> Column {
        guard let ids = source.int64s else {
            throw MigrationError.type(table: table, column: name, reason: "the values are no 64-bit integers; check the document")
        }
        let made = Column("made", .int64(ids.map(value)), validity: source.validity)
        let definition = ColumnDefinition("made", column.type.felisType)
        let converted: Column
        do {
            converted = try ColumnConversion(file: table, timeScale: .utc).convert(made, to: definition).plain
        } catch {
            throw MigrationError.value(table: table, reason: "\(error)")
        }
        let joined = Table([column.renamed("made")]).appending(Table([converted])).columns[0]
        return joined.gather((0..<column.count).map { column.isNull($0) ? column.count + $0 : $0 }).renamed(column.name)
    }
}

extension Column {
    /// Without unit and comment.
    var plain: Column { Column(name, values, validity: validity) }

    /// The value in place of the nulls.
    func filled(_ value: DefaultValue) -> Column {
        guard nullCount > 0 else { return Column(name, values) }
        var single = ColumnValues(zeros: type, count: 1)
        switch (type, value) {
        case (.bool, .boolean(let v)): single = .bool([v])
        case (.int16, .integer(let v)): single = .int16([Int16(clamping: v)])
        case (.int32, .integer(let v)): single = .int32([Int32(clamping: v)])
        case (.int64, .integer(let v)): single = .int64([v])
        case (.timestamp, .integer(let v)): single = .timestamp([v])
        case (.float, _): single = .float([Float(value.number ?? .nan)])
        case (.double, _): single = .double([value.number ?? .nan])
        case (.string, _): single = .string(ByteStrings([value.plainText]))
        default: break
        }
        let both = Table([plain]).appending(Table([Column(name, single)])).columns[0]
        var out = both.gather((0..<count).map { isNull($0) ? count : $0 })
        out.validity = nil
        return out
    }
}
