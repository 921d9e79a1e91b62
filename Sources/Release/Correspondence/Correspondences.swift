import Catalog
import Postgres

/// What sources and objects of one generation are in another, across any number of releases.
///
///     let walk = try Correspondences(instance: instance, connection: reader)
///     let steps = try walk.sources([id], from: 1, to: 3)[id]
///
/// From a generation to another it goes release by release, forward or back, by the newest crosswalk of each. A visit-detector that was
/// stored later than its crosswalk, or that one generation lacked when it was made, was stored in the other under the same identifiers:
/// what no crosswalk names keeps its number.
public struct Correspondences {
    let instance: Instance
    let connection: Connection
    /// Generations whose tables are there.
    public let present: Set<Int>
    /// The one that readers see.
    public let current: Int
    private let ways: [Way]

    /// A release as a way between its generations.
    struct Way: Sendable, Equatable {
        var release: String
        var from: Int
        var to: Int
        /// The newest crosswalk; nil where none was made.
        var crosswalk: Int?
    }

    /// One release on the way between two generations.
    struct Leg: Sendable, Equatable {
        var way: Way
        /// Whether it is gone from the release's generation to the one before.
        var isBackward: Bool

        var from: Int { isBackward ? way.to : way.from }
        var to: Int { isBackward ? way.from : way.to }
    }

    /// - Parameter connection: as the role `reader`.
    ///   The versions of crosswalks that it goes by stay as long as the connection lives.
    public init(instance: Instance, connection: Connection) throws {
        self.instance = instance
        self.connection = connection
        try VersionLock.take(on: connection)
        let generations = try connection.query(
            """
            SELECT "generationId" AS id, "state" = 'current' AS "isCurrent",
                   to_regclass(format('%I.%I', "schemaName", 'DiaSource')) IS NOT NULL AS "isThere"
            FROM skyledger."Generation" ORDER BY 1
            """)
        let ids = (generations["id"]?.int32s ?? []).map(Int.init)
        let (isCurrent, isThere) = (generations["isCurrent"]?.bools ?? [], generations["isThere"]?.bools ?? [])
        present = Set(ids.indices.filter { isThere[$0] }.map { ids[$0] })
        guard let current = ids.indices.first(where: { isCurrent[$0] }).map({ ids[$0] }) else {
            throw CatalogError.inconsistent("the instance \(instance.directory) has no current generation: run `skyledger doctor`")
        }
        self.current = current
        let rows = try connection.query(
            """
            SELECT r."release", r."fromGeneration" AS "from", r."generation" AS "to", max(c."crosswalk") AS "crosswalk"
            FROM skyledger."Release" AS r
            LEFT JOIN skyledger."Crosswalk" AS c ON c."fromGeneration" = r."fromGeneration" AND c."toGeneration" = r."generation"
            GROUP BY 1, 2, 3 HAVING r."state" <> 'abandoned' OR max(c."crosswalk") IS NOT NULL ORDER BY 3
            """)
        ways = (0..<rows.rowCount).map { row in
            Way(
                release: rows["release"]!.strings![row], from: Int(rows["from"]!.int32s![row]), to: Int(rows["to"]!.int32s![row]),
                crosswalk: rows["crosswalk"]!.isNull(row) ? nil : Int(rows["crosswalk"]!.int32s![row]))
        }
    }

    /// The releases between two generations, in order; none for a generation and itself.
    /// - Throws: `CatalogError.badRequest` where no release leads from one to the other.
    func legs(from: Int, to: Int) throws -> [Leg] {
        guard let legs = Self.legs(ways, from: from, to: to) else {
            throw CatalogError.badRequest(
                "no release leads from generation \(from) to generation \(to): `skyledger release status` names them")
        }
        return legs
    }

    /// The shortest way; nil where there is none.
    static func legs(_ ways: [Way], from: Int, to: Int) -> [Leg]? {
        var reached: [Int: [Leg]] = [from: []]
        var waiting = [from]
        while !waiting.isEmpty, reached[to] == nil {
            let here = waiting.removeFirst()
            for way in ways where way.from == here || way.to == here {
                let leg = Leg(way: way, isBackward: way.to == here)
                if reached[leg.to] != nil { continue }
                reached[leg.to] = (reached[here] ?? []) + [leg]
                waiting.append(leg.to)
            }
        }
        return reached[to]
    }
}

extension Correspondences {
    /// Who traces remembers the newest versions of crosswalks; meanwhile no version is removed.
    enum VersionLock {
        private static let key = "hashtextextended('skyledger crosswalk versions', 0)"

        /// As long as the connection lives.
        static func take(on connection: Connection) throws { try connection.query("SELECT pg_advisory_lock_shared(\(key))") }

        /// To the end of the transaction.
        /// - Returns: false where somebody traces.
        static func takeAlone(on connection: Connection) throws -> Bool {
            try connection.query("SELECT pg_try_advisory_xact_lock(\(key)) AS free")["free"]?.bools?.first == true
        }
    }
}
