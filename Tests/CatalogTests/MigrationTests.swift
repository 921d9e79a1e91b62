import Catalog
import Columns
import Foundation
import Postgres
import Schema
import TestSupport
import Testing

@Suite("Schema migration of a populated instance", .serialized) struct MigrationTests {
    static let chain = [
        "2022-04-19", "2023-05-28", "v0.1.1", "v1.0.0", "v1.1.0", "v2.0.0", "v2.0.1", "v7.0.0", "v8.0.0", "v9.0.0", "v9.1.1", "v10.0.0",
    ]
    static func path(_ name: String) -> String { "\(PackageFolder.data.path)/felis/apdb-\(name).yaml" }

    /// Random rows in every table of the oldest document: the same for every instance.
    private func populate(_ test: TestInstance) throws {
        let owner = try test.connection(.owner)
        let document = try test.instance.currentGeneration(on: owner).document
        for (parent, table, type) in [
            ("DiaSource", "DiaSource", ""), ("DiaForcedSource", "DiaForcedSource", ""), ("DiaObject_closed", "DiaObject", "time"),
        ] {
            for number in 2033...2036 {
                func bound(_ number: Int) -> String {
                    type == "time" ? "2026-0\(number - 2033 + 1)-01" : "\(number * 30)"
                }
                try owner.query(
                    "SELECT skyledger.make_time_partition('l1_0001', $1, $2, $3, $4)",
                    [.text(parent), .text("\(table)_\(number)"), .text(bound(number)), .text(bound(number + 1))])
            }
        }
        var random = SeededGenerator(state: 42)
        for table in document.tables where !table.columns.isEmpty {
            try owner.copyIn(rows(of: table, count: 30, &random), to: "l1_0001.\"\(table.name)\"")
        }
    }

    private func rows(of table: TableDefinition, count: Int, _ random: inout SeededGenerator) -> Table {
        let isSpatial = ["DiaObject", "DiaObjectLast", "DiaSource", "DiaForcedSource"].contains(table.name)
        var columns: [Column] = []
        for column in table.columns {
            let isKey = table.primaryKey.contains(column.name) || column.name.hasSuffix("Id")
            var validity = Validity(repeating: true, count: count)
            if column.isNullable, !isKey { for row in 0..<count where random.next() % 4 == 0 { validity[row] = false } }
            let values: ColumnValues =
                switch column.datatype.columnType {
                case .bool: .bool((0..<count).map { _ in random.next() % 2 == 0 })
                case .int16: .int16((0..<count).map { _ in Int16(random.next() % 100) })
                case .int32: .int32((0..<count).map { _ in Int32(random.next() % 1000) })
                case .int64: .int64((0..<count).map { row in isKey ? Int64(row + 1) : Int64(random.next() % 100_000) })
                case .float: .float((0..<count).map { _ in Float(random.next() % 10_000) / 7 })
                case .double:
                    column.name.hasPrefix("midPoint")
                        ? .double((0..<count).map { _ in 60_990 + Double(random.next() % 1_000_000) / 1e4 })
                        : .double((0..<count).map { _ in Double(random.next() % 1_000_000) / 7e4 })
                case .string:
                    .string(.init((0..<count).map { row in String("ugrizyabcdef".dropFirst(row % 6).prefix(column.length ?? 6)) }))
                case .binary: .binary(.init((0..<count).map { "\($0)" }))
                // Versions of one object begin and end in order: each object has one.
                case .timestamp:
                    .timestamp(
                        (0..<count).map { row in
                            1_767_300_000_123_456 + Int64(row) * 3_600_000_000
                                + (column.name == "validityEnd" ? 86_400_000_000 * Int64(row % 80 + 1) : 0)
                        })
                }
            columns.append(Column(column.name, values, validity: validity.nullCount > 0 ? validity : nil))
        }
        if isSpatial {
            columns.append(Column("pixelId", .int64((0..<count).map { Int64($0) << 30 })))
            columns.append(Column("tile", .int32((0..<count).map(Int32.init))))
            if table.name == "DiaSource" { columns.append(Column("disposition", .string(.init((0..<count).map { _ in "associated" })))) }
        }
        return Table(columns).withConsistentOwners
    }

    private func dump(_ test: TestInstance) throws -> [String: [String]] {
        let document = try test.instance.currentGeneration(on: test.connection()).document
        return try Dictionary(uniqueKeysWithValues: document.tables.map { ($0.name, try test.rows("SELECT * FROM \"\($0.name)\"")) })
    }

    @Test(
        "the whole chain from 2022-04-19 to 10.0.0, document by document, ends with the rows that the direct jump gives",
        .enabled(if: PackageFolder.hasData("felis"), "needs SKYLEDGER_DATA/felis"))
    func chainEqualsJump() throws {
        let (walked, jumped) = (try TestInstance(schema: Self.path("2022-04-19")), try TestInstance(schema: Self.path("2022-04-19")))
        try populate(walked)
        try populate(jumped)
        #expect(try dump(walked) == dump(jumped))
        for name in Self.chain.dropFirst() { try SchemaMigration(instance: walked.instance, path: Self.path(name)).run() }
        try SchemaMigration(instance: jumped.instance, path: Self.path("v10.0.0")).run()
        let (a, b) = (try dump(walked), try dump(jumped))
        #expect(a.keys.sorted() == b.keys.sorted())
        for table in a.keys.sorted() { #expect(a[table] == b[table], "\(table)") }
        // Values that both documents have are there: by another way of asking, straight from the numbers that were put in.
        #expect(try jumped.connection().int64("SELECT count(*) FROM \"DiaSource\" WHERE \"midpointMjdTai\" BETWEEN 60990 AND 61090") == 30)
        #expect(try jumped.connection().int64("SELECT count(*) FROM \"DiaObject\"") == 30)
    }

    @Test(
        "a migration that fails leaves the instance as it was, and one backwards is refused",
        .enabled(if: PackageFolder.hasData("felis"), "needs SKYLEDGER_DATA/felis"))
    func failure() throws {
        let test = try TestInstance(schema: Self.path("v9.0.0"))
        let visits = try LoadTests.visits(2)
        defer { try? FileManager.default.removeItem(atPath: visits) }
        try test.load(visits)
        let before = try dump(test)
        #expect(throws: CatalogError.self) { try SchemaMigration(instance: test.instance, path: Self.path("v8.0.0")).run() }
        // A document in which a column with values in it becomes too short for them.
        let newer = try String(contentsOfFile: Self.path("v10.0.0"), encoding: .utf8)
        let file = test.directory + "-bad.yaml"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let broken = newer.replacing("name: psfFlux\n    datatype: float", with: "name: psfFlux\n    datatype: short")
        #expect(broken != newer)
        try broken.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(throws: PostgresError.self) { try SchemaMigration(instance: test.instance, path: file).run() }
        #expect(try dump(test) == before)
        #expect(try test.faults() == [])
        try SchemaMigration(instance: test.instance, path: Self.path("v10.0.0")).run()
        #expect(try test.faults() == [])
        #expect(try test.load(visits).skippedAlreadyLoaded == 8)
    }
}

extension Table {
    /// A source belongs to one owner: those that have an SSObject lose their DiaObject.
    fileprivate var withConsistentOwners: Table {
        guard self["diaSourceId"] != nil, self["diaObjectId"] != nil, let solar = self["ssObjectId"], let ids = solar.int64s else {
            return self
        }
        var out = self
        out.set(Column("ssObjectId", .int64(ids), validity: Validity(repeating: false, count: rowCount)))
        return out
    }
}
