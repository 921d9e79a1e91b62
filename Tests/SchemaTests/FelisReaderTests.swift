import Foundation
import Schema
import Testing

@Suite("Felis documents are read")
struct FelisReaderTests {
    @Test(
        "Every document reads as PyYAML reads it: columns, keys, indexes and constraints",
        .enabled(if: FelisTestDocuments.exist, FelisTestDocuments.message))
    func agreesWithPyYAML() throws {
        let expected = try FelisPlainDocument.readByPyYAML(FelisTestDocuments.all)
        #expect(expected.count == FelisTestDocuments.all.count)
        for (path, wanted) in zip(FelisTestDocuments.all, expected) {
            let found = FelisPlainDocument(try FelisTestDocuments.read(path))
            #expect(found.name == wanted.name && found.version == wanted.version && found.description == wanted.description, "\(path)")
            #expect(found.tables.map(\.name) == wanted.tables.map(\.name), "\(path)")
            for (a, b) in zip(found.tables, wanted.tables) {
                #expect(a.columns.map(\.name) == b.columns.map(\.name), "\(path) \(a.name)")
                for (one, other) in zip(a.columns, b.columns) { #expect(one == other, "\(path) \(a.name)") }
                #expect(a.primaryKey == b.primaryKey && a.indexes == b.indexes && a.constraints == b.constraints, "\(path) \(a.name)")
                #expect(a.description == b.description && a.tableIndex == b.tableIndex, "\(path) \(a.name)")
            }
        }
    }

    @Test("References resolve by @id where a column has one, and by table and name where it has none")
    func resolvesReferences() throws {
        let document = try FelisReader.read(
            yaml: """
                name: d
                version: {current: "3.2", compatible: ["3.1"]}
                tables:
                - name: A
                  "@id": "#A"
                  primaryKey: ["#first", "#A.b"]
                  columns:
                  - {name: a, "@id": "#first", datatype: long}
                  - {name: b, datatype: int, value: "7"}
                  indexes:
                  - {name: byB, columns: "#A.b"}
                  - {name: byText, expressions: ["lower(a)"]}
                  constraints:
                  - {name: positive, "@type": Check, expression: "b > 0"}
                - name: B
                  columns:
                  - {name: a, datatype: long, value: 1.5}
                  constraints:
                  - {name: toA, "@type": ForeignKey, columns: ["#B.a"], referencedColumns: ["#first"]}
                """, name: "memory")
        #expect(document.version == SchemaVersion(3, 2, 0))
        #expect(document.tables[0].primaryKey == ["a", "b"])
        #expect(document.tables[0].indexes.map(\.columns) == [["b"], []])
        #expect(document.tables[0].indexes[1].expressions == ["lower(a)"])
        #expect(document.tables[0].constraints == [.check(name: "positive", expression: "b > 0")])
        #expect(document.tables[0].columns[1].defaultValue == .text("7"))
        #expect(document.tables[1].columns[0].defaultValue == .real(1.5))
        #expect(
            document.tables[1].constraints == [.foreignKey(name: "toA", columns: ["a"], referencedTable: "A", referencedColumns: ["a"])])
    }

    @Test("Imported columns keep what their document says of them except what the reference overrides")
    func importsColumns() throws {
        let source = """
            name: s
            tables:
            - name: T
              columns:
              - {name: flux, datatype: float, nullable: false, fits:tunit: nJy, description: Old.}
              - {name: id, datatype: long}
            """
        let document = try FelisReader.read(
            yaml: """
                name: d
                resources: {s: {uri: s.yaml}}
                tables:
                - name: U
                  primaryKey: "#U.id"
                  columnRefs:
                    s:
                      T:
                        id:
                        flux: {description: New.}
                        again: {ref_name: flux, overrides: {nullable: true, datatype: double}}
                """, name: "memory", resolving: { uri in uri == "s.yaml" ? source : "" })
        #expect(document.tables[0].primaryKey == ["id"])
        #expect(
            document.tables[0].columns == [
                ColumnDefinition("id", .long),
                ColumnDefinition("flux", .float, isNullable: false, description: "New.", unit: "nJy"),
                ColumnDefinition("again", .double, description: "Old.", unit: "nJy"),
            ])
    }
}
