import Catalog
import Columns
import Postgres

/// A link of an object to what a release made of it, or near it.
public struct ObjectStep: Sendable, Equatable, Codable {
    public enum Finding: String, Sendable, Codable {
        /// As the crosswalk says it, from the generation that the step begins in.
        case same, split, merged, mixed, vanished
        /// A link that says nothing of what became of it: it is told and not followed.
        case minor
        /// It is younger than the crosswalk, and its sources belong to that object.
        case bySources
        /// It is younger than the crosswalk, and was founded under the same number in both generations.
        case sameId
        /// The release has no crosswalk.
        case noCrosswalk
    }

    public var release: String
    public var crosswalk: Int?
    public var fromGeneration: Int
    public var toGeneration: Int
    public var diaObjectId: Int64
    public var becomes: Int64?
    public var finding: Finding
    /// Sources that both have; and those of each that have a partner with an object.
    public var nShared: Int?
    public var nOwn: Int?
    public var nOther: Int?
    public var separationArcsec: Double?

    /// Whether the object at the end is what this one became.
    public var isFollowed: Bool { becomes != nil && finding != .minor }

    /// One sentence.
    public var sentence: String {
        let way = "in generation \(toGeneration) (release \(release))"
        let counts =
            nShared.map { shared in shared > 0 ? ", \(shared) sources shared of \(nOwn ?? 0) and \(nOther ?? 0)" : ", by position" } ?? ""
        let apart = separationArcsec.map { ", \(Correspondences.arcsec($0)) away" } ?? ""
        switch finding {
        case .same: return "DiaObject \(diaObjectId) is \(becomes ?? 0) \(way)\(counts)\(apart)"
        case .split: return "DiaObject \(diaObjectId) was split, one part is \(becomes ?? 0) \(way)\(counts)\(apart)"
        case .merged: return "DiaObject \(diaObjectId) was merged with others into \(becomes ?? 0) \(way)\(counts)\(apart)"
        case .mixed: return "DiaObject \(diaObjectId) and others became several, one is \(becomes ?? 0) \(way)\(counts)\(apart)"
        case .vanished: return "DiaObject \(diaObjectId) vanished \(way)"
        case .minor: return "DiaObject \(diaObjectId) has a weak link to \(becomes ?? 0) \(way)\(counts)\(apart)"
        case .bySources: return "DiaObject \(diaObjectId) is \(becomes ?? 0) \(way)\(counts), by sources that were stored in both"
        case .sameId: return "DiaObject \(diaObjectId) keeps its number \(way)"
        case .noCrosswalk: return "what DiaObject \(diaObjectId) is \(way) is not known: run `skyledger release crosswalk \(release)`"
        }
    }
}
