import Schema
import Testing

@Suite("SQL text")
struct DDLTests {
    @Test("Names given out are never two alike and never longer than 63 bytes")
    func names() {
        var names = RelationNames(taken: ["a"])
        let wanted = [
            "a", "a", "b", String(repeating: "é", count: 60), String(repeating: "é", count: 61), String(repeating: "é", count: 60),
        ]
        let given = wanted.map { names.claim($0) }
        #expect(Set(given).count == wanted.count && !given.contains("a"))
        #expect(given.allSatisfy { $0.utf8.count <= 63 })
        #expect(given[2] == "b")
    }

    @Test("Quotes and backslashes in names and texts are escaped")
    func quoting() {
        #expect(SQLText.identifier("a\"b") == "\"a\"\"b\"")
        #expect(SQLText.literal("it's") == "'it''s'")
        #expect(SQLText.literal("a\\'b") == "E'a\\\\''b'")
        #expect(SQLText.identifier("a\"\u{301}b") == "\"a\"\"\u{301}b\"")
    }

    @Test("A layout adds columns, replaces the key and drops what it does not keep")
    func layout() {
        let table = TableDefinition(
            name: "T", columns: [ColumnDefinition("id", .long, isNullable: false), ColumnDefinition("flux", .float)], primaryKey: ["id"],
            constraints: [.unique(name: "u", columns: ["flux"])])
        let layout = TableLayout(
            extraColumns: [ColumnDefinition("tile", .int, isNullable: false)], primaryKey: ["tile", "id"], uniqueConstraints: [],
            partitionBy: "LIST (\"tile\")")
        #expect(
            DDL.createTable(table, schema: "s", layout: layout) == """
                CREATE TABLE "s"."T" (
                    "id" BIGINT NOT NULL,
                    "flux" REAL,
                    "tile" INTEGER NOT NULL,
                    CONSTRAINT "T_pkey" PRIMARY KEY ("tile", "id")
                ) PARTITION BY LIST ("tile")
                """)
    }
}
