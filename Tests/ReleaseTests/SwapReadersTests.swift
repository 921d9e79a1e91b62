import Catalog
import Columns
import Foundation
import Postgres
import Release
import Synchronization
import Testing

@Suite("Readers while generations are swapped", .serialized) struct SwapReadersTests {
    /// What one thread saw.
    private struct Seen {
        var answers = 0
        /// Answers with rows of two generations.
        var mixed = 0
        var errors: [String] = []
        var longestMs = 0.0

        mutating func add(_ other: Seen) {
            answers += other.answers
            mixed += other.mixed
            errors += other.errors
            longestMs = max(longestMs, other.longestMs)
        }
    }

    private static let swaps = ProcessInfo.processInfo.environment["SKYLEDGER_SWAPS"].flatMap(Int.init) ?? 20

    /// A number that says the generation, of the sources and of the objects, and how many sources there are: all must be of one generation.
    private static func statement(_ schema: String) -> String {
        """
        SELECT (SELECT max("psfFlux")::bigint FROM \(schema)"DiaSource") AS "source",
               (SELECT max("nDiaSources")::bigint FROM \(schema)"DiaObject") AS "object", (SELECT count(*) FROM \(schema)"DiaSource") AS "count"
        """
    }

    /// Asks again and again on four connections while generations take turns, or for two seconds while they do not.
    private func watch(_ fixture: SwapFixture, swaps: Bool = true, _ ask: @escaping @Sendable (Connection) throws -> Table) throws -> Seen {
        let total = Mutex(Seen())
        let isOver = Atomic(false)
        let instance = fixture.instance
        let group = DispatchGroup()
        for _ in 0..<4 {
            group.enter()
            Thread.detachNewThread {
                var seen = Seen()
                do {
                    let connection = try instance.connect(as: .reader)
                    while !isOver.load(ordering: .relaxed) {
                        let start = DispatchTime.now().uptimeNanoseconds
                        let row = try ask(connection)
                        seen.longestMs = max(seen.longestMs, Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6)
                        let values = ["source", "object", "count"].map { row[$0]!.int64s![0] }
                        seen.answers += 1
                        if Set(values) != [values[0]] { seen.mixed += 1 }
                    }
                } catch { seen.errors.append("\(error)") }
                total.withLock { $0.add(seen) }
                group.leave()
            }
        }
        let owner = try fixture.connection(.owner)
        if !swaps { Thread.sleep(forTimeInterval: 2) }
        for swap in 0..<(swaps ? Self.swaps : 0) {
            let isPublished = try fixture.record().state == .published
            if isPublished {
                _ = try Rollback(instance).run(SwapFixture.release)
            } else {
                try owner.execute("UPDATE skyledger.\"Release\" SET \"state\" = 'joined'")
                _ = try Publication(instance).run(SwapFixture.release)
            }
            if swap % 10 == 0 { usleep(20_000) }
        }
        isOver.store(true, ordering: .relaxed)
        group.wait()
        return total.withLock { $0 }
    }

    @Test("none sees an error; `skyledger sql` never has two generations in one answer, by whatever names")
    func readers() throws {
        let fixture = try SwapFixture(visits: 2)
        try fixture.begin()
        let owner = try fixture.connection(.owner)
        for generation in 1...2 {
            let schema = "l1_000\(generation)"
            try owner.execute(
                """
                DELETE FROM \(schema)."DiaSource" WHERE "diaSourceId" NOT IN
                    (SELECT "diaSourceId" FROM \(schema)."DiaSource" ORDER BY 1 LIMIT \(generation));
                UPDATE \(schema)."DiaSource" SET "psfFlux" = \(generation);
                UPDATE \(schema)."DiaObject" SET "nDiaSources" = \(generation)
                """)
        }
        try fixture.join()
        try fixture.report()
        let still = try watch(fixture, swaps: false) { try $0.query(Self.statement("apdb.")) }
        print("no swaps: \(still.answers) answers, longest \(still.longestMs) ms")
        let raw = try watch(fixture) { try $0.query(Self.statement("apdb.")) }
        let plain = try watch(fixture) { try ReadOnlySQL.run(Self.statement(""), on: $0) }
        let named = try watch(fixture) { try ReadOnlySQL.run(Self.statement("apdb."), on: $0) }
        for (name, seen) in [("views, not pinned", raw), ("sql", plain), ("sql with apdb.", named)] {
            print("\(Self.swaps) swaps, \(name): \(seen.answers) answers, \(seen.mixed) mixed, longest \(seen.longestMs) ms")
            #expect(seen.errors == [], "\(name)")
            #expect(seen.answers > Self.swaps, "\(name)")
        }
        #expect(plain.mixed == 0 && named.mixed == 0)
    }
}
