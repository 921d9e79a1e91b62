import Foundation
import TestSupport
import Testing

@testable import Columns

@Suite("Parquet written and read here")
struct ParquetRoundTripTests {
    @Test("a table of all types reads back bit for bit with every compression", arguments: ParquetCompression.allCases)
    func roundTrip(compression: ParquetCompression) throws {
        let scratch = try ParquetScratch()
        for (seed, rows) in [0, 1, 7, 8, 9, 64, 1000, 5003].enumerated() {
            let table = randomParquetTable(rows: rows, seed: UInt64(seed))
            try ParquetWriter.write(table, to: scratch.file("t.parquet"), compression: compression, metadata: ["origin": "a test"])
            let reader = try ParquetReader(path: scratch.file("t.parquet"))
            #expect(reader.rowCount == rows)
            #expect(reader.metadata["origin"] == "a test")
            #expect(reader.schema.map(\.type) == table.columns.map(\.type))
            expectSame(try reader.read(), table)
        }
        #expect(scratch.names == ["t.parquet"])
    }

    @Test("null rows hold zero or empty strings after reading, whatever the file holds there")
    func nullsAreZero() throws {
        let scratch = try ParquetScratch()
        let rows = 77
        let valid = Validity((0..<rows).map { $0 % 3 == 1 })
        let table = Table([Column("d", .double((0..<rows).map { Double($0) + 1 }), validity: valid)])
        try ParquetWriter.write(table, to: scratch.file("t.parquet"))
        let read = try #require(try ParquetFile.read(scratch.file("t.parquet"))["d"]?.doubles)
        let expected: [Double] = (0..<rows).map { row in row % 3 == 1 ? Double(row + 1) : 0 }
        #expect(read == expected)
    }

    @Test("tables appended one by one are row groups, and any range of them reads as the tables that it holds")
    func rowGroups() throws {
        let scratch = try ParquetScratch()
        let parts = (0..<5).map { randomParquetTable(rows: 13 * $0 + 3, seed: UInt64(100 + $0)) }
        let writer = try ParquetWriter(path: scratch.file("t.parquet"))
        for part in parts { try writer.append(part) }
        #expect(!FileManager.default.fileExists(atPath: scratch.file("t.parquet")))
        try writer.close()
        let reader = try ParquetReader(path: scratch.file("t.parquet"))
        #expect(reader.rowGroupCount == 5)
        for first in 0..<5 {
            for end in first...5 {
                let expected = parts[first..<end].reduce(Table()) { $0.appending($1) }
                let read = try reader.read(rowGroups: first..<end)
                if first == end { #expect(read.rowCount == 0) } else { expectSame(read, expected) }
            }
        }
        #expect(throws: ColumnsError.self) { try reader.read(rowGroups: 3..<6) }
    }

    @Test("columns come in the order asked for, and an unknown one is named")
    func chosenColumns() throws {
        let scratch = try ParquetScratch()
        let table = randomParquetTable(rows: 40, seed: 5)
        let path = scratch.file("t.parquet")
        try ParquetWriter.write(table, to: path)
        expectSame(try ParquetFile.read(path, columns: ["t", "b", "s_nulls"]), try #require(table.selecting(["t", "b", "s_nulls"])))
        #expect(throws: ColumnsError.missingColumn(path: path, column: "nope")) { try ParquetFile.read(path, columns: ["b", "nope"]) }
    }

    @Test("bits are copied and unpacked from and to any position as one by one")
    func bits() {
        var random = SeededGenerator(state: 3)
        let source = (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) }
        func bit(_ bytes: [UInt8], _ i: Int) -> Bool { (bytes[i >> 3] >> UInt8(i & 7)) & 1 == 1 }
        func window(_ bits: Range<Int>, _ value: (Int) -> Bool) -> [Bool] { (0..<320).map { bits.contains($0) && value($0) } }
        for from in 0..<17 {
            for at in 0..<17 {
                for count in [0, 1, 5, 8, 9, 63, 64, 200] {
                    var target = [UInt8](repeating: 0, count: 40)
                    target.withUnsafeMutableBufferPointer { copyBits(source, from: from, count: count, to: $0, at: at) }
                    let copied = window(at..<at + count) { bit(source, $0 - at + from) }
                    #expect((0..<320).map { bit(target, $0) } == copied)
                    var ones = [UInt8](repeating: 0, count: 40)
                    ones.withUnsafeMutableBufferPointer { setBits(count: count, in: $0, at: at) }
                    let set = window(at..<at + count) { _ in true }
                    #expect((0..<320).map { bit(ones, $0) } == set)
                    var flags = [Bool](repeating: false, count: count)
                    flags.withUnsafeMutableBufferPointer { target in
                        if let start = target.baseAddress { unpackBits(source, from: from, count: count, to: start) }
                    }
                    let unpacked = (0..<count).map { bit(source, from + $0) }
                    #expect(flags == unpacked)
                }
            }
        }
    }
}
