import Catalog
import Columns
import Postgres
import Testing

@Suite("Validity intervals", .serialized) struct ValidityTests {
    /// A version of an object as a statement, every column that must not be null filled.
    private func insert(_ id: Int64, _ start: Double, _ end: Double?, into table: String = "\"DiaObject\"") -> String {
        let bands = ["u", "g", "r", "i", "z", "y"].map { "\"\($0)_psfFluxNdata\"" }.joined(separator: ", ")
        let columns =
            "\"diaObjectId\", \"validityStartMjdTai\", \"validityEndMjdTai\", \"ra\", \"dec\", \"nDiaSources\", \"pixelId\", \"tile\""
        let ending = end.map { "\($0)" } ?? "NULL"
        return "INSERT INTO l1_0001.\(table) (\(columns), \(bands)) VALUES (\(id), \(start), \(ending), 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0)"
    }

    private func prepared() throws -> (TestInstance, Connection) {
        let test = try TestInstance()
        let owner = try test.connection(.owner)
        for month in [2034, 2035, 2036] {
            try owner.query(
                "SELECT skyledger.make_time_partition('l1_0001', 'DiaObject_closed', $1, $2, $3)",
                [.text("DiaObject_\(month)"), .text("\(month * 30)"), .text("\(month * 30 + 30)")])
        }
        return (test, owner)
    }

    @Test("the database refuses versions of one object that overlap, within a month, over months, open and closed, in every order")
    func overlap() throws {
        let (test, owner) = try prepared()
        defer { withExtendedLifetime(test) {} }
        // Random pairs of intervals on a coarse grid, so that all ways of touching occur; brute force says which pairs overlap.
        var generator = SystemRandomNumberGenerator()
        for id in 0..<300 {
            func interval() -> (Double, Double?) {
                let start = 61025 + Double(Int.random(in: 0..<10, using: &generator)) * 8
                let length = Double(Int.random(in: 0..<5, using: &generator)) * 8
                return (start, length == 0 ? nil : start + length)
            }
            let (a, b) = (interval(), interval())
            // Ends must fall into a partition that exists.
            guard [a, b].allSatisfy({ $0.1 ?? 0 < 61110 }) else { continue }
            let overlaps = a.0 < (b.1 ?? .infinity) && b.0 < (a.1 ?? .infinity)
            try owner.execute(insert(Int64(id), a.0, a.1))
            if overlaps {
                let error = #expect(throws: PostgresError.self) { try owner.execute(insert(Int64(id), b.0, b.1)) }
                #expect(["23P01", "23505"].contains(error?.sqlState))
            } else {
                try owner.execute(insert(Int64(id), b.0, b.1))
            }
        }
    }

    @Test("a row that is written to a partition itself meets the same rule")
    func directToPartition() throws {
        let (test, owner) = try prepared()
        defer { withExtendedLifetime(test) {} }
        try owner.execute(insert(1, 61050, 61060))
        let error = #expect(throws: PostgresError.self) { try owner.execute(insert(1, 61055, 61070, into: "\"DiaObject_2035\"")) }
        #expect(error?.sqlState == "23P01")
        #expect(error?.constraint == "DiaObject_validity")
    }

    @Test("an update that would stretch a version over another is refused")
    func update() throws {
        let (test, owner) = try prepared()
        defer { withExtendedLifetime(test) {} }
        try owner.execute(insert(1, 61050, 61060))
        try owner.execute(insert(1, 61060, nil))
        let statement = "UPDATE l1_0001.\"DiaObject\" SET \"validityEndMjdTai\" = 61065 WHERE \"validityEndMjdTai\" = 61060"
        #expect(throws: PostgresError.self) { try owner.execute(statement) }
        #expect(throws: PostgresError.self) {
            try owner.execute("UPDATE l1_0001.\"DiaObject\" SET \"validityEndMjdTai\" = 61040 WHERE \"validityEndMjdTai\" IS NULL")
        }
    }

    @Test("two transactions that each add a version which overlaps the other's cannot both commit")
    func concurrent() throws {
        let (test, first) = try prepared()
        let second = try test.connection(.owner)
        try first.execute("BEGIN")
        try first.execute(insert(7, 61050, 61060))
        try second.execute("SET lock_timeout = '500ms'")
        let error = #expect(throws: PostgresError.self) { try second.execute(insert(7, 61055, 61070)) }
        #expect(error?.sqlState == "55P03")
        try first.execute("COMMIT")
        #expect(throws: PostgresError.self) { try second.execute(insert(7, 61055, 61070)) }
        #expect(try first.int64("SELECT count(*) FROM l1_0001.\"DiaObject\" WHERE \"diaObjectId\" = 7") == 1)
    }
}
