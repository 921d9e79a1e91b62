import Columns
import Foundation
import Postgres

/// What a change after the fact did. The names are dax_apdb's where it has one (apdbUpdateRecord.py), so that a PPDB's replay knows them.
public enum UpdateType: String, Sendable, CaseIterable {
    case reassignSourceToObject = "reassign_diasource_to_diaobject"
    case reassignSourceToSSObject = "reassign_diasource_to_ssobject"
    case withdrawSource = "withdraw_diasource"
    case restoreSource = "restore_diasource"
    case withdrawForcedSource = "withdraw_diaforcedsource"
    case restoreForcedSource = "restore_diaforcedsource"
    case closeObject = "close_diaobject_validity"
    case mergeObject = "merge_diaobject"
    case splitObject = "split_diaobject"

    /// The table whose row changed.
    var table: String {
        switch self {
        case .reassignSourceToObject, .reassignSourceToSSObject, .withdrawSource, .restoreSource: "DiaSource"
        case .withdrawForcedSource, .restoreForcedSource: "DiaForcedSource"
        case .closeObject, .mergeObject, .splitObject: "DiaObject"
        }
    }
}

/// The records of one transaction, in order.
struct UpdateRecords {
    enum Value {
        case none
        case integer(Int64)
        case real(Double)
        case text(String)

        fileprivate var json: String {
            switch self {
            case .none: "null"
            case .integer(let v): String(v)
            case .real(let v): v.isFinite ? String(v) : "null"
            case .text(let v): "\"" + v.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"") + "\""
            }
        }
    }

    let cause: String
    let mjdTai: Double
    private var types: [String] = []
    private var tables: [String] = []
    private var diaSourceId: [Int64] = []
    private var diaObjectId: [Int64] = []
    private var visit: [Int64] = []
    private var detector: [Int32] = []
    private var before: [String] = []
    private var after: [String] = []

    init(cause: String, mjdTai: Double) {
        self.cause = cause
        self.mjdTai = mjdTai
    }

    var count: Int { types.count }

    /// - Parameters: what identifies the row, and the columns that changed.
    mutating func add(
        _ type: UpdateType, diaSourceId: Int64? = nil, diaObjectId: Int64? = nil, visit: Int64? = nil, detector: Int32? = nil,
        before: KeyValuePairs<String, Value>, after: KeyValuePairs<String, Value>
    ) {
        func json(_ pairs: KeyValuePairs<String, Value>) -> String {
            "{" + pairs.map { "\"\($0.key)\": \($0.value.json)" }.joined(separator: ", ") + "}"
        }
        types.append(type.rawValue)
        tables.append(type.table)
        self.diaSourceId.append(diaSourceId ?? .min)
        self.diaObjectId.append(diaObjectId ?? .min)
        self.visit.append(visit ?? .min)
        self.detector.append(detector ?? .min)
        self.before.append(json(before))
        self.after.append(json(after))
    }

    /// Writes them as one operation.
    /// - Returns: its number.
    @discardableResult
    func store(in generation: Generation, on connection: Connection) throws -> Int64 {
        guard count > 0 else { return 0 }
        let operation = try connection.int64("SELECT nextval('skyledger.\"Operation\"')") ?? 0
        func texts(_ values: [String]) -> Parameter { .textArray(values.map { $0 }) }
        try connection.query(
            """
            INSERT INTO \(generation.table("UpdateRecord"))
                ("operation", "updateOrder", "updateMjdTai", "updateType", "tableName", "diaSourceId", "diaObjectId", "visit", "detector",
                 "before", "after", "cause")
            SELECT $1, r.place::integer, $2, r.type, r.name, nullif(r.source, $12), nullif(r.object, $12), nullif(r.visit, $12),
                   nullif(r.detector, $13), r.before::jsonb, r.after::jsonb, $3
            FROM unnest($4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::integer[], $10::text[], $11::text[])
                 WITH ORDINALITY AS r(type, name, source, object, visit, detector, before, after, place)
            """,
            [
                .int64(operation), .double(mjdTai), .text(cause), texts(types), texts(tables), .int64Array(diaSourceId),
                .int64Array(diaObjectId), .int64Array(visit), .int32Array(detector), texts(before), texts(after), .int64(.min),
                .int32(.min),
            ], name: "store_updates")
        return operation
    }
}
