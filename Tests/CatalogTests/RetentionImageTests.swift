import Catalog
import Columns
import Foundation
import Testing

@Suite("Image cache", .serialized) struct RetentionImageTests {
    private func file(_ bytes: Int, _ value: UInt8 = 7) throws -> String {
        let path = "/tmp/skyledger-image-\(UInt32.random(in: 0 ... .max)).fits"
        try Data(repeating: value, count: bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test("a file is kept under its visit until its time is over, then deleted with retention; its row stays and says when")
    func lifetime() throws {
        let test = try TestInstance()
        let (cache, path) = (ImageCache(instance: test.instance, connection: try test.connection(.ingest)), try file(5000))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let raw = try cache.add(path, visit: 1, detector: 2, kind: .raw, nowMjdTai: 60_000)
        let science = try cache.add(path, visit: 1, detector: 2, kind: .science, nowMjdTai: 60_000)
        let short = try cache.add(path, visit: 1, detector: 3, kind: .raw, days: 2, nowMjdTai: 60_000)
        #expect([raw, science, short].map(\.expiresMjdTai) == [60_060, 60_030, 60_002])
        #expect(try cache.add(path, visit: 1, detector: 2, kind: .raw, nowMjdTai: 60_001).wasKnown)
        #expect(try cache.check(isDeep: true) == [])
        let retention = try Retention(test.instance)
        let outcome = try retention.apply(nowMjdTai: 60_040)
        #expect(outcome.removed.map(\.table) == ["image cache: raw", "image cache: science"] && outcome.bytes == 10_000)
        #expect(FileManager.default.fileExists(atPath: raw.path))
        #expect(!FileManager.default.fileExists(atPath: science.path) && !FileManager.default.fileExists(atPath: short.path))
        #expect(try cache.list().rowCount == 1)
        let rows = try cache.list(deleted: true)
        #expect(rows["deletedMjdTai"]!.nullCount == 1 && rows["deletedMjdTai"]!.doubles!.max() == 60_040)
        #expect(try cache.check() == [])
        // What has gone can be added again.
        #expect(try !cache.add(path, visit: 1, detector: 3, kind: .raw, nowMjdTai: 60_041).wasKnown)
        #expect(try RetentionRecord.report(on: test.connection()).rowCount == 2)
    }

    @Test("files that vanished, grew, shrank or changed are told apart, and so is one that nobody registered")
    func faults() throws {
        let test = try TestInstance()
        let cache = ImageCache(instance: test.instance, connection: try test.connection(.ingest))
        var added: [String] = []
        for value in 0..<5 {
            let path = try file(1000, UInt8(value))
            added.append(try cache.add(path, visit: 9, detector: Int32(value), kind: .difference, isLinked: value == 4).path)
            if value != 4 { try FileManager.default.removeItem(atPath: path) }
        }
        func write(_ path: String, _ data: Data) throws { try data.write(to: URL(fileURLWithPath: path)) }
        try FileManager.default.removeItem(atPath: added[0])
        try write(added[1], Data(count: 1001))
        try write(added[2], Data(count: 10))
        try write(added[3], Data(repeating: 99, count: 1000))
        try write(test.directory + "/images/stray.fits", Data(count: 3))
        for isDeep in [false, true] {
            let faults = try cache.check(isDeep: isDeep)
            #expect(faults.map(\.kind) == [.vanished, .grew, .shrank, .changed, .unregistered])
            #expect(faults.prefix(4).map(\.path) == Array(added.prefix(4)))
        }
    }

    @Test("deletions that were written down and not done are done by the next run")
    func interrupted() throws {
        let test = try TestInstance()
        let (cache, path) = (ImageCache(instance: test.instance, connection: try test.connection(.ingest)), try file(10))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let image = try cache.add(path, visit: 1, detector: 2, kind: .raw, nowMjdTai: 60_000)
        try test.connection(.owner).execute(
            "UPDATE skyledger.\"CachedImage\" SET \"deletedAt\" = now(), \"deletedMjdTai\" = 60100 WHERE \"image\" = \(image.image)")
        #expect(FileManager.default.fileExists(atPath: image.path))
        _ = try Retention(test.instance).apply(nowMjdTai: 60_100)
        #expect(!FileManager.default.fileExists(atPath: image.path))
        #expect(try cache.check() == [])
    }

    @Test("what is no file, or has no time to stay, is refused")
    func refused() throws {
        let test = try TestInstance()
        let (cache, path) = (ImageCache(instance: test.instance, connection: try test.connection(.ingest)), try file(10))
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: CatalogError.self) { try cache.add("/tmp/none.fits", visit: 1, detector: 1, kind: .raw) }
        #expect(throws: CatalogError.self) { try cache.add(test.directory, visit: 1, detector: 1, kind: .raw) }
        for days in [0, -1, Double.nan, 1e9] {
            #expect(throws: CatalogError.self) { try cache.add(path, visit: 1, detector: 1, kind: .raw, days: days) }
        }
        #expect(try cache.list(deleted: true).rowCount == 0)
    }
}
