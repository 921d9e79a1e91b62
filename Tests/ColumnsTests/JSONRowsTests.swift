import Foundation
import Testing

@testable import Columns

@Suite("JSON rows")
struct JSONRowsTests {
    @Test("that Python's json module reads have the values that were written, in many tables as in one", arguments: [0, 1, 3000])
    func pythonReads(rows: Int) throws {
        let folder = try FITSScratch()
        let table = randomFITSTable(rows: rows, seed: 12, texts: textTestTexts)
        var buffer = TextBuffer()
        var json = JSONRows()
        try json.begin(to: &buffer)
        let split = rows / 3
        for part in [0..<split, split..<split, split..<rows] { try json.append(table.gather(Array(part)), to: &buffer) }
        try json.end(to: &buffer)
        var whole = TextBuffer()
        try JSONRows.write(table, to: &whole)
        #expect(whole.bytes == buffer.bytes)
        try Data(buffer.bytes).write(to: URL(fileURLWithPath: folder.file("t.json")))
        let printed = try runFITSPython(
            """
            def refuse(name): raise ValueError(name)
            rows = json.loads(open('t.json', encoding='utf-8', newline='').read(), parse_constant=refuse)
            print(len(rows))
            for name in rows[0] if rows else []:
                print(name)
                for row in rows: print(show(name.replace('WithNulls', ''), row[name]))
            """, in: folder)
        let infinite: Set<String> = ["e7f800000", "eff800000", "d7ff0000000000000", "dfff0000000000000"]
        let expected = rows == 0 ? [] : table.columns.flatMap { [$0.name] + shown($0).map { infinite.contains($0) ? "null" : $0 } }
        #expect(printed.split(separator: "\n").map(String.init) == ["\(rows)"] + expected)
        #expect(buffer.text.split(separator: "\n").count == rows + 2)
    }

    @Test("hold bytes that are no UTF-8 as replacement characters")
    func invalidText() throws {
        var buffer = TextBuffer()
        try JSONRows.write(Table([Column("k\"", .string(ByteStrings(bytes: [0x61, 0xFF], offsets: [0, 2])))]), to: &buffer)
        #expect(buffer.text == "[\n{\"k\\\"\":\"a\u{FFFD}\"}\n]\n")
    }

    @Test("stop at an output's error, which the caller gets")
    func failingOutput() throws {
        var output = TextClosure { _ in throw ColumnsError.unwritable(path: "pipe", reason: "closed") }
        #expect(throws: ColumnsError.unwritable(path: "pipe", reason: "closed")) { try JSONRows.write(Table(), to: &output) }
    }
}
