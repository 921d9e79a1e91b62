import Foundation
import Testing

@testable import Columns

@Suite("FITS tables written here")
struct FITSRoundTripTests {
    static let texts = ["", "a", " leading", "it's", "inner  blanks", "~!\"#", String(repeating: "long ", count: 40) + "end"]

    @Test("read back as what was written, but for what the conventions change", arguments: [0, 1, 7, 1000, 20_000])
    func roundTrip(rows: Int) throws {
        let folder = try FITSScratch()
        let types = ColumnType.allCases.filter { $0 != .binary }
        let table = randomFITSTable(rows: rows, seed: UInt64(rows) + 1, texts: Self.texts, types: types)
        try FITSTable.write(table, to: folder.file("t.fits"))
        let read = try FITSTable.read(folder.file("t.fits"))
        #expect(folder.names == ["t.fits"])
        #expect(read.columnNames == table.columnNames && read.rowCount == rows)
        for (written, back) in zip(table.columns, read.columns) {
            #expect(back.unit == written.unit && back.comment == written.comment, "\(written.name)")
            if written.type == .timestamp || written.type == .string {
                // A null text comes back as an empty one.
                #expect(back.type == .string && back.validity == nil)
                #expect(shown(back) == shown(written).map { $0 == "null" ? "s" : $0 }, "\(written.name)")
            } else {
                #expect(back == written, "\(written.name)")
            }
        }
    }

    @Test("have in astropy the values, nulls, units and names that were written")
    func astropyReads() throws {
        let folder = try FITSScratch()
        let types = ColumnType.allCases.filter { $0 != .binary }
        let table = randomFITSTable(rows: 500, seed: 99, texts: Self.texts, types: types)
        try FITSTable.write(table, to: folder.file("t.fits"))
        let printed = try runFITSPython(
            """
            from astropy.io import fits
            warnings.simplefilter('error')
            hdus = fits.open('t.fits', memmap=False, logical_as_bytes=True)
            hdus.verify('exception')
            kinds = {'L': 'bool', 'I': 'int16', 'J': 'int32', 'K': 'int64', 'E': 'float', 'D': 'double', 'A': 'string'}
            for c in hdus[1].columns:
                kind = kinds[c.format[-1]]
                print(c.name, c.unit)
                for v in hdus[1].data[c.name]:
                    if kind == 'bool': v = {b'T': True, b'F': False}.get(bytes(v))
                    null = (v is None if kind == 'bool' else c.null is not None and v == c.null if kind.startswith('int')
                            else v != v if kind in ('float', 'double') else False)
                    print(show(kind, None if null else str(v).rstrip() if kind == 'string' else v))
            hdus.close()
            """, in: folder)
        var expected: [String] = []
        for column in table.columns {
            expected.append("\(column.name) \(column.unit ?? "None")")
            let isText = column.type == .string || column.type == .timestamp
            expected += shown(column).map { isText && $0 == "null" ? "s" : $0 }
        }
        #expect(printed.split(separator: "\n").map(String.init) == expected)
    }

    @Test("replace a file of the same name, and leave nothing behind where they cannot be written")
    func atomic() throws {
        let folder = try FITSScratch()
        let path = folder.file("t.fits")
        try FITSTable.write(Table([Column("a", .int16([1]))]), to: path)
        try FITSTable.write(Table([Column("b", .int16([2]))]), to: path)
        #expect(try FITSTable.read(path) == Table([Column("b", .int16([2]))]))
        try FileManager.default.createDirectory(atPath: folder.file("folder.fits"), withIntermediateDirectories: true)
        #expect(throws: ColumnsError.self) { try FITSTable.write(Table([Column("a", .int16([1]))]), to: folder.file("folder.fits")) }
        #expect(throws: ColumnsError.self) { try FITSTable.write(Table([Column("a", .int16([1]))]), to: folder.file("no/t.fits")) }
        #expect(Set(folder.names) == ["t.fits", "folder.fits"])
    }

    @Test(
        "are refused where FITS cannot carry them",
        arguments: [
            Table([Column("", .bool([true]))]), Table([Column("Ω", .bool([true]))]), Table([Column("a ", .bool([true]))]),
            Table([Column(String(repeating: "n", count: 69), .bool([true]))]),
            Table([Column("ra", .bool([true])), Column("RA", .bool([true]))]),
            Table([Column("s", .string(ByteStrings(["é"])))]), Table([Column("s", .string(ByteStrings(["a\u{0}"])))]),
            Table([Column("x", .binary(ByteStrings(["a"])))]), Table([Column("t", .timestamp([.max]))]),
            Table([Column("u", .bool([true]), unit: "µJy")]),
            Table((0..<1000).map { Column("c\($0)", .bool([true])) }),
            Table([Column("full", .int16([0] + (Int16.min...Int16.max)), validity: Validity((0...65536).map { $0 > 0 }))]),
        ])
    func refused(table: Table) throws {
        let folder = try FITSScratch()
        #expect(throws: ColumnsError.self) { try FITSTable.write(table, to: folder.file("t.fits")) }
        #expect(folder.names.isEmpty)
    }

    @Test(
        "take paths literally, whatever CFITSIO's extended syntax would make of them",
        arguments: [
            "a[1].fits", "!b.fits", "c(d).fits", "mem:e.fits", "f g+1.fits", "-",
        ])
    func literalPaths(name: String) throws {
        let folder = try FITSScratch()
        let table = Table([Column("a", .int32([1, 2]))])
        try FITSTable.write(table, to: folder.file(name))
        #expect(folder.names == [name])
        #expect(try FITSTable.read(folder.file(name)) == table)
    }

    @Test("and others are read on many threads at once")
    func concurrent() async throws {
        let folder = try FITSScratch()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for i in 0..<16 {
                let path = folder.file("\(i).fits")
                group.addTask {
                    let table = Table([Column("v", .int64((0..<2000).map { Int64($0 * i) }))])
                    try FITSTable.write(table, to: path)
                    #expect(try FITSTable.read(path) == table)
                    #expect(throws: ColumnsError.self) { try FITSTable.read(path, hdu: 7) }
                }
            }
            try await group.waitForAll()
        }
    }
}
