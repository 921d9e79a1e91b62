import Catalog
import Columns
import Postgres

/// The two tables that a crosswalk is written to, in the transaction that made them.
///
/// - Note: `@unchecked Sendable` because it is used on one thread at a time: whoever writes by a `Background` waits for it before anything
///   else is done with the connection.
final class CrosswalkOutput: @unchecked Sendable {
    let connection: Connection
    /// As SQL writes them.
    let sourceTable: String
    let objectTable: String
    private let names: Names
    /// Whether what only the new side has is written too.
    private let keepsNew: Bool
    private(set) var sourceRows = 0
    private(set) var objectRows = 0

    /// What the columns of identifiers are called.
    struct Names {
        var oldSource = "oldDiaSourceId"
        var newSource = "newDiaSourceId"
        var oldObject = "oldDiaObjectId"
        var newObject = "newDiaObjectId"
    }

    init(_ connection: Connection, sourceTable: String, objectTable: String, names: Names = Names(), keepsNew: Bool = true) {
        self.keepsNew = keepsNew
        self.connection = connection
        self.sourceTable = sourceTable
        self.objectTable = objectTable
        self.names = names
    }

    func write(_ matches: SourceMatches) throws {
        let separation = matches.separationArcsec
        var rows = Table([
            Self.ids(names.oldSource, matches.oldDiaSourceId), Self.ids(names.newSource, matches.newDiaSourceId),
            Column(
                "separationArcsec", .float(separation.map { $0.isNaN ? 0 : Float($0) }),
                validity: separation.contains(where: \.isNaN) ? Validity(separation.lazy.map { !$0.isNaN }) : nil, unit: "arcsec"),
        ])
        if !keepsNew, matches.oldDiaSourceId.contains(0) {
            rows = rows.gather(matches.oldDiaSourceId.indices.filter { matches.oldDiaSourceId[$0] != 0 })
        }
        sourceRows += try connection.copyIn(rows, to: sourceTable)
    }

    func write(_ all: [ObjectMatch]) throws {
        let rows = keepsNew ? all : all.filter { $0.oldDiaObjectId != 0 }
        let separation = rows.map(\.separationArcsec)
        func total(_ shared: Int64, _ fraction: Double?) -> Int32 {
            fraction.map { $0 > 0 ? Int32(clamping: Int((Double(shared) / $0).rounded())) : 0 } ?? 0
        }
        objectRows += try connection.copyIn(
            Table([
                Self.ids(names.oldObject, rows.map(\.oldDiaObjectId)), Self.ids(names.newObject, rows.map(\.newDiaObjectId)),
                Column("kind", .string(ByteStrings(rows.map { $0.correspondence?.rawValue ?? ObjectLinkKind.minor.rawValue }))),
                Column("nShared", .int32(rows.map { Int32(clamping: $0.sharedSources) })),
                Column("nOld", .int32(rows.map { total($0.sharedSources, $0.oldFraction) })),
                Column("nNew", .int32(rows.map { total($0.sharedSources, $0.newFraction) })),
                Column(
                    "separationArcsec", .float(separation.map { Float($0 ?? 0) }), validity: Validity(separation.lazy.map { $0 != nil }),
                    unit: "arcsec"),
            ]), to: objectTable)
    }

    /// 0 is no identifier.
    private static func ids(_ name: String, _ values: [Int64]) -> Column {
        Column(name, .int64(values), validity: values.contains(0) ? Validity(values.lazy.map { $0 != 0 }) : nil)
    }
}

/// What a stored link between two objects is; `docs/decisions/029` defines each.
public enum ObjectLinkKind: String, Sendable, Codable, CaseIterable {
    case same, split, merged, mixed, vanished, new
    /// A link that says nothing of what became of either: few sources that went to a neighbour, or a neighbour alone.
    case minor
}
