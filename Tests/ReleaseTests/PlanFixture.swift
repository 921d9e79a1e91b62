import Testing

@testable import Release

/// The example's text with changes, and what became of it.
enum PlanFixture {
    /// The lines of the example that hold DR1 alone, with the first text that stands there changed to the second.
    static func plan(_ changes: [(String, String)] = [], releases: Int = 1) throws -> String {
        var text = try ReleasePlan.example()
        if releases == 1, let second = text.range(of: "  - name: DR2") { text = String(text[..<second.lowerBound]) }
        for (old, new) in changes {
            guard let place = text.range(of: old) else { throw Unchanged(text: old) }
            text.replaceSubrange(place, with: new)
        }
        return text
    }

    struct Unchanged: Error { var text: String }

    /// The sentence with which a changed example is refused.
    static func refusal(_ changes: [(String, String)], releases: Int = 1) throws -> String {
        let text = try plan(changes, releases: releases)
        do {
            _ = try ReleasePlan(yaml: text, name: "plan.yaml")
            return "accepted"
        } catch let error as ReleaseError { return "\(error)" }
    }

    /// The number of the first line that holds the text.
    static func line(of text: String, in changes: [(String, String)] = [], releases: Int = 1) throws -> Int {
        let lines = try plan(changes, releases: releases).split(separator: "\n", omittingEmptySubsequences: false)
        return try #require(lines.firstIndex { $0.contains(text) }) + 1
    }
}
