extension SizingMeasurement {
    /// What nights brought: sums over their visits.
    public struct Night: Codable, Sendable, Equatable {
        public var night: Int64
        public var visits: Int64
        public var diaSources: Int64
        public var diaForcedSources: Int64
        public var diaObjectVersions: Int64
        public var diaObjectsNew: Int64
        public var alerts: Int64
        /// Rows that it brought, times the bytes a row that each table has now.
        public var bytes: Double
    }

    public var nights: [Night] {
        var sums: [Night] = []
        for visit in visits {
            if sums.last?.night != visit.night {
                sums.append(
                    Night(
                        night: visit.night, visits: 0, diaSources: 0, diaForcedSources: 0, diaObjectVersions: 0, diaObjectsNew: 0,
                        alerts: 0,
                        bytes: 0))
            }
            let last = sums.count - 1
            sums[last].visits += 1
            sums[last].diaSources += visit.diaSources
            sums[last].diaForcedSources += visit.diaForcedSources
            sums[last].diaObjectVersions += visit.versions
            sums[last].diaObjectsNew += visit.diaObjectsNew
            sums[last].alerts += visit.alerts
        }
        let size = { (table: String) in self.bytesPerRow(of: table) ?? 0 }
        let (source, forced, version) = (size("DiaSource"), size("DiaForcedSource"), size("DiaObject"))
        let (object, alert) = (size("DiaObjectLast"), size("Alert"))
        for i in sums.indices {
            sums[i].bytes =
                Double(sums[i].diaSources) * source + Double(sums[i].diaForcedSources) * forced
                + Double(sums[i].diaObjectVersions) * version + Double(sums[i].diaObjectsNew) * object + Double(sums[i].alerts) * alert
        }
        return sums
    }

    /// Bytes of all tables with their indexes.
    public var bytes: Int64 { relations.reduce(0) { $0 + $1.bytes } }

    public func relations(of table: String) -> [Relation] { relations.filter { $0.table == table } }
    public func rows(of table: String) -> Int64 { relations(of: table).reduce(0) { $0 + $1.rows } }
    public func bytes(of table: String) -> Int64 { relations(of: table).reduce(0) { $0 + $1.bytes } }

    /// Bytes on disk with indexes, maps and free space, over rows; nil without rows.
    public func bytesPerRow(of table: String) -> Double? {
        let rows = rows(of: table)
        return rows > 0 ? Double(bytes(of: table)) / Double(rows) : nil
    }

    /// Columns of a table by what they cost, the dearest first.
    public var dearestColumns: [ColumnCost] { columns.sorted { ($0.bytes, $1.column) > ($1.bytes, $0.column) } }

    /// Share of values that are null, over all columns and rows of a table; nil where no column was looked at.
    public func nullShare(of table: String) -> Double? {
        let own = columns.filter { $0.table == table }
        return own.isEmpty ? nil : own.reduce(0) { $0 + $1.nullFraction } / Double(own.count)
    }
}
