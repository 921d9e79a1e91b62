import Catalog

/// Whether a release may be published or rolled back: pure, from what is known of it.
struct SwapRules {
    /// A stored report, as far as a publication asks.
    struct Report: Equatable {
        var report: String
        var passes: Bool
        /// The digest of what it is of.
        var state: String
        var thresholds: String
    }

    let release: ReleaseRecord
    /// The last swap of the release, for messages: its number and time.
    let lastSwap: (number: Int64, at: String)?

    /// - Parameters:
    ///   - lag: visit-detectors that the release's generation lacks.
    ///   - updates: updates of the current generation that were not repeated in it yet.
    ///   - report: the one to rely on; nil where there is none.
    ///   - accepted: the hash that the operator accepts although it fails, as it was given.
    ///   - state: the digest of the present state, under the report's thresholds.
    /// - Throws: `ReleaseError`
    func requirePublishable(lag: Int, updates: Int, report: Report?, accepted: String?, state: String) throws {
        try requireJoined()
        guard lag == 0 else {
            throw ReleaseError.notNow(
                operation: "published", release: release.name,
                why: "its generation lacks \(lag) visit-detectors: run `skyledger release catch-up \(release.name)`")
        }
        guard updates == 0 else {
            throw ReleaseError.notNow(
                operation: "published", release: release.name,
                why:
                    "\(updates) updates wait to be repeated in its generation: run `skyledger release catch-up \(release.name)`, and before that `skyledger release crosswalk \(release.name)` where `release status` says that one is needed"
            )
        }
        guard let report else {
            throw ReleaseError.report(release: release.name, why: "it has no report: run `skyledger release check \(release.name)`")
        }
        guard report.state == state else {
            throw ReleaseError.report(
                release: release.name,
                why:
                    "report \(report.report.prefix(12)) is stale, for the generations changed after it: run `skyledger release check \(release.name)` again"
            )
        }
        guard report.passes || accepted != nil else {
            throw ReleaseError.report(
                release: release.name,
                why:
                    "its newest report \(report.report.prefix(12)) does not pass: mend what it names and check again, or say `--accept \(report.report)`"
            )
        }
    }

    /// Alone what needs no reading of the generations.
    func requireJoined() throws {
        let why: String
        switch release.state {
        case .joined: return
        case .beginning: why = "it is not begun to the end: repeat `skyledger release begin`"
        case .loading:
            why = "it is loading: run `skyledger release catch-up \(release.name)`, then `skyledger release join \(release.name)`"
        case .published: why = "it was published already\(lastSwap.map { ", by swap \($0.number) at \($0.at)" } ?? "")"
        case .retired: why = "it was published, and its former generation is gone"
        case .abandoned: why = "it was abandoned: begin another release"
        }
        throw ReleaseError.notNow(operation: "published", release: release.name, why: why)
    }

    /// - Throws: `ReleaseError`
    func requirePublished(for operation: String) throws {
        let why: String
        switch release.state {
        case .published: return
        case .beginning, .loading, .joined:
            why =
                lastSwap.map { "it is not published: it was taken back by swap \($0.number) at \($0.at)" }
                ?? "it is not published: run `skyledger release publish \(release.name)`"
        case .retired: why = "its former generation is gone"
        case .abandoned: why = "it was abandoned"
        }
        throw ReleaseError.notNow(operation: operation, release: release.name, why: why)
    }
}
