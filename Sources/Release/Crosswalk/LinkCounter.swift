/// How many sources an old and a new object share: pairs of the source crosswalk whose sources belong to them.
public struct ObjectLink: Sendable, Equatable {
    public var oldDiaObjectId: Int64
    public var oldTile: Int64
    public var newDiaObjectId: Int64
    public var newTile: Int64
    /// More than 0.
    public var sharedSources: Int64

    public init(oldDiaObjectId: Int64, oldTile: Int64, newDiaObjectId: Int64, newTile: Int64, sharedSources: Int64) {
        self.oldDiaObjectId = oldDiaObjectId
        self.oldTile = oldTile
        self.newDiaObjectId = newDiaObjectId
        self.newTile = newTile
        self.sharedSources = sharedSources
    }
}

/// Counts links from source matches, batch by batch in any order, in memory that grows with the number of different links. Where that is
/// too much, the rows of the source crosswalk are grouped by the database instead: the counts are the same.
public struct LinkCounter: Sendable {
    private var links: [ObjectLink] = []
    /// Links before this are in order and different.
    private var ordered = 0

    public init() {}

    /// - Complexity: O(rows) and, now and then, a sort of all links
    public mutating func add(_ matches: SourceMatches) {
        for row in 0..<matches.rowCount where matches.oldDiaObjectId[row] != 0 && matches.newDiaObjectId[row] != 0 {
            links.append(
                ObjectLink(
                    oldDiaObjectId: matches.oldDiaObjectId[row], oldTile: matches.oldTile[row], newDiaObjectId: matches.newDiaObjectId[row],
                    newTile: matches.newTile[row], sharedSources: 1))
        }
        if links.count > 2 * ordered + 1_000_000 { settle() }
    }

    /// All links so far, in the order of old tile, old object, new object.
    public mutating func allLinks() -> [ObjectLink] {
        settle()
        return links
    }

    /// Sorts, and makes one of links between the same objects.
    private mutating func settle() {
        if ordered == links.count { return }
        links.sort { ($0.oldTile, $0.oldDiaObjectId, $0.newDiaObjectId) < ($1.oldTile, $1.oldDiaObjectId, $1.newDiaObjectId) }
        var kept = 0
        for k in links.indices {
            if kept > 0, links[kept - 1].oldDiaObjectId == links[k].oldDiaObjectId,
                links[kept - 1].newDiaObjectId == links[k].newDiaObjectId
            {
                links[kept - 1].sharedSources += links[k].sharedSources
            } else {
                links[kept] = links[k]
                kept += 1
            }
        }
        links.removeLast(links.count - kept)
        ordered = kept
    }
}
