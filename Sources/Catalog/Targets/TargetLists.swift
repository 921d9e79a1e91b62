import Columns
import Postgres

/// Public lists of positions that get alerts of their own. Lists have versions, which stay: a change makes the next.
public struct TargetLists {
    /// A position of a list.
    public struct Target: Sendable, Hashable {
        public var list: String
        public var name: String
        /// ICRS degrees.
        public var ra: Double
        public var dec: Double

        public init(list: String, name: String, ra: Double, dec: Double) {
            (self.list, self.name, self.ra, self.dec) = (list, name, ra, dec)
        }
    }

    /// A version of a list.
    public struct Version: Sendable, Hashable {
        public var list: String
        public var version: Int32
        public var nTargets: Int32
        public var cause: String
        /// UTC, ISO 8601.
        public var changedAt: String
    }

    let connection: Connection

    public init(_ connection: Connection) { self.connection = connection }

    /// Makes the targets the next version of a list; none empties it.
    ///
    /// Connected as the role `owner`. What the newest version says already makes no other.
    /// - Returns: the version in force.
    /// - Throws: `CatalogError.badRequest` naming the target that cannot stand.
    public func put(_ targets: [Target], as list: String, cause: String) throws -> Version {
        guard !list.isEmpty, list.count <= 63, list.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) }),
            list.first!.isLetter || list.first!.isNumber
        else {
            throw CatalogError.badRequest("\(list) is no name of a list: use up to 63 letters, digits, dots, hyphens and underscores")
        }
        var names: Set<String> = []
        for target in targets {
            guard !target.name.isEmpty, names.insert(target.name).inserted else {
                throw CatalogError.badRequest(
                    "list \(list): \(target.name.isEmpty ? "a target has no name" : "target \(target.name) stands twice"): give each a name of its own"
                )
            }
            guard (0..<360).contains(target.ra), (-90...90).contains(target.dec) else {
                throw CatalogError.badRequest(
                    "list \(list): target \(target.name) lies at \(target.ra) \(target.dec): right ascension must be from 0 to 360, declination from -90 to 90 degrees"
                )
            }
        }
        return try connection.transaction {
            try connection.execute("LOCK TABLE skyledger.\"TargetList\" IN EXCLUSIVE MODE")
            let present = try versions(of: list).last
            if let present, try Set(self.targets(of: list, version: present.version)) == Set(targets.map { $0.of(list) }) { return present }
            let next = (present?.version ?? 0) + 1
            try connection.run(
                "INSERT INTO skyledger.\"TargetList\" (\"list\", \"version\", \"nTargets\", \"cause\") VALUES ($1, $2, $3, $4)",
                [.text(list), .int32(next), .int32(Int32(targets.count)), .text(cause)])
            if !targets.isEmpty {
                try connection.copyIn(
                    Table([
                        Column("list", .string(.init(targets.map { _ in list }))),
                        Column("version", .int32(.init(repeating: next, count: targets.count))),
                        Column("name", .string(.init(targets.map(\.name)))), Column("ra", .double(targets.map(\.ra))),
                        Column("dec", .double(targets.map(\.dec))),
                    ]), to: "skyledger.\"Target\"")
            }
            return try versions(of: list).last!
        }
    }

    /// Versions of a list, or of all, the newest of each last.
    public func versions(of list: String? = nil) throws -> [Version] {
        let rows = try connection.query(
            """
            SELECT "list", "version", "nTargets", "cause", to_char("changedAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "changedAt"
            FROM skyledger."TargetList" WHERE $1::text IS NULL OR "list" = $1 ORDER BY "list", "version"
            """, [list.map(Parameter.text) ?? .null])
        return (0..<rows.rowCount).map { row in
            Version(
                list: rows["list"]!.strings![row], version: rows["version"]!.int32s![row], nTargets: rows["nTargets"]!.int32s![row],
                cause: rows["cause"]!.strings![row], changedAt: rows["changedAt"]!.strings![row])
        }
    }

    /// The targets of a version, by name.
    public func targets(of list: String, version: Int32) throws -> [Target] {
        let rows = try connection.query(
            "SELECT \"name\", \"ra\", \"dec\" FROM skyledger.\"Target\" WHERE \"list\" = $1 AND \"version\" = $2 ORDER BY \"name\"",
            [.text(list), .int32(version)])
        guard let names = rows["name"]?.strings, let ra = rows["ra"]?.doubles, let dec = rows["dec"]?.doubles else { return [] }
        return ra.indices.map { Target(list: list, name: names[$0], ra: ra[$0], dec: dec[$0]) }
    }
}

extension TargetLists.Target {
    func of(_ list: String) -> TargetLists.Target { .init(list: list, name: name, ra: ra, dec: dec) }
}
