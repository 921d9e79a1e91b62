/// Objects of an old and a new generation, linked by shared sources and by position, tile by tile.
///
///     var crosswalk = try ObjectCrosswalk(rules: rules)
///     for tile in tiles { try store(crosswalk.add(tile).table) }
///     try crosswalk.finish()
///
/// Objects that hang together are decided together, as soon as the tiles of all of them were given; until then they wait in memory. So
/// memory holds one tile and what crosses from given tiles to others, which is least where tiles come in their own order. Which rows come
/// out does not depend on the order of tiles, nor on that of rows in them; when they come out does.
public struct ObjectCrosswalk: Sendable {
    public let rules: CrosswalkRules
    /// Connected objects that wait for a tile.
    private var waiting: [Int: ObjectGraph] = [:]
    private var waitingFor: [Int64: [Int]] = [:]
    private var nextNumber = 0
    private var given: Set<Int64> = []

    /// - Throws: `ReleaseError.rule`.
    public init(rules: CrosswalkRules) throws {
        try rules.check()
        self.rules = rules
    }

    /// Objects that wait for other tiles.
    public var waitingCount: Int { waiting.values.reduce(0) { $0 + $1.nodes.count } }

    /// Adds a tile; gives what is decided by now.
    /// - Throws: as `PreparedTile.init` and `add(_: PreparedTile)`.
    public mutating func add(_ tile: ObjectTile) throws -> ObjectMatches { try add(PreparedTile(tile, rules: rules)) }

    /// As for a tile itself. Tiles may be prepared on several threads, with the rules of this crosswalk.
    /// - Throws: `ReleaseError.tileTwice`; `.unknownObject` where this tile and another contradict each other about what crosses between
    ///   them; `.linkDiffers`. After an error the crosswalk is of no more use.
    public mutating func add(_ tile: PreparedTile) throws -> ObjectMatches {
        precondition(tile.rules == rules, "a tile was prepared by other rules")
        guard given.insert(tile.tile).inserted else { throw ReleaseError.tileTwice(tile.tile) }
        var out = tile.matches
        var pieces = tile.open
        for number in waitingFor.removeValue(forKey: tile.tile) ?? [] {
            if let piece = waiting.removeValue(forKey: number) { pieces.append(piece) }
        }
        for part in try ObjectGraph.union(pieces).parts() {
            let unknown = part.nodes.filter { !$0.isKnown }
            if unknown.isEmpty {
                part.decide(rules, into: &out)
                continue
            }
            try Self.refuse(unknown.filter { given.contains($0.tile) })
            waiting[nextNumber] = part
            for tile in Set(unknown.map(\.tile)) { waitingFor[tile, default: []].append(nextNumber) }
            nextNumber += 1
        }
        out.sort()
        return out
    }

    /// To be called when all tiles were given.
    /// - Throws: `ReleaseError.unknownObject` where objects wait for a tile that never came.
    public func finish() throws {
        try Self.refuse(waiting.values.flatMap { $0.nodes.filter { !$0.isKnown } })
    }

    private static func refuse(_ nodes: [ObjectGraph.Node]) throws {
        guard let first = nodes.min(by: { ($0.tile, $0.id) < ($1.tile, $1.id) }) else { return }
        throw ReleaseError.unknownObject(generation: first.side, id: first.id, tile: first.tile, count: Set(nodes.map(\.key)).count)
    }
}
