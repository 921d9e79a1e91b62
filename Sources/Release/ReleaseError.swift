/// What the Release room refuses, each with what is needed to act.
public enum ReleaseError: Error, Equatable, CustomStringConvertible {
    /// A document of plans or of states that cannot be right. `line` is nil where no line is to blame.
    case plan(document: String, line: Int?, reason: String)
    /// A table of sources or objects without a column that a crosswalk needs, or with one of another type.
    case column(table: String, name: String, need: String)
    /// One identifier twice within a visit-detector or a tile.
    case duplicate(what: String, id: Int64, place: String)
    /// A source or object whose identifier is 0 or null.
    case noIdentifier(what: String, place: String)
    /// A tile that was given before.
    case tileTwice(Int64)
    /// Objects that another tile's links or neighbours named, and that their own tile, given or not, did not confirm: `count` of them,
    /// the one with the lowest tile and identifier by name.
    case unknownObject(generation: CrosswalkSide, id: Int64, tile: Int64, count: Int)
    /// A link in a tile that has neither of its objects.
    case strayLink(oldDiaObjectId: Int64, newDiaObjectId: Int64, tile: Int64)
    /// Two tiles that count the shared sources of one link differently.
    case linkDiffers(oldDiaObjectId: Int64, newDiaObjectId: Int64, counts: [Int64])
    /// A setting of `CrosswalkRules` out of its range.
    case rule(name: String, value: Double, need: String)
    /// A swap or a retirement that the state of the release does not allow; `why` says which would.
    case notNow(operation: String, release: String, why: String)
    /// A report that cannot be the ground of a publication.
    case report(release: String, why: String)
    /// A former generation that cannot be removed yet.
    case kept(release: String, why: String)

    public var description: String {
        switch self {
        case .plan(let document, let line, let reason): "\(document): \(line.map { "line \($0): " } ?? "")\(reason)"
        case .column(let table, let name, let need): "the \(table) have no column \(name) of \(need): a crosswalk needs it"
        case .duplicate(let what, let id, let place): "\(what) \(id) stands twice in \(place): give every one once"
        case .noIdentifier(let what, let place): "a row of \(place) has no \(what): a crosswalk needs it"
        case .tileTwice(let tile): "tile \(tile) was given to the crosswalk before: give every tile once"
        case .unknownObject(let generation, let id, let tile, let count):
            "\(count) objects that other tiles name are not confirmed by their own, the first is diaObjectId \(id) of the "
                + "\(generation.rawValue) generation in tile \(tile): give every tile, with all of its objects, their links and all objects within the "
                + "radius of them"
        case .strayLink(let old, let new, let tile):
            "the link of diaObjectId \(old) to \(new) was given with tile \(tile), which has neither: give it with the tiles of its objects"
        case .linkDiffers(let old, let new, let counts):
            "the link of diaObjectId \(old) to \(new) has \(counts[0]) shared sources in one tile and \(counts[1]) in another: count both from "
                + "the same source crosswalk"
        case .rule(let name, let value, let need): "the crosswalk's \(name) is \(value): it must be \(need)"
        case .notNow(let operation, let release, let why): "release \(release) cannot be \(operation): \(why)"
        case .report(let release, let why): "release \(release) cannot be published: \(why)"
        case .kept(let release, let why): "the former generation of release \(release) stays: \(why)"
        }
    }
}

/// Which generation something belongs to.
public enum CrosswalkSide: String, Sendable, Hashable, CaseIterable {
    case old, new
}
