import Foundation
import Yams

/// The dates and dependencies of releases, from a YAML document.
///
///     releases:
///       - name: DR2
///         steps:
///           inputCutoff: {date: 2027-01-15}
///           templateGeneration: {start: 2027-01-20, days: 60, after: [inputCutoff]}
///           ...
///
/// A step has a `date` (a moment), or two of `start`, `end` and `days`, or one of the latter two and `after`: then it starts when the last
/// of the steps named is complete. `inputs` says which visits level1Reprocessing and catchUp take; by default those up to the cutoff, and
/// those from there to the end of the step. `plans/example.yaml` is a whole one.
///
/// A release that replaces a piece says which, by `region` ("circle 150 -30 2"), `since` (a day before the cutoff) or both, beside its name.
/// It may leave out templateGeneration, fullSkyDetection and movingObjectProcessing.
public struct ReleasePlan: Sendable, Equatable {
    /// In the order of their replacement points.
    public var releases: [PlannedRelease]

    /// - Parameter name: what errors call the document.
    /// - Throws: `ReleaseError.plan` naming the line: what is no YAML; unknown, missing and repeated keys; values that are no date or
    ///   number
    ///   of days; dependencies in a circle; steps before what they come after; inputs that do not reach the replacement or leave days out;
    ///   releases that overlap.
    public init(yaml: String, name: String) throws {
        let reader = PlanReader(document: name)
        let root = try reader.root(yaml)
        let list = try reader.mapping(root, keys: ["releases"], of: "the document")["releases"]
        guard let list else { throw reader.refusal(root, "the document has no key releases") }
        guard let entries = list.sequence, !entries.isEmpty else {
            throw reader.refusal(list, "releases must be a list of one release at least")
        }
        var found: [PlannedRelease] = []
        for entry in entries {
            let release = try reader.release(entry)
            if let other = found.first(where: { $0.name == release.name }) {
                throw reader.refusal(entry, "the name \(release.name) is that of the release in line \(other.line) too: give each its own")
            }
            try PlanCheck(release, reader).run()
            found.append(release)
        }
        releases = found.sorted { ($0[.replacement].start, $0.name) < ($1[.replacement].start, $1.name) }
        try PlanCheck.overlaps(releases, reader)
    }

    public subscript(name: String) -> PlannedRelease? { releases.first { $0.name == name } }

    /// A plan of two releases that is right.
    public static func example() throws -> String {
        guard let url = Bundle.module.url(forResource: "example", withExtension: "yaml", subdirectory: "plans") else {
            throw ReleaseError.plan(document: "plans/example.yaml", line: nil, reason: "the example is not installed with the program")
        }
        return try String(contentsOf: url, encoding: .utf8)
    }
}
