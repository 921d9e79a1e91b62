import Catalog
import Columns
import Foundation
import Ingest
import Testing

/// Updates after the fact, by the library. tools/trial holds random sequences of them against the invariants; here is what each does.
@Suite("Updates", .serialized) struct UpdatesTests {
    /// An instance with a synthetic survey, and its updates.
    static func loaded() throws -> (TestInstance, Updates) {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(8))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        try test.load(visits)
        return (test, try test.updates())
    }

    @Test("a withdrawal takes a source out of its object, and its restoration leaves every table as it was, but for versions and records")
    func withdrawAndRestore() throws {
        let (test, updates) = try Self.loaded()
        let before = try test.rows("SELECT * FROM \"DiaSource\"")
        let id = try #require(try test.int("SELECT \"diaSourceId\" FROM \"DiaSource\" WHERE \"diaObjectId\" = (\(Self.largest)) LIMIT 1"))
        let object = try #require(try test.int(Self.largest))
        let open = "SELECT \"nDiaSources\" FROM \"DiaObjectLast\" WHERE \"diaObjectId\" = \(object)"
        let count = try #require(try test.int(open))
        let summary = try test.summary(of: object)
        let outcome = try updates.withdraw(sources: [id], cause: "satellite")
        #expect(outcome.diaSources == 1 && outcome.diaObjectsUpdated == [object])
        #expect(try test.int(open) == count - 1)
        #expect(try test.summary(of: object) != summary)
        #expect(throws: CatalogError.self) { try updates.withdraw(sources: [id], cause: "again") }
        _ = try updates.restore(sources: [id], cause: "no satellite")
        #expect(try test.rows("SELECT * FROM \"DiaSource\"") == before)
        #expect(try test.summary(of: object) == summary)
        #expect(try test.int("SELECT count(*) FROM \"UpdateRecord\" WHERE \"diaSourceId\" = \(id)") == 2)
        #expect(try test.faults() == [])
    }

    @Test("a merge gives one object all sources; the split of them gives both back; every change has a record with order and cause")
    func mergeAndSplit() throws {
        let (test, updates) = try Self.loaded()
        let objects = try test.ids("SELECT \"diaObjectId\" FROM \"DiaObjectLast\" WHERE \"nDiaSources\" > 2 ORDER BY 1 LIMIT 2")
        let (kept, gone) = (objects[0], objects[1])
        func members(_ object: Int64) throws -> [Int64] {
            try test.ids("SELECT \"diaSourceId\" FROM \"DiaSource\" WHERE \"diaObjectId\" = \(object) ORDER BY 1")
        }
        let (first, second) = (try members(kept), try members(gone))
        let merged = try updates.merge([gone], into: kept, cause: "one star")
        #expect(merged.diaObjectsClosed == [gone] && merged.diaObjectsUpdated == [kept])
        #expect(try members(kept) == (first + second).sorted())
        #expect(try test.int("SELECT count(*) FROM \"DiaObjectLast\" WHERE \"diaObjectId\" = \(gone)") == 0)
        #expect(try test.faults() == [])
        let split = try updates.split(kept, sources: second, cause: "two stars")
        // The old identifier was used before and is not used again.
        let new = try #require(split.diaObjectsUpdated.first { $0 != kept })
        #expect(new != gone && second.contains(new))
        #expect(try members(kept) == first && members(new) == second)
        #expect(try test.faults() == [])
        let records = try test.connection().query(
            "SELECT \"operation\", \"updateOrder\", \"updateType\", \"cause\" FROM \"UpdateRecord\" ORDER BY \"operation\", \"updateOrder\""
        )
        let (order, cause) = (records["updateOrder"]!.numbers!.map { Int($0) }, records["cause"]!.strings!)
        let fromMerge = order.indices.filter { cause[$0] == "one star" }
        #expect(fromMerge.count >= second.count + 1)
        #expect(fromMerge.map { order[$0] } == Array(0..<fromMerge.count).map { $0 + order[fromMerge[0]] })
    }

    @Test("a source given to an SSObject leaves its DiaObject, which is closed when it was the last, and comes back by reassignment")
    func solarSystem() throws {
        let (test, updates) = try Self.loaded()
        let single = try #require(try test.int("SELECT min(\"diaObjectId\") FROM \"DiaObjectLast\" WHERE \"nDiaSources\" = 1"))
        let other = try #require(try test.int(Self.largest))
        let outcome = try updates.reassignToSSObjects([(single, 4711)], cause: "linked")
        #expect(outcome.diaObjectsClosed == [single])
        #expect(try test.int("SELECT \"ssObjectId\" FROM \"DiaSource\" WHERE \"diaSourceId\" = \(single)") == 4711)
        let count = try test.int("SELECT \"nDiaSources\" FROM \"DiaObjectLast\" WHERE \"diaObjectId\" = \(other)")
        _ = try updates.reassign([(single, other)], cause: "not linked")
        #expect(try test.int("SELECT \"nDiaSources\" FROM \"DiaObjectLast\" WHERE \"diaObjectId\" = \(other)") == count.map { $0 + 1 })
        #expect(try test.int("SELECT count(*) FROM \"DiaSource\" WHERE \"ssObjectId\" IS NOT NULL") == 0)
        #expect(try test.faults() == [])
    }

    @Test("requests that cannot be met are refused in one sentence, and change nothing")
    func refusals() throws {
        let (test, updates) = try Self.loaded()
        let (object, source) = (
            try #require(try test.int(Self.largest)), try #require(try test.int("SELECT min(\"diaSourceId\") FROM \"DiaSource\""))
        )
        let closed = try #require(try test.int("SELECT min(\"diaObjectId\") FROM \"DiaObjectLast\" WHERE \"nDiaSources\" = 1"))
        _ = try updates.close(objects: [closed], cause: "test")
        let all =
            "SELECT (SELECT count(*) FROM \"UpdateRecord\"), (SELECT count(*) FROM \"DiaObject\"), (SELECT sum(\"nDiaSources\") FROM \"DiaObjectLast\")"
        let (before, sources) = (try test.rows(all), try test.rows("SELECT * FROM \"DiaSource\""))
        let requests: [(String, () throws -> Updates.Outcome)] = [
            ("an unknown source", { try updates.withdraw(sources: [source, -5], cause: "t") }),
            ("a source twice", { try updates.withdraw(sources: [source, source], cause: "t") }),
            ("an unknown object", { try updates.reassign([(source, -7)], cause: "t") }),
            ("a closed object", { try updates.reassign([(source, closed)], cause: "t") }),
            ("a source twice in a reassignment", { try updates.reassign([(source, object), (source, object)], cause: "t") }),
            ("an unknown source to an SSObject", { try updates.reassignToSSObjects([(-1, 4711)], cause: "t") }),
            ("an SSObject 0", { try updates.reassignToSSObjects([(source, 0)], cause: "t") }),
            ("an object closed twice", { try updates.close(objects: [closed], cause: "t") }),
            ("a merge into itself", { try updates.merge([object], into: object, cause: "t") }),
            ("a merge of a closed object", { try updates.merge([closed], into: object, cause: "t") }),
            ("a merge of nothing", { try updates.merge([], into: object, cause: "t") }),
            ("a split of others' sources", { try updates.split(object, sources: [closed], cause: "t") }),
            ("no cause", { try updates.withdraw(sources: [source], cause: " ") }),
            (
                "an unknown forced source",
                { try updates.withdraw(forced: [.init(diaObjectId: object, visit: -1, detector: 0)], cause: "t") }
            ),
        ]
        for (name, request) in requests {
            let error = #expect(throws: CatalogError.self, "\(name)") { try request() }
            #expect(error?.isBadRequest == true, "\(name)")
            #expect(error?.description.contains("\n") == false, "\(name)")
        }
        #expect(try test.rows(all) == before)
        #expect(try test.rows("SELECT * FROM \"DiaSource\"") == sources)
    }

    @Test("three loaders of the same visits at once leave the summaries that one leaves")
    func concurrency() throws {
        let visits = try LoadTests.visits(10)
        defer { try? FileManager.default.removeItem(atPath: visits) }
        let (one, many) = (try TestInstance(), try TestInstance())
        try one.load(visits)
        let (instance, failures) = (many.instance, Failures())
        DispatchQueue.concurrentPerform(iterations: 3) { _ in
            do { _ = try LoadTask(instance: instance, options: .withoutAlerts).run([.visitDirectory(visits)]) } catch {
                failures.add("\(error)")
            }
        }
        #expect(failures.all == [])
        // In the open versions of the same objects, whatever their history of versions was.
        let summaries =
            "SELECT \"diaObjectId\", \"nDiaSources\", \"ra\", \"dec\", \"r_psfFluxMean\", \"r_psfFluxSigma\", \"g_psfFluxNdata\" FROM \"DiaObject\" WHERE \"validityEndMjdTai\" IS NULL"
        #expect(try one.rows(summaries) == many.rows(summaries))
    }

    /// The open object with the most sources, the lowest of them.
    static let largest = "SELECT \"diaObjectId\" FROM \"DiaObjectLast\" ORDER BY \"nDiaSources\" DESC, 1 LIMIT 1"
}

