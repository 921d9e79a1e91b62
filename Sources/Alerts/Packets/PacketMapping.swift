import Columns
import Schema

/// How the columns of a schema document fill the records of a packet: by name, and by the names that a column had in older documents.
public struct PacketMapping: Sendable {
    /// A record of the packet and the table that fills it.
    public enum Part: String, Sendable, CaseIterable {
        case diaSource, diaObject, diaForcedSource, ssSource
        case orbit = "mpc_orbits"

        var table: String {
            switch self {
            case .diaSource: "DiaSource"
            case .diaObject: "DiaObject"
            case .diaForcedSource: "DiaForcedSource"
            case .ssSource: "SSSource"
            case .orbit: "mpc_orbits"
            }
        }
    }

    private struct Filling: Sendable {
        var field: String
        var column: String
        var factor: Double?
    }

    private var fillings: [Part: [Filling]] = [:]
    /// Counts that the packet demands and the document lacks, or may have null: nobody counted, so 0 (docs/decisions/012).
    private var counts: [Part: Set<String>] = [:]
    /// Fields that stay at their default, since the document has no column for them: "diaSource.glint_trail".
    public private(set) var absent: [String] = []

    /// - Throws: `AvroError.table` where the packet demands what the document does not have.
    public init(_ document: SchemaDocument, to schema: PacketSchema, renames: RenameMap = .builtIn) throws {
        for part in Part.allCases {
            guard let record = schema.avro.record(part.rawValue) else { continue }
            let table = document[table: part.table]
            for field in record.fields {
                let isDemanded = field.defaultValue == nil && !Self.takesNull(field.type, schema.avro)
                if isDemanded, Self.isCount(field.name) { counts[part, default: []].insert(field.name) }
                if table?[column: field.name] != nil {
                    fillings[part, default: []].append(Filling(field: field.name, column: field.name))
                } else if let old = renames.ancestors(of: field.name, table: part.table).first(where: { table?[column: $0.name] != nil }) {
                    fillings[part, default: []].append(Filling(field: field.name, column: old.name, factor: old.factor))
                } else if isDemanded, !Self.isCount(field.name), table != nil {
                    throw AvroError.table(
                        record: part.rawValue, field: field.name,
                        reason: "has no column in the schema document \(document.label): migrate the instance, or load with --no-alerts")
                } else {
                    absent.append("\(part.rawValue).\(field.name)")
                }
            }
        }
    }

    private static func isCount(_ name: String) -> Bool { name.hasSuffix("Ndata") || name == "bboxSize" || name == "nDiaSources" }

    private static func takesNull(_ type: AvroType, _ schema: AvroSchema) -> Bool {
        guard case .union(let types) = schema.resolved(type) else { return schema.resolved(type) == .null }
        return types.contains { schema.resolved($0) == .null }
    }

    /// The table under the names of the record's fields.
    ///
    /// - Parameter zeros: columns whose nulls become 0, as the reference sends unset identifiers.
    func renamed(_ rows: Table, _ part: Part, zeros: Set<String> = []) -> Table {
        var out = Table()
        let zeros = zeros.union(counts[part] ?? [])
        for filling in fillings[part] ?? [] {
            guard var column = rows[filling.column]?.renamed(filling.field) else { continue }
            if let factor = filling.factor, factor != 1 { column = column.scaled(by: factor) }
            out.set(zeros.contains(filling.field) ? column.withZeros : column)
        }
        for name in zeros.sorted() where out[name] == nil {
            let isCount = counts[part]?.contains(name) == true
            out.set(Column(name, ColumnValues(zeros: isCount ? .int32 : .int64, count: rows.rowCount)))
        }
        return out
    }
}

extension Column {
    /// Floating-point values times a factor; others as they are.
    fileprivate func scaled(by factor: Double) -> Column {
        var out = self
        switch values {
        case .float(let v): out.values = .float(v.map { Float(Double($0) * factor) })
        case .double(let v): out.values = .double(v.map { $0 * factor })
        default: break
        }
        return out
    }

    /// Integers with 0 where there was null.
    fileprivate var withZeros: Column {
        guard let validity else { return self }
        var out = self
        switch values {
        case .int16(let v): out.values = .int16(v.indices.map { validity[$0] ? v[$0] : 0 })
        case .int32(let v): out.values = .int32(v.indices.map { validity[$0] ? v[$0] : 0 })
        case .int64(let v): out.values = .int64(v.indices.map { validity[$0] ? v[$0] : 0 })
        default: return self
        }
        out.validity = nil
        return out
    }
}
