import Testing

@testable import Release

@Suite("Input that a crosswalk of objects refuses")
struct ObjectCrosswalkFaultTests {
    private let fixture = ObjectFixture(seed: 1)

    private func refusal(_ tiles: [ObjectTile]) -> String {
        do {
            _ = try ObjectCrosswalk.run(tiles)
            return "accepted"
        } catch { return "\(error)" }
    }

    @Test("a tile given twice")
    func twice() {
        let tiles = fixture.tiles()
        #expect(refusal(tiles + [tiles[2]]) == "tile \(tiles[2].tile) was given to the crosswalk before: give every tile once")
    }

    @Test("a tile that others name and that never comes")
    func missing() {
        let tiles = fixture.tiles()
        #expect(refusal(Array(tiles.dropLast())).contains("in tile \(tiles.last!.tile): give every tile"))
    }

    @Test("an object twice in a tile")
    func object() {
        var tile = fixture.inOneTile.tiles()[0]
        tile.old = tile.old.rows((0..<Int32(tile.old.count)) + [7])
        #expect(refusal([tile]).hasPrefix("diaObjectId \(tile.old.positions.id[7]) stands twice in tile 1"))
    }

    @Test("a link twice in a tile")
    func link() {
        var tile = fixture.inOneTile.tiles()[0]
        tile.links.append(tile.links[3])
        #expect(refusal([tile]).contains("stands twice in tile 1"))
    }

    @Test("a link to an object that its tile does not have")
    func unknown() {
        var tile = fixture.inOneTile.tiles()[0]
        tile.links[0].newDiaObjectId = 123_456
        #expect(refusal([tile]).contains("diaObjectId 123456 of the new generation in tile 1"))
    }

    @Test("a link with a tile that has neither of its objects")
    func stray() {
        var tiles = fixture.tiles()
        let link = tiles[0].links[0]
        tiles[tiles.count - 1].links.append(link)
        #expect(refusal(tiles).hasPrefix("the link of diaObjectId \(link.oldDiaObjectId) to \(link.newDiaObjectId)"))
    }

    @Test("two tiles that count one link differently")
    func counts() throws {
        var tiles = fixture.tiles()
        let k = try #require(tiles.firstIndex { $0.links.contains { $0.oldTile != $0.newTile } })
        let j = try #require(tiles[k].links.firstIndex { $0.oldTile != $0.newTile })
        tiles[k].links[j].sharedSources += 1
        #expect(refusal(tiles).contains("shared sources in one tile"))
    }

    @Test("a link between two tiles that only one of them has")
    func half() throws {
        var tiles = fixture.tiles()
        let k = try #require(tiles.firstIndex { $0.links.contains { $0.oldTile != $0.newTile } })
        tiles[k].links.removeAll { $0.oldTile != $0.newTile }
        #expect(refusal(tiles).contains("not confirmed by their own"))
    }

    @Test("an object without an identifier")
    func zero() {
        var tile = fixture.inOneTile.tiles()[0]
        tile.new.positions.id[0] = 0
        tile.links = []
        #expect(refusal([tile]).contains("has no diaObjectId"))
    }

    @Test("a link that one of two tiles forgot is not lost, whichever comes first, where the objects lie near each other")
    func forgotten() throws {
        let old = ObjectFixture.objects([.init(id: 1, x: 9.9, y: 5)])
        let new = ObjectFixture.objects([.init(id: 2, x: 10.1, y: 5)])
        let link = ObjectLink(oldDiaObjectId: 1, oldTile: old.tile[0], newDiaObjectId: 2, newTile: new.tile[0], sharedSources: 3)
        try #require(link.oldTile != link.newTile)
        let tiles = [(link.oldTile, [link]), (link.newTile, [])].map { ObjectTile(tile: $0, old: old, new: new, links: $1) }
        #expect(try ObjectCrosswalk.run(tiles).rows.map(\.sharedSources) == [3])
        #expect(try ObjectCrosswalk.run(tiles.reversed()).rows.map(\.sharedSources) == [3])
    }
}
