import Columns
import Foundation

/// Prints rows in the form asked for, to a file or to standard output.
enum RowOutput {
    static func write(_ table: Table, _ options: OutputRequest) throws {
        switch options.format {
        case .table: try text(TextTable.render(table), options)
        case .csv:
            try stream(options) { sink in
                var out = TextClosure { try sink(copy $0) }
                try CSV.write(table, to: &out)
            }
        case .json:
            try stream(options) { sink in
                var out = TextClosure { try sink(copy $0) }
                try JSONRows.write(table, to: &out)
            }
        case .parquet: try file(options) { try ParquetWriter.write(table, to: $0) }
        case .fits: try file(options) { try FITSTable.write(table, to: $0) }
        }
    }

    static func text(_ text: String, _ options: OutputRequest) throws { try bytes(Array(text.utf8), options) }

    static func bytes(_ bytes: [UInt8], _ options: OutputRequest) throws { try stream(options) { try $0(bytes) } }

    private static func stream(_ options: OutputRequest, _ body: (@escaping ([UInt8]) throws -> Void) throws -> Void) throws {
        guard let output = options.path else {
            try body { try standardOutput($0) }
            return
        }
        let temporary = "\(output).writing-\(getpid())"
        guard FileManager.default.createFile(atPath: temporary, contents: nil), let handle = FileHandle(forWritingAtPath: temporary) else {
            throw ColumnsError.unwritable(path: output, reason: String(cString: strerror(errno)))
        }
        do {
            try body { try handle.write(contentsOf: $0) }
            try handle.synchronize()
            try handle.close()
        } catch {
            unlink(temporary)
            throw ColumnsError.unwritable(path: output, reason: error.localizedDescription)
        }
        guard rename(temporary, output) == 0 else { throw ColumnsError.unwritable(path: output, reason: String(cString: strerror(errno))) }
    }

    /// Rows as a JSON array.
    static func json(_ table: Table) throws -> String {
        var buffer = TextBuffer()
        try JSONRows.write(table, to: &buffer)
        return buffer.text.trimmingCharacters(in: .newlines)
    }

    /// Formats that need a file are made as one and then copied.
    private static func file(_ options: OutputRequest, _ body: (String) throws -> Void) throws {
        if let output = options.path { return try body(output) }
        guard isatty(1) == 0 else {
            throw RequestError("\(options.format.rawValue) is binary: name a file with --output, or send standard output to one")
        }
        let temporary = FileManager.default.temporaryDirectory.appendingPathComponent("skyledger-\(UUID().uuidString)").path
        defer { unlink(temporary) }
        try body(temporary)
        try standardOutput([UInt8](Data(contentsOf: URL(fileURLWithPath: temporary))))
    }

    private static func standardOutput(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let written = bytes.withUnsafeBytes { Glibc.write(1, $0.baseAddress! + sent, bytes.count - sent) }
            if written < 0 {
                if errno == EINTR { continue }
                // The reader has enough.
                if errno == EPIPE { Foundation.exit(0) }
                throw RequestError("standard output cannot be written: \(String(cString: strerror(errno)))")
            }
            sent += written
        }
    }
}
