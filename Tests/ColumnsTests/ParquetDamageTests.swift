import Foundation
import TestSupport
import Testing

@testable import Columns

@Suite("Parquet files that are damaged or cannot be written")
struct ParquetDamageTests {
    @Test("a file cut off anywhere is an error that names it")
    func truncation() throws {
        let scratch = try ParquetScratch()
        try ParquetWriter.write(randomParquetTable(rows: 60, seed: 9), to: scratch.file("whole.parquet"))
        let whole = try #require(FileManager.default.contents(atPath: scratch.file("whole.parquet")))
        let cut = scratch.file("cut.parquet")
        for length in Array(0..<20) + Array(stride(from: 20, to: whole.count, by: 37)) + Array(whole.count - 20..<whole.count) {
            try whole.prefix(length).write(to: URL(fileURLWithPath: cut))
            let error = #expect(throws: ColumnsError.self, "\(length) bytes") { try ParquetFile.read(cut) }
            guard case .malformed(cut, _)? = error else {
                Issue.record("\(length) bytes: \(String(describing: error))")
                continue
            }
        }
    }

    @Test("bytes changed in the pages give an error or other values, never a crash or another number of rows")
    func changedBytes() throws {
        let scratch = try ParquetScratch()
        let table = randomParquetTable(rows: 200, seed: 10)
        try ParquetWriter.write(table, to: scratch.file("whole.parquet"), compression: .snappy)
        let whole = try #require(FileManager.default.contents(atPath: scratch.file("whole.parquet")))
        let footer = whole.suffix(8).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        var random = SeededGenerator(state: 1)
        var refused = 0
        for _ in 0..<200 {
            var changed = whole
            changed[Int.random(in: 4..<whole.count - footer - 8, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            try changed.write(to: URL(fileURLWithPath: scratch.file("changed.parquet")))
            do {
                let read = try ParquetFile.read(scratch.file("changed.parquet"))
                #expect(read.columns.allSatisfy { $0.count == 200 })
            } catch {
                refused += 1
                #expect("\(error)".contains("changed.parquet"))
            }
        }
        #expect(refused > 0)
    }

    @Test("missing, empty and foreign files and directories are told apart")
    func wrongFiles() throws {
        let scratch = try ParquetScratch()
        try Data().write(to: URL(fileURLWithPath: scratch.file("empty")))
        try Data("ra,dec\n1,2\n3,4\n5,6\n".utf8).write(to: URL(fileURLWithPath: scratch.file("text")))
        let missing = scratch.file("missing")
        #expect(throws: ColumnsError.unreadable(path: missing, reason: "there is no such file or directory")) {
            try ParquetReader(path: missing)
        }
        #expect(throws: ColumnsError.unreadable(path: scratch.path, reason: "it is a directory; name a file in it")) {
            try ParquetReader(path: scratch.path)
        }
        #expect(throws: ColumnsError.malformed(path: scratch.file("empty"), reason: "it is empty")) {
            try ParquetReader(path: scratch.file("empty"))
        }
        let error = #expect(throws: ColumnsError.self) { try ParquetReader(path: scratch.file("text")) }
        #expect("\(try #require(error))".contains("magic bytes"))
    }

    @Test("a table without columns, with other columns than before, or after the end is refused, and nothing is left")
    func wrongTables() throws {
        let scratch = try ParquetScratch()
        let path = scratch.file("t.parquet")
        #expect(throws: ColumnsError.self) { try ParquetWriter.write(Table(), to: path) }
        #expect(throws: ColumnsError.self) { try ParquetWriter(path: path).close() }
        let table = randomParquetTable(rows: 5, seed: 2)
        let more = Column("more", .bool(.init(repeating: true, count: 5)))
        let others: [[Column]] = [Array(table.columns.dropLast()), table.columns.reversed(), table.columns + [more]]
        for other in others {
            let writer = try ParquetWriter(path: path)
            try writer.append(table)
            #expect(throws: ColumnsError.self) { try writer.append(Table(other)) }
            #expect(throws: ColumnsError.self) { try writer.append(table) }
            #expect(throws: ColumnsError.self) { try writer.close() }
        }
        #expect(scratch.names.isEmpty)
    }

    @Test("a failed or abandoned writer leaves the former file untouched and no other")
    func formerFile() throws {
        let scratch = try ParquetScratch()
        let path = scratch.file("t.parquet")
        let former = randomParquetTable(rows: 20, seed: 1)
        try ParquetWriter.write(former, to: path)
        do {
            let writer = try ParquetWriter(path: path)
            try writer.append(randomParquetTable(rows: 30, seed: 2))
            #expect(scratch.names.count == 2)
        }
        #expect(scratch.names == ["t.parquet"])
        expectSame(try ParquetFile.read(path), former)
    }

    @Test("a folder that is missing, a target that is a folder and a folder that takes no files are errors without remains")
    func unwritable() throws {
        let scratch = try ParquetScratch()
        let table = randomParquetTable(rows: 5, seed: 4)
        let missing = scratch.file("missing/t.parquet")
        #expect(throws: ColumnsError.unwritable(path: missing, reason: "there is no such file or directory")) {
            try ParquetWriter.write(table, to: missing)
        }
        try FileManager.default.createDirectory(atPath: scratch.file("folder"), withIntermediateDirectories: false)
        #expect(throws: ColumnsError.self) { try ParquetWriter.write(table, to: scratch.file("folder")) }
        #expect(scratch.names == ["folder"])
        #expect(throws: ColumnsError.self) { try ParquetWriter.write(table, to: "/sys/t.parquet") }
    }
}
