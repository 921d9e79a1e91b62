import Schema
import Testing

@Suite("What is wrong with a document is said with file, line, table and column")
struct FelisErrorTests {
    static let cases: [(yaml: String, error: SchemaError)] = [
        ("", .notYAML(path: "d.yaml", line: 1, reason: "the document is empty")),
        ("- a", .notYAML(path: "d.yaml", line: 1, reason: "a mapping with name and tables is expected")),
        ("tables: []", .missingKey(path: "d.yaml", line: 1, place: "the document", key: "name")),
        ("name: d\ntables:\n- columns: []", .missingKey(path: "d.yaml", line: 3, place: "a table", key: "name")),
        (
            table("  - datatype: int"),
            .missingKey(path: "d.yaml", line: 5, place: "a column of table T", key: "name")
        ),
        (
            table("  - {name: c}"),
            .missingKey(path: "d.yaml", line: 5, place: "column c of table T", key: "datatype")
        ),
        (
            table("  - name: c\n    datatype: integer"),
            .unknownDatatype(path: "d.yaml", line: 6, table: "T", column: "c", datatype: "integer")
        ),
        (
            table("  - {name: c, datatype: int}\n  - {name: c, datatype: int}"),
            .duplicateColumn(path: "d.yaml", line: 6, table: "T", column: "c")
        ),
        (table("  - {name: c, datatype: int}\n- name: T"), .duplicateTable(path: "d.yaml", line: 6, table: "T")),
        (
            table("  - {name: c, datatype: int}\n  primaryKey: '#T.d'"),
            .unknownColumn(path: "d.yaml", line: 6, table: "T", usedBy: "primaryKey", column: "#T.d")
        ),
        (
            table("  - {name: c, datatype: int}\n- name: U\n  primaryKey: '#T.c'"),
            .unknownColumn(path: "d.yaml", line: 7, table: "U", usedBy: "primaryKey", column: "#T.c")
        ),
        (
            table("  - name: c\n    datatype: char\n    length: long"),
            .wrongValue(path: "d.yaml", line: 7, place: "column c of table T", key: "length", reason: "is long; write a whole number")
        ),
        (
            table("  - {name: c, datatype: int, value: many}"),
            .wrongValue(
                path: "d.yaml", line: 5, place: "column c of table T", key: "value", reason: "is many, which is no int; write a number")
        ),
        (
            table("  - {name: c, datatype: int, fits:tunit: m, ivoa:unit: s}"),
            .wrongValue(
                path: "d.yaml", line: 5, place: "column c of table T", key: "ivoa:unit", reason: "is s while fits:tunit is m; keep one")
        ),
        (
            "name: d\ntables:\n- name: T\n  columnRefs:\n    other: {T: {c: }}",
            .unknownResource(path: "d.yaml", line: 5, resource: "other", reason: "resources does not name it")
        ),
    ]

    static func table(_ columns: String) -> String { "name: d\ntables:\n- name: T\n  columns:\n" + columns }

    @Test("A wrong document gives the error that names the place", arguments: cases.indices)
    func namesThePlace(_ i: Int) {
        #expect(throws: Self.cases[i].error) { try FelisReader.read(yaml: Self.cases[i].yaml, name: "d.yaml") }
        let message = Self.cases[i].error.description
        #expect(message.hasPrefix("d.yaml, line ") && !message.contains("\n"))
    }

    @Test("Text that is not YAML gives the line where the parser stopped")
    func notYAML() {
        let error = #expect(throws: SchemaError.self) { try FelisReader.read(yaml: "name: d\ntables: [\n- }", name: "d.yaml") }
        guard case .notYAML("d.yaml", let line, _) = error else {
            Issue.record("not .notYAML: \(String(describing: error))")
            return
        }
        #expect(line == 3)
    }

    @Test("A file that is not there is named")
    func missingFile() {
        let error = #expect(throws: SchemaError.self) { try FelisReader.read(path: "/nowhere/apdb.yaml") }
        #expect(error?.description.hasPrefix("/nowhere/apdb.yaml cannot be read") == true)
    }

    @Test("Documents that import each other end in an error instead of a circle")
    func circle() {
        let text = "name: d\nresources: {d: {uri: d.yaml}}\ntables: []"
        #expect(throws: SchemaError.self) { try FelisReader.read(yaml: text, name: "d.yaml", resolving: { _ in text }) }
    }
}