extension TestInstance {
    func updates() throws -> Updates {
        let connection = try connection(.ingest)
        return Updates(
            connection: connection, generation: try instance.currentGeneration(on: connection),
            pixelization: try instance.pixelization(on: connection),
            configuration: try ConfigurationRecord.current(on: connection).configuration)
    }

    func int(_ sql: String) throws -> Int64? { try connection().int64(sql) }

    func ids(_ sql: String) throws -> [Int64] { try connection().query(sql).columns.first?.int64s ?? [] }

    /// All columns of the open version but its validity.
    func summary(of object: Int64) throws -> [String] {
        try rows(
            "SELECT to_jsonb(o) - 'validityStartMjdTai' - 'replicaKey' AS o FROM \"DiaObject\" AS o WHERE \"diaObjectId\" = \(object) AND \"validityEndMjdTai\" IS NULL"
        )
    }

    /// Finds duplicates and merges them, as the command does.
    func deduplicate(radiusArcsec: Double = 1) throws -> Deduplication.Findings {
        let connection = try connection(.ingest)
        let generation = try instance.currentGeneration(on: connection)
        let findings = try Deduplication(radiusArcsec: radiusArcsec).find(
            on: connection, generation: generation, pixelization: instance.pixelization(on: connection), driftArcsec: 3)
        let updates = try updates()
        for merge in findings.merges { _ = try updates.merge(merge.merged, into: merge.survivor, cause: "test") }
        return findings
    }
}
