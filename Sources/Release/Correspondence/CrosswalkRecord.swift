import Catalog
import Foundation
import Postgres

/// A stored crosswalk: a version of what the sources and objects of one generation are in another.
public struct CrosswalkRecord: Sendable, Equatable, Codable {
    public var crosswalk: Int
    public var release: String
    public var fromGeneration: Int
    public var toGeneration: Int
    public var rules: CrosswalkRules
    /// Rows of CrosswalkSource and of CrosswalkObject.
    public var nSources: Int64
    public var nObjects: Int64
    /// Newest change of the feed that it covers.
    public var lastChange: Int64
    public var summary: CrosswalkSummary
    /// UTC, ISO 8601.
    public var madeAt: String
}

/// The crosswalks of an instance.
///
///     let newest = try Crosswalks(connection: reader).newest(from: 1, to: 2)
public struct Crosswalks {
    let connection: Connection

    public init(connection: Connection) { self.connection = connection }

    /// All versions, in order.
    public func all() throws -> [CrosswalkRecord] { try records("true", []) }

    /// The one that holds between two generations; nil where none was made.
    public func newest(from: Int, to: Int) throws -> CrosswalkRecord? {
        try records(
            "\"fromGeneration\" = $1 AND \"toGeneration\" = $2 ORDER BY \"crosswalk\" DESC LIMIT 1",
            [.int32(Int32(from)), .int32(Int32(to))]
        ).first
    }

    private func records(_ condition: String, _ parameters: [Parameter]) throws -> [CrosswalkRecord] {
        let rows = try connection.query(
            """
            SELECT * FROM (
                SELECT "crosswalk", "release", "fromGeneration", "toGeneration", "rules", "nSources", "nObjects", "lastChange",
                       "summary"::text AS "summary", to_char("madeAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "madeAt"
                FROM skyledger."Crosswalk" ORDER BY "crosswalk") AS c
            WHERE \(condition)
            """, parameters)
        return try (0..<rows.rowCount).map { row in
            let number = Int(rows["crosswalk"]!.int32s![row])
            func decoded<Value: Decodable>(_ type: Value.Type, _ column: String) throws -> Value {
                guard let value = try? JSONDecoder().decode(type, from: Data(rows[column]!.strings![row].utf8)) else {
                    throw CatalogError.inconsistent("the \(column) of crosswalk \(number) cannot be read: it was made by another program")
                }
                return value
            }
            return CrosswalkRecord(
                crosswalk: number, release: rows["release"]!.strings![row], fromGeneration: Int(rows["fromGeneration"]!.int32s![row]),
                toGeneration: Int(rows["toGeneration"]!.int32s![row]), rules: try decoded(CrosswalkRules.self, "rules"),
                nSources: rows["nSources"]!.int64s![row], nObjects: rows["nObjects"]!.int64s![row],
                lastChange: rows["lastChange"]!.int64s![row], summary: try decoded(CrosswalkSummary.self, "summary"),
                madeAt: rows["madeAt"]!.strings![row])
        }
    }

    /// JSON with sorted keys, as it is stored.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
