import Testing

@testable import Columns

@Suite("Text tables")
struct TextTableTests {
    static let table = Table([
        Column("diaObjectId", .int64([170_000_000_000_000_001, 2])),
        Column("ra", .double([10.123456789, 359]), unit: "deg"),
        Column("psfFlux", .float([1234.5678, .nan]), unit: "nJy"),
        Column("band", .string(ByteStrings(["g\n", ""])), validity: Validity([true, false])),
    ])

    @Test("are aligned, with units in a second line, ids in full and nulls as a dash")
    func aligned() {
        #expect(
            TextTable.render(Self.table) == """
                       diaObjectId           ra  psfFlux  band
                                            deg      nJy
                170000000000000001   10.1234568  1234.57  g
                                 2  359.0000000      NaN  -

                """)
    }

    @Test("that are cut say how many rows there are")
    func limited() {
        let lines = TextTable.render(Self.table, rowLimit: 1).split(separator: "\n")
        #expect(lines.count == 4 && lines.last == "... (2 rows)")
    }

    @Test("have lines of one width, whatever the values", arguments: [1, 50])
    func widths(rows: Int) {
        // A last column to the right ends every line at the same place.
        var table = randomFITSTable(rows: rows, seed: 3, texts: textTestTexts)
        table.set(Column("last", .int32((0..<rows).map { Int32($0 * $0) })))
        let widths = TextTable.render(table).split(separator: "\n").map(\.count)
        #expect(widths.count == rows + 2)
        #expect(Set(widths.enumerated().filter { $0.offset != 1 }.map(\.element)).count == 1)
    }
}
