import Association
import Columns
import Schema

/// What a new version of an object says beside its summaries: what holds over its whole life.
struct ObjectState: Equatable {
    var diaObjectId: Int64
    var tile: Int32
    /// Where it is, should it have no source left to say so.
    var ra: Double
    var dec: Double
    var nDiaSources: Int32
    var firstDiaSourceMjdTai: Double
    var lastDiaSourceMjdTai: Double
    var nDiaSourcesGood: Int32
    var validityStart: Double
}

/// Versions as rows of DiaObject, with every column of the schema document.
struct VersionTable {
    let definition: TableDefinition
    let roles: ColumnRoles

    init(_ layout: GenerationLayout) {
        definition = layout.document[table: "DiaObject"]!
        roles = layout.roles
    }

    /// The summaries that the document has a column for, and the window's start.
    var summaryColumns: Set<String> {
        Set(definition.columns.map { $0.name == roles.dec ? "dec" : $0.name } + ["summaryStartMjdTai"])
            .intersection(Summaries.columnNames)
    }

    /// - Parameter summaries: a row for each state, in the same order.
    /// - Returns: the rows, with pixelId 0: that of the position is set by the caller.
    func rows(_ states: [ObjectState], summaries: Table) -> Table {
        var columns: [Column] = []
        var filled: Set<String> = []
        func add(_ column: Column) {
            guard filled.insert(column.name).inserted else { return }
            columns.append(column)
        }
        add(Column("diaObjectId", .int64(states.map(\.diaObjectId))))
        add(Column(roles.validityStart, .double(states.map(\.validityStart))))
        add(position("ra", summaries["ra"], states.map(\.ra)))
        add(position(roles.dec, summaries["dec"], states.map(\.dec)))
        func life(_ name: String, _ values: [Double]) {
            guard let column = definition[column: name] else { return }
            add(Self.column(name, column.datatype.columnType, values))
        }
        life("nDiaSources", states.map { Double($0.nDiaSources) })
        life("firstDiaSourceMjdTai", states.map(\.firstDiaSourceMjdTai))
        life("lastDiaSourceMjdTai", states.map(\.lastDiaSourceMjdTai))
        for column in summaries.columns where column.name != "ra" && column.name != "dec" {
            guard let type = definition[column: column.name]?.datatype.columnType, type != column.type else {
                add(column)
                continue
            }
            add(Self.column(column.name, type, column.numbers ?? []))
        }
        for column in definition.columns where !column.isNullable && column.defaultValue == nil && !filled.contains(column.name) {
            add(Column(column.name, ColumnValues(zeros: column.datatype.columnType, count: states.count)))
        }
        add(Column("nDiaSourcesGood", .int32(states.map(\.nDiaSourcesGood))))
        add(Column("pixelId", .int64(.init(repeating: 0, count: states.count))))
        add(Column("tile", .int32(states.map(\.tile))))
        return Table(columns)
    }

    /// An object whose sources were all withdrawn stays where it was.
    private func position(_ name: String, _ mean: Column?, _ before: [Double]) -> Column {
        let values = mean?.numbers ?? .init(repeating: .nan, count: before.count)
        return Column(name, .double(zip(values, before).map { $0.isNaN ? $1 : $0 }))
    }

    /// Numbers as a column of a type, null where NaN or infinite.
    static func column(_ name: String, _ type: ColumnType, _ values: [Double]) -> Column {
        let validity = values.allSatisfy(\.isFinite) ? nil : Validity(values.lazy.map(\.isFinite))
        let filled = values.map { $0.isFinite ? $0 : 0 }
        let stored: ColumnValues =
            switch type {
            case .float: .float(filled.map(Float.init))
            case .int16: .int16(filled.map { Int16($0) })
            case .int32: .int32(filled.map { Int32($0) })
            case .int64: .int64(filled.map { Int64($0) })
            default: .double(filled)
            }
        return Column(name, stored, validity: validity)
    }
}
