import Foundation
import TestSupport
import Testing

@testable import Columns

@Suite("FITS tables written by astropy")
struct FITSAstropyTests {
    static let script = """
        import numpy as np
        from astropy.io import fits
        C = fits.Column
        u = np.array
        cols = [
            C('flag', 'L', array=u([True, False, True])),
            C('bits1', '1X', array=u([[1], [0], [1]], bool)),
            C('bits11', '11X', array=u([[1] + [0]*10, [0]*10 + [1], [1]*11], bool)),
            C('byte', 'B', array=u([0, 200, 255], 'u1'), null=200),
            C('signed', 'B', array=u([-128, 0, 127], 'i1'), bzero=-128),
            C('short', 'I', array=u([-32768, 5, 32767], 'i2'), null=5, unit='adu'),
            C('long', 'J', array=u([-2**31, 6, 2**31-1], 'i4'), null=-2**31),
            C('big', 'K', array=u([-2**63, 7, 2**63-1], 'i8'), null=7),
            C('u16', 'I', array=u([0, 40000, 65535], 'u2'), bzero=2**15),
            C('u32', 'J', array=u([0, 3*10**9, 2**32-1], 'u4'), bzero=2**31),
            C('u64', 'K', array=u([0, 1, 2**63-1], 'u8'), bzero=2**63),
            C('scaled', 'I', array=u([4, 8, -15], 'i2')),
            C('e', 'E', array=u([0.1, np.nan, np.inf], 'f4'), unit='nJy'),
            C('d', 'D', array=u([0.1, np.nan, -1e300])),
            C('name', '8A', array=u(['', 'ab', 'a b c'])),
            C('vector', '3E', array=np.zeros((3, 3), 'f4')),
            C('variable', 'PJ()', array=u([u([1]), u([1, 2]), u([])], dtype=object)),
            C('complex', 'C', array=u([1j, 2, 3], 'c8')),
        ]
        image = fits.ImageHDU(np.zeros((10, 10), 'f4'))
        t = fits.BinTableHDU.from_columns(cols)
        t.header['TCOMM6'] = 'sixteen bits'
        fits.HDUList([fits.PrimaryHDU(), image, t]).writeto('t.fits')
        # astropy cannot write scaled integers from values: stored integers, and the scale in the header afterwards.
        fits.setval('t.fits', 'TSCAL12', value=0.25, ext=2)
        fits.setval('t.fits', 'TZERO12', value=0.5, ext=2)
        with fits.open('t.fits') as back: assert list(back[2].data['scaled']) == [1.5, 2.5, -3.25]
        over = C('u64', 'K', array=u([0, 2**63], 'u8'), bzero=2**63)
        fits.BinTableHDU.from_columns([over]).writeto('over.fits')
        fits.BinTableHDU.from_columns([C('l', 'L', array=u([True, False]))]).writeto('logical.fits')
        fits.PrimaryHDU(np.zeros((5, 5))).writeto('image.fits')
        """

    static let expected: [Column] = [
        Column("flag", .bool([true, false, true])),
        Column("bits1", .bool([true, false, true])),
        Column("bits11", .int64([1024, 1, 2047])),
        Column("byte", .int16([0, 0, 255]), validity: Validity([true, false, true])),
        Column("signed", .int16([-128, 0, 127])),
        Column("short", .int16([-32768, 0, 32767]), validity: Validity([true, false, true]), unit: "adu", comment: "sixteen bits"),
        Column("long", .int32([0, 6, .max]), validity: Validity([false, true, true])),
        Column("big", .int64([.min, 0, .max]), validity: Validity([true, false, true])),
        Column("u16", .int32([0, 40000, 65535])),
        Column("u32", .int64([0, 3_000_000_000, 4_294_967_295])),
        Column("u64", .int64([0, 1, .max])),
        Column("scaled", .double([1.5, 2.5, -3.25])),
        Column("e", .float([0.1, 0, .infinity]), validity: Validity([true, false, true]), unit: "nJy"),
        Column("d", .double([0.1, 0, -1e300]), validity: Validity([true, false, true])),
        Column("name", .string(ByteStrings(["", "ab", "a b c"]))),
    ]

