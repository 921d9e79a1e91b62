import Foundation
import Testing

@testable import Columns

let textTestTexts = ["", "a", "comma, quote \" and\nline\r\n", "Ω 🌌", "tab\t\u{1}\u{1F}\u{7F}", "\\back/slash", "null", "NaN"]

@Suite("CSV")
struct CSVTests {
    @Test("that Python's csv module reads has the values that were written, floating-point numbers to the bit", arguments: [0, 1, 3000])
    func pythonReads(rows: Int) throws {
        let folder = try FITSScratch()
        let table = randomFITSTable(rows: rows, seed: 11, texts: textTestTexts)
        var buffer = TextBuffer()
        try CSV.write(table, to: &buffer)
        try Data(buffer.bytes).write(to: URL(fileURLWithPath: folder.file("t.csv")))
        let printed = try runFITSPython(
            """
            rows = list(csv.reader(open('t.csv', newline='')))
            for i, name in enumerate(rows[0]):
                print(name)
                kind = name.replace('WithNulls', '')
                for row in rows[1:]:
                    v = row[i]
                    if v == '' and kind not in ('string', 'binary'): v = None
                    elif kind in ('float', 'double'): v = float(v)
                    elif kind == 'bool': v = {'true': True, 'false': False}[v]
                    print(show(kind, v))
            """, in: folder)
        // Python's reader does not tell an empty text from a null.
        let expected = table.columns.flatMap { column in
            let isText = column.type == .string || column.type == .binary
            return [column.name] + shown(column).map { isText && $0 == "null" ? "s" : $0 }
        }
        #expect(printed.split(separator: "\n").map(String.init) == expected)
    }

    @Test("has nulls empty, empty texts quoted, and names for what is not finite")
    func special() throws {
        var buffer = TextBuffer()
        let valid = Validity([true, true, false])
        let table = Table([
            Column("a,b", .string(ByteStrings(["", "x", ""])), validity: valid),
            Column("f", .float([.nan, -.infinity, .infinity])), Column("x", .binary(ByteStrings(["\u{1}", "z", ""]))),
            Column("t", .timestamp([0, -1, 1_709_164_800_000_001])),
        ])
        try CSV.write(table, to: &buffer)
        #expect(
            buffer.text == """
                "a,b",f,x,t
                "",NaN,01,1970-01-01T00:00:00.000000
                x,-inf,7a,1969-12-31T23:59:59.999999
                ,inf,,2024-02-29T00:00:00.000001

                """)
    }

    @Test("of many tables has one header, and a line for each row even where the only column is null")
    func manyTables() throws {
        var buffer = TextBuffer()
        var rows = CSVRows()
        for value: Int32 in [1, 2] { try rows.append(Table([Column("a", .int32([value]))]), to: &buffer) }
        try rows.append(Table([.nulls("a", .int32, count: 1)]), to: &buffer)
        #expect(buffer.text == "a\n1\n2\n\"\"\n")
    }
}
