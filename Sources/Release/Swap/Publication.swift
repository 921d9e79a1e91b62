import Catalog
import Columns
import Foundation
import Postgres

/// Puts the generation of a release in the place of the current one, in one transaction that waits for no reader and that none waits for.
///
///     let swap = try Publication(instance).run("dr2")
///
/// Whatever reads the generations at length is done before stores are kept out; what came in meanwhile is looked at in the transaction.
public struct Publication {
    let instance: Instance
    let connection: Connection

    public init(_ instance: Instance) throws {
        self.instance = instance
        connection = try instance.connect(as: .owner)
    }

    private static let attemptsMax = 5

    /// - Parameter hash: of a report of the present state that fails and is accepted all the same, or its first characters, at least 8; nil
    ///   to rely on the newest report.
    /// - Throws: `ReleaseError.notNow`, `.report` where it may not be; `CatalogError.unavailable` where stores do not end.
    public func run(_ name: String, accepting hash: String? = nil) throws -> SwapRecord {
        for _ in 0..<Self.attemptsMax {
            let known = try rules(name)
            try known.requireJoined()
            let report = try report(of: name, accepting: hash)
            let state = try ReleaseState.read(of: known.release, thresholds: report?.thresholds ?? "", on: connection)
            try requirePublishable(known, report, hash, state)
            var start = Date()
            let swap = try GenerationGate.close(on: connection) { () -> SwapRecord? in
                start = Date()
                let now = try rules(name)
                // Something else than a store to both generations came in between: look at all of it again.
                guard now.release == known.release, try report == self.report(of: name, accepting: hash),
                    try !state.isOvertaken(now.release, on: connection)
                else {
                    try now.requireJoined()
                    return nil
                }
                try requirePublishable(now, report, hash, state)
                return try SwapTransaction(instance: instance, connection: connection, release: now.release).run(
                    .publish, from: now.release.fromGeneration, to: now.release.generation, stateOfFrom: "former", state: .published,
                    report: report?.report, configuration: now.release.configuration())
            }
            guard var swap else { continue }
            swap.seconds = Date().timeIntervalSince(start)
            return swap
        }
        throw CatalogError.unavailable(
            "the generations of release \(name) change all the time: end what updates them, then check and publish")
    }

    private func requirePublishable(_ rules: SwapRules, _ report: SwapRules.Report?, _ hash: String?, _ state: ReleaseState) throws {
        let generation = rules.release.generation
        try rules.requirePublishable(
            lag: Releases(connection: connection).lag(of: generation),
            updates: ReleaseUpdates(connection: connection).waiting(of: generation), report: report, accepted: hash, state: state.digest)
    }

    private func rules(_ name: String) throws -> SwapRules {
        SwapRules(
            release: try Releases(connection: connection).named(name), lastSwap: try SwapRecord.last(of: name, on: connection))
    }

    /// The newest report of the release, or the one that is accepted.
    private func report(of name: String, accepting hash: String?) throws -> SwapRules.Report? {
        if let hash, hash.wholeMatch(of: /[0-9a-f]{8,64}/) == nil {
            throw ReleaseError.report(release: name, why: "\(hash) is no hash of a report: give at least 8 of its digits")
        }
        let rows = try connection.query(
            """
            SELECT "report", "passes", "state", coalesce("json"::jsonb->>'thresholdsDigest', '') AS "thresholds"
            FROM skyledger."ReleaseReport" WHERE "release" = $1 AND ($2::text IS NULL OR starts_with("report", $2))
            ORDER BY "madeAt" DESC LIMIT 2
            """, [.text(name), hash.map(Parameter.text) ?? .null])
        if let hash, rows.rowCount != 1 {
            throw ReleaseError.report(
                release: name,
                why: "\(rows.rowCount == 0 ? "it has no report" : "it has several reports") whose hash begins with \(hash): give all of it")
        }
        guard rows.rowCount > 0 else { return nil }
        return SwapRules.Report(
            report: rows["report"]!.strings![0], passes: rows["passes"]!.bools![0], state: rows["state"]!.strings![0],
            thresholds: rows["thresholds"]!.strings![0])
    }
}