    @Test("are read with all values, nulls and units; what has no counterpart is refused by name or left out")
    func reads() throws {
        let folder = try FITSScratch()
        try runFITSPython(Self.script, in: folder)
        let path = folder.file("t.fits")
        let table = try FITSTable.read(path, skippingUnsupported: true)
        #expect(table.columnNames == Self.expected.map(\.name))
        for (read, wanted) in zip(table.columns, Self.expected) { #expect(read == wanted) }
        let listed = try FITSTable.columns(path)
        #expect(listed.map(\.name) == Self.expected.map(\.name) + ["vector", "variable", "complex"])
        #expect(listed.map(\.type) == Self.expected.map(\.type) + [nil, nil, nil])
        #expect(throws: ColumnsError.unsupportedType(path: path, column: "vector", type: "3E")) { try FITSTable.read(path) }
        #expect(throws: ColumnsError.missingColumn(path: path, column: "RA")) { try FITSTable.read(path, columns: ["RA"]) }
        #expect(try FITSTable.read(path, columns: ["d", "flag", "d"], hdu: 2).columns == [Self.expected[13], Self.expected[0]])
        for hdu in [-1, 0, 1, 3] {
            #expect(throws: ColumnsError.self, "HDU \(hdu)") { try FITSTable.read(path, columns: ["d"], hdu: hdu) }
        }
    }

    @Test("with an unsigned integer beyond int64 are refused with the column's name")
    func beyondRange() throws {
        let folder = try FITSScratch()
        try runFITSPython(Self.script, in: folder)
        let error = #expect(throws: ColumnsError.self) { try FITSTable.read(folder.file("over.fits")) }
        #expect(error?.description.contains("9223372036854775808 in row 1") == true)
    }

    @Test("that are cut off anywhere are an error, and never rows of zeros")
    func truncated() throws {
        let folder = try FITSScratch()
        try runFITSPython(Self.script, in: folder)
        let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file("t.fits")))
        let padding = whole.reversed().prefix { $0 == 0 }.count
        let cuts = stride(from: 0, to: whole.count - padding, by: 331) + [1, 9, 2879, 2880, 2881, 5760, 8640]
        for length in cuts where length < whole.count - padding {
            try whole.prefix(length).write(to: URL(fileURLWithPath: folder.file("cut.fits")))
            let error = #expect(throws: ColumnsError.self, "\(length) bytes") {
                try FITSTable.read(folder.file("cut.fits"), skippingUnsupported: true)
            }
            #expect(error?.description.contains("cut.fits") == true)
            #expect(error?.description.contains("\n") == false)
        }
    }

    @Test("with bytes changed at random are read or refused, but do not crash the reader")
    func damagedBytes() throws {
        let folder = try FITSScratch()
        try runFITSPython(Self.script, in: folder)
        let whole = try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder.file("t.fits"))))
        var random = SeededGenerator(state: 5)
        var refused = 0
        for _ in 0..<300 {
            var damaged = whole
            for _ in 0..<3 {
                damaged[Int(random.next() % UInt64(whole.count))] = UInt8(truncatingIfNeeded: 32 + random.next() % 95)
            }
            try Data(damaged).write(to: URL(fileURLWithPath: folder.file("bad.fits")))
            do { _ = try FITSTable.read(folder.file("bad.fits"), skippingUnsupported: true) } catch is ColumnsError { refused += 1 }
        }
        #expect(refused > 0)
    }

    @Test("and files of other kinds are refused with the file's name")
    func otherFiles() throws {
        let folder = try FITSScratch()
        try runFITSPython(Self.script, in: folder)
        try Data("ra,dec\n1,2\n".utf8).write(to: URL(fileURLWithPath: folder.file("text.fits")))
        try Data([0x1F, 0x8B, 8, 0]).write(to: URL(fileURLWithPath: folder.file("gzip.fits")))
        try Data().write(to: URL(fileURLWithPath: folder.file("empty.fits")))
        for name in ["image.fits", "text.fits", "gzip.fits", "empty.fits", "missing.fits"] {
            let error = #expect(throws: ColumnsError.self, "\(name)") { try FITSTable.read(folder.file(name)) }
            #expect(error?.description.contains(name) == true)
        }
    }

    @Test("hold a null where a logical value is a zero byte")
    func logicalNull() throws {
        let folder = try FITSScratch()
        try runFITSPython(Self.script, in: folder)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file("logical.fits")))
        let first = bytes.count - 2880
        #expect(bytes[first] == UInt8(ascii: "T"))
        bytes[first] = 0
        try bytes.write(to: URL(fileURLWithPath: folder.file("null.fits")))
        let column = try FITSTable.read(folder.file("null.fits"))["l"]
        #expect(column == Column("l", .bool([false, false]), validity: Validity([false, true])))
        bytes[first] = 7
        try bytes.write(to: URL(fileURLWithPath: folder.file("null.fits")))
        #expect(throws: ColumnsError.self) { try FITSTable.read(folder.file("null.fits")) }
    }
}
