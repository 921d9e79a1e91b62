import Postgres
import Sphere

/// The targets of some lists as they are now, kept in memory and read again where a list changed. Serves one thread.
public final class TargetsInForce {
    private let connection: Connection
    private var known: [String: (version: Int32, targets: [TargetLists.Target])] = [:]

    /// - Parameter connection: any role reads.
    public init(_ connection: Connection) { self.connection = connection }

    /// Targets of the lists within a region, by list and name. Lists that do not exist have none.
    public func inside(_ region: Region, of lists: [String]) throws -> [TargetLists.Target] {
        guard !lists.isEmpty else { return [] }
        let newest = try connection.query(
            "SELECT \"list\", max(\"version\") AS \"version\" FROM skyledger.\"TargetList\" WHERE \"list\" = ANY ($1) GROUP BY 1 ORDER BY 1",
            [.textArray(lists)], name: "newest_targets")
        guard let names = newest["list"]?.strings, let versions = newest["version"]?.int32s else { return [] }
        var out: [TargetLists.Target] = []
        for row in versions.indices {
            let (name, version) = (names[row], versions[row])
            if known[name]?.version != version {
                known[name] = (version, try TargetLists(connection).targets(of: name, version: version))
            }
            let targets = known[name]!.targets
            let isInside = region.contains(ra: targets.map(\.ra), dec: targets.map(\.dec))
            out += targets.indices.filter { isInside[$0] }.map { targets[$0] }
        }
        return out
    }
}
