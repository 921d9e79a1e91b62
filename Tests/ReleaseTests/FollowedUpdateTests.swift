import Foundation
import Ingest
import Postgres
import Testing

@testable import Catalog
@testable import Release

/// Updates of sources that the reprocessing gave other numbers: through the crosswalk.
@Suite("Updates of reprocessed sources", .serialized) struct FollowedUpdateTests {
    private static let shift = TwoGenerations.shift
    /// What the fixture drops.
    private static let isKept = "abs(hashint8extended(\"diaSourceId\", 7)) % 100 >= 3"

    private func updates(_ sky: TwoGenerations, of generation: Int = 1) throws -> Updates {
        let connection = try sky.instance.connect(as: .ingest)
        return Updates(
            connection: connection, generation: try sky.instance.generation(generation, on: connection),
            pixelization: try sky.instance.pixelization(on: connection), configuration: Configuration())
    }

    private func ids(_ sky: TwoGenerations, _ sql: String) throws -> [Int64] { try sky.reader().query(sql).columns.first?.int64s ?? [] }

    private func catchUp(_ sky: TwoGenerations) throws -> CatchUp.Outcome {
        try CatchUp(instance: sky.instance).run(TwoGenerations.release)
    }

    private func reasons(_ sky: TwoGenerations) throws -> [String?] {
        try ReleaseUpdates(connection: sky.reader()).all(of: TwoGenerations.release).map(\.reason)
    }

    /// Objects that the reprocessing left whole, of which it has all sources.
    private func whole(_ sky: TwoGenerations, _ count: Int) throws -> [Int64] {
        let found = try ids(
            sky,
            """
            SELECT "diaObjectId" FROM l1_0001."DiaSource" WHERE "diaObjectId" IS NOT NULL AND abs(hashint8("diaObjectId")) % 8 <> 0
            GROUP BY 1 HAVING count(*) > 3 AND bool_and(\(Self.isKept)) ORDER BY 1 LIMIT \(count)
            """)
        try #require(found.count == count)
        return found
    }

    @Test("a withdrawal waits for the crosswalk, then finds the source under its new number; a source that vanished is skipped")
    func withdrawals() throws {
        let sky = try TwoGenerations()
        let kept = try ids(sky, "SELECT \"diaSourceId\" FROM l1_0001.\"DiaSource\" WHERE \(Self.isKept) ORDER BY 1 LIMIT 3")
        let dropped = try ids(sky, "SELECT \"diaSourceId\" FROM l1_0001.\"DiaSource\" WHERE NOT \(Self.isKept) ORDER BY 1 LIMIT 2")
        _ = try updates(sky).withdraw(sources: kept + dropped, cause: "satellites")
        _ = try updates(sky).withdraw(
            sources: ids(sky, "SELECT max(\"diaSourceId\") FROM l1_0001.\"DiaSource\" WHERE NOT \(Self.isKept)"), cause: "gone")
        // Depends on the first and waits with it.
        _ = try updates(sky).restore(sources: [kept[0]], cause: "a star")
        let early = try catchUp(sky)
        #expect(early.updates == 0 && early.updatesSkipped == 0 && early.updatesWaiting == 3)
        #expect(try reasons(sky).first??.contains("a crosswalk is needed") == true)
        try sky.crosswalk()
        let outcome = try catchUp(sky)
        #expect(outcome.updates == 2 && outcome.updatesSkipped == 1 && outcome.updatesWaiting == 0)
        #expect(try reasons(sky) == ["vanished", "vanished", nil])
        #expect(
            try ids(sky, "SELECT \"diaSourceId\" FROM l1_0002.\"DiaSource\" WHERE \"timeWithdrawnMjdTai\" IS NOT NULL ORDER BY 1")
                == kept.dropFirst().map { $0 + Self.shift })
        let measured = try ReleaseCheck(instance: sky.instance).run(TwoGenerations.release).measurement.updates
        #expect(measured.repeated == 2 && measured.waiting == 0 && measured.skippedWithdrawals == 0)
        #expect(measured.left == [.init(kind: .withdraw, reason: "vanished", rows: 3, first: 1)])
    }

    @Test("objects are those that hold the sources: reassigned, merged, split and closed under their new numbers, in either direction")
    func objects() throws {
        let sky = try TwoGenerations()
        try sky.crosswalk()
        let objects = try whole(sky, 6)
        func sources(_ object: Int64, _ generation: Int = 1) throws -> [Int64] {
            try ids(sky, "SELECT \"diaSourceId\" FROM l1_000\(generation).\"DiaSource\" WHERE \"diaObjectId\" = \(object) ORDER BY 1")
        }
        let moved = try sources(objects[0])[0]
        let parts = try Array(sources(objects[3]).suffix(2))
        let merged = try (sources(objects[1]) + sources(objects[2])).sorted()
        _ = try updates(sky).reassign([(diaSourceId: moved, diaObjectId: objects[1])], cause: "t")
        _ = try updates(sky).reassign([(diaSourceId: moved, diaObjectId: objects[0])], cause: "back")
        _ = try updates(sky).merge([objects[1]], into: objects[2], cause: "t")
        _ = try updates(sky).split(objects[3], sources: parts, cause: "t")
        _ = try updates(sky).close(objects: [objects[4]], cause: "t")
        let outcome = try catchUp(sky)
        #expect(outcome.updates == 5 && outcome.updatesSkipped == 0 && outcome.updatesWaiting == 0)
        let shift = Self.shift
        #expect(try sources(objects[0] + shift, 2) == sources(objects[0]).map { $0 + shift })
        #expect(try sources(objects[2] + shift, 2) == merged.map { $0 + shift } && sources(objects[1] + shift, 2) == [])
        #expect(try sources(parts[0] + shift, 2) == parts.map { $0 + shift })
        #expect(try sky.int("SELECT count(*) FROM l1_0002.\"DiaObjectLast\" WHERE \"diaObjectId\" = \(objects[4] + shift)") == 0)
        // After the publication, the other way.
        try sky.owner().execute(
            """
            UPDATE skyledger."Generation" SET "state" = 'former' WHERE "generationId" = 1;
            UPDATE skyledger."Generation" SET "state" = 'current' WHERE "generationId" = 2;
            UPDATE skyledger."Release" SET "state" = 'published'
            """)
        let source = try sources(objects[5])[0]
        _ = try updates(sky, of: 2).withdraw(sources: [source + shift], cause: "later")
        _ = try updates(sky, of: 2).close(objects: [objects[5] + shift], cause: "later")
        // Of one that only the reprocessing found the former generation knows nothing.
        let added = try ids(sky, "SELECT max(\"diaSourceId\") FROM l1_0002.\"DiaSource\"")
        _ = try updates(sky, of: 2).withdraw(sources: added, cause: "later")
        let back = try catchUp(sky)
        #expect(back.updates == 2 && back.updatesSkipped == 1 && back.updatesWaiting == 0)
        #expect(try sky.int("SELECT count(*) FROM l1_0001.\"DiaSource\" WHERE \"timeWithdrawnMjdTai\" IS NOT NULL") == 1)
        #expect(try sky.int("SELECT count(*) FROM l1_0001.\"DiaObjectLast\" WHERE \"diaObjectId\" = \(objects[5])") == 0)
        #expect(try reasons(sky).last == "vanished")
    }
}
