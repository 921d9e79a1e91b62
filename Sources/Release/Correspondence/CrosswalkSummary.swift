/// How far the making of a crosswalk is.
public struct CrosswalkProgress: Sendable, Equatable {
    /// What is counted.
    public enum Stage: String, Sendable { case sources, objects, indexes }

    public var stage: Stage
    public var done: Int
    public var total: Int
}

/// What a crosswalk found, in numbers.
public struct CrosswalkSummary: Sendable, Equatable, Codable {
    /// Visit-detectors that both generations have, and those that one of them lacks, which take no part.
    public var visitDetectors = 0
    public var onlyOldVisitDetectors = 0
    public var onlyNewVisitDetectors = 0
    /// Sources with a partner; old ones without; new ones without.
    public var matchedSources = 0
    public var vanishedSources = 0
    public var newSources = 0
    /// Pairs of objects that share sources.
    public var links = 0
    /// Objects of each generation by what became of them.
    public var oldObjects: [String: Int] = [:]
    public var newObjects: [String: Int] = [:]
    public var seconds = 0.0

    mutating func count(_ matches: SourceMatches) {
        matchedSources += matches.matchedCount
        vanishedSources += matches.vanishedCount
        newSources += matches.newCount
    }

    mutating func count(_ decided: ObjectMatches) {
        for (kind, count) in decided.oldCounts { oldObjects[kind.rawValue, default: 0] += count }
        for (kind, count) in decided.newCounts { newObjects[kind.rawValue, default: 0] += count }
    }
}
