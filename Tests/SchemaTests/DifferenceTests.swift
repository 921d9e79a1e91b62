import Columns
import Foundation
import Schema
import Testing

@Suite("Differences between documents")
struct DifferenceTests {
    /// Takes the plain documents of two files as JSON files; prints the sorted list of [kind, table, item].
    static let script = """
        import json, sys
        old, new = (json.load(open(path)) for path in sys.argv[1:3])
        a, b = ({t["name"]: t for t in d["tables"]} for d in (old, new))
        out = [["tableDropped", t, ""] for t in a.keys() - b.keys()] + [["tableAdded", t, ""] for t in b.keys() - a.keys()]
        for t in a.keys() & b.keys():
            if a[t]["primaryKey"] != b[t]["primaryKey"]:
                out.append(["primaryKeyChanged", t, ""])
            for key, kind, name in [("columns", "column", lambda c: c["name"]), ("indexes", "index", lambda i: i[0]),
                                    ("constraints", "constraint", lambda k: k[1])]:
                x, y = ({name(c): c for c in d[t][key]} for d in (a, b))
                out += [[kind + "Dropped", t, n] for n in x.keys() - y.keys()] + [[kind + "Added", t, n] for n in y.keys() - x.keys()]
                for n in x.keys() & y.keys():
                    if key != "columns":
                        if x[n] != y[n]:
                            out.append([kind + "Changed", t, n])
                        continue
                    for field, property in [("datatype", "datatype"), ("length", "length"), ("precision", "precision"),
                            ("nullable", "nullable"), ("autoincrement", "autoincrement"), ("unit", "unit")]:
                        if x[n].get(field) != y[n].get(field):
                            out.append([property + "Changed", t, n])
                    p, q = ((c[n].get("value") or " ").split(" ", 1)[1] for c in (x, y))
                    if p != q:
                        out.append(["defaultChanged", t, n])
        print(json.dumps(sorted(out)))
        """

    @Test(
        "Neighbouring documents differ as sets of PyYAML's readings do",
        .enabled(if: FelisTestDocuments.exist, FelisTestDocuments.message))
    func agreesWithPython() throws {
        let paths = FelisTestDocuments.alertProduction
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("difference-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try FelisPlainDocument.readByPyYAML(paths).enumerated().map { i, plain in
            let file = folder.appendingPathComponent("\(i).json")
            try JSONEncoder().encode(plain).write(to: file)
            return file.path
        }
        let documents = try paths.map(FelisTestDocuments.read)
        var total = 0
        for i in 1..<paths.count {
            for (old, new) in [(i - 1, i), (i, i - 1)] {
                let wanted = try FelisTestDocuments.json([[String]].self, script: Self.script, arguments: [files[old], files[new]])
                let difference = SchemaDifference(from: documents[old], to: documents[new])
                let found = difference.changes.map { [$0.kind.rawValue, $0.table, $0.item ?? ""] }
                #expect(Set(found) == Set(wanted) && found.count == wanted.count, "\(paths[old]) to \(paths[new])")
                total += wanted.count
            }
        }
        #expect(total > 1000)
    }

    @Test("A document differs in nothing from itself", .enabled(if: FelisTestDocuments.exist, FelisTestDocuments.message))
    func reflexive() throws {
        let document = try FelisTestDocuments.read(FelisTestDocuments.newest)
        #expect(SchemaDifference(from: document, to: document).isEmpty)
    }

    static let old = SchemaDocument(
        name: "d", version: nil,
        tables: [
            TableDefinition(
                name: "S",
                columns: [
                    ColumnDefinition("id", .long, isNullable: false), ColumnDefinition("decl", .double, unit: "deg"),
                    ColumnDefinition("psFlux", .float),
                ], primaryKey: ["id", "decl"], indexes: [IndexDefinition(name: "byDec", columns: ["decl"])]),
            TableDefinition(name: "Gone", columns: [ColumnDefinition("a", .int)]),
        ])
    static let new = SchemaDocument(
        name: "d", version: nil,
        tables: [
            TableDefinition(
                name: "S",
                columns: [
                    ColumnDefinition("id", .long, isNullable: false), ColumnDefinition("dec", .double, unit: "rad"),
                    ColumnDefinition("psfFlux", .float, unit: "nJy"),
                ], primaryKey: ["id", "dec"], indexes: [IndexDefinition(name: "byDec", columns: ["dec"])])
        ])

    @Test("A renamed column is one column: keys and indexes over it have not changed")
    func renames() {
        let difference = SchemaDifference(from: Self.old, to: Self.new, renames: ["S": ["decl": "dec", "nothing": "psfFlux"]])
        #expect(
            difference.text == """
                - table Gone (1 columns)
                - S.psFlux float
                ~ S.dec renamed: decl -> dec
                ~ S.dec unit: deg -> rad
                + S.psfFlux float, nJy

                """)
    }

    @Test("The rows say the same as the changes, null where there is nothing")
    func rows() throws {
        let difference = SchemaDifference(from: Self.old, to: Self.new)
        let rows = difference.rows
        #expect(rows.columnNames == ["change", "table", "column", "old", "new"] && rows.rowCount == difference.changes.count)
        for (i, change) in difference.changes.enumerated() {
            let found = try rows.columnNames.map { name -> String? in
                let column = try #require(rows[name])
                guard case .string(let values) = column.values else { return "not text" }
                return column.isNull(i) ? nil : values[i]
            }
            #expect(found == [change.kind.rawValue, change.table, change.item, change.old, change.new])
        }
        #expect(SchemaDifference(from: Self.new, to: Self.new).rows.rowCount == 0)
    }
}
