import Glibc

/// Where text goes, a chunk at a time: a file, a connection, a buffer.
public protocol TextOutput {
    /// Takes all of the chunk (UTF-8), or throws.
    mutating func write(_ chunk: borrowing [UInt8]) throws
}

/// Keeps the text in memory.
public struct TextBuffer: TextOutput, Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func write(_ chunk: borrowing [UInt8]) { bytes.append(contentsOf: copy chunk) }

    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Hands each chunk to a closure.
public struct TextClosure: TextOutput {
    private let body: (borrowing [UInt8]) throws -> Void

    public init(_ body: @escaping (borrowing [UInt8]) throws -> Void) { self.body = body }

    public mutating func write(_ chunk: borrowing [UInt8]) throws { try body(chunk) }
}

/// Writes to an open file descriptor, such as 1 for the standard output, which stays the caller's to close.
public struct TextDescriptor: TextOutput, Sendable {
    private let descriptor: Int32
    private let name: String

    /// - Parameter name: what errors call the file.
    public init(_ descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// - Throws: `ColumnsError.unwritable`
    public mutating func write(_ chunk: borrowing [UInt8]) throws {
        var done = 0
        while done < chunk.count {
            let put = chunk.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done) }
            if put < 0 && errno == EINTR { continue }
            guard put > 0 else { throw ColumnsError.unwritable(path: name, reason: String(cString: strerror(errno))) }
            done += put
        }
    }
}
