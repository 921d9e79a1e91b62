import Columns
import Schema

/// Versions to and from the columns of the schema document.
extension ObjectVersions {
    /// Reads the versions of a table that has the document's columns.
    func versions(_ rows: Table) -> [Version] {
        func doubles(_ name: String) -> (Int) -> Double? { Self.reader(rows[name]) }
        let id = rows["diaObjectId"]?.int64s ?? []
        let (ra, dec, raErr, decErr) = (doubles("ra"), doubles(self.dec), doubles("raErr"), doubles("decErr"))
        let (count, first, last) = (doubles("nDiaSources"), doubles("firstDiaSourceMjdTai"), doubles("lastDiaSourceMjdTai"))
        let nData = bands.map { ($0, doubles("\($0)_psfFluxNdata")) }
        return id.indices.map { row in
            var version = Version(
                diaObjectId: id[row], ra: ra(row) ?? .nan, dec: dec(row) ?? .nan, raErr: raErr(row).map(Float.init),
                decErr: decErr(row).map(Float.init),
                nDiaSources: Int32(count(row) ?? 0), first: first(row), last: last(row), nData: [:])
            for (band, read) in nData { if let n = read(row), n > 0 { version.nData[band] = Int32(n) } }
            return version
        }
    }

    /// The columns of DiaObject that versions fill; every other column is left to its default, or to zero where it must not be null.
    ///
    /// - Parameters: `validityStart` and, per row, the pixel and tile.
    func table(_ versions: [Version], validityStart: (name: String, values: [Double]), pixelId: [Int64], tile: [Int32]) -> Table {
        var columns: [Column] = []
        func add(_ name: String, _ value: (Version) -> Double?) {
            guard let definition = table[column: name] else { return }
            columns.append(Self.column(definition, versions.map(value)))
        }
        columns.append(Column("diaObjectId", .int64(versions.map(\.diaObjectId))))
        columns.append(Column(validityStart.name, .double(validityStart.values)))
        add("ra") { $0.ra }
        add(dec) { $0.dec }
        add("raErr") { $0.raErr.map(Double.init) }
        add("decErr") { $0.decErr.map(Double.init) }
        add("nDiaSources") { Double($0.nDiaSources) }
        add("firstDiaSourceMjdTai") { $0.first }
        add("lastDiaSourceMjdTai") { $0.last }
        for band in bands { add("\(band)_psfFluxNdata") { Double($0.nData[band] ?? 0) } }
        let filled = Set(columns.map(\.name))
        for definition in table.columns where !definition.isNullable && definition.defaultValue == nil && !filled.contains(definition.name)
        {
            columns.append(Column(definition.name, ColumnValues(zeros: definition.datatype.columnType, count: versions.count)))
        }
        columns.append(Column("pixelId", .int64(pixelId)))
        columns.append(Column("tile", .int32(tile)))
        return Table(columns)
    }

    private static func reader(_ column: Column?) -> (Int) -> Double? {
        guard let column else { return { _ in nil } }
        switch column.values {
        case .double(let v): return { column.isNull($0) ? nil : v[$0] }
        case .float(let v): return { column.isNull($0) ? nil : Double(v[$0]) }
        case .int32(let v): return { column.isNull($0) ? nil : Double(v[$0]) }
        case .int16(let v): return { column.isNull($0) ? nil : Double(v[$0]) }
        case .int64(let v): return { column.isNull($0) ? nil : Double(v[$0]) }
        default: return { _ in nil }
        }
    }

    private static func column(_ definition: ColumnDefinition, _ values: [Double?]) -> Column {
        let hasNulls = values.contains { $0 == nil }
        let validity = hasNulls ? Validity(values.lazy.map { $0 != nil }) : nil
        let filled = values.map { $0 ?? 0 }
        let stored: ColumnValues =
            switch definition.datatype.columnType {
            case .float: .float(filled.map(Float.init))
            case .int16: .int16(filled.map { Int16($0) })
            case .int32: .int32(filled.map { Int32($0) })
            case .int64: .int64(filled.map { Int64($0) })
            default: .double(filled)
            }
        return Column(definition.name, stored, validity: validity)
    }
}
