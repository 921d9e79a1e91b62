import CCFITSIO
import Synchronization

/// The one door to CFITSIO, which reads and writes the headers here.
///
/// The library keeps the way in which it opens files, and its stack of messages, in global variables, so that one thread at a time
/// may be in it. It holds the lock for headers alone: the data of tables do not pass through it.
enum CFITSIO {
    private static let lock = Mutex(())

    /// A call of CFITSIO that did not succeed: its status and all that it said.
    struct Failure: Error {
        var status: Int32
        var reason: String
    }

    static func exclusively<Result>(_ body: () throws -> sending Result) rethrows -> sending Result {
        try lock.withLock { _ in try body() }
    }

    /// Throws what the library has to say when `status` is not 0, and empties its stack of messages.
    static func check(_ status: Int32) throws {
        guard status != 0 else { return }
        var buffer = [CChar](repeating: 0, count: Int(FLEN_ERRMSG) + 1)
        ffgerr(status, &buffer)
        var parts = [text(buffer)]
        while ffgmsg(&buffer) != 0, parts.count < 8 {
            let message = text(buffer)
            if !message.isEmpty { parts.append(message) }
        }
        ffcmsg()
        throw Failure(status: status, reason: parts.joined(separator: ", "))
    }

    /// A path in the form that the library takes for a plain file, whatever characters it has; nil where it is too long.
    static func plainPath(_ path: String) -> String? {
        let plain = path.hasPrefix("/") ? path : "./" + path
        return plain.utf8.count < Int(FLEN_FILENAME) - 1 && !plain.utf8.contains(0) ? plain : nil
    }

    static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A header that CFITSIO has open; only inside `CFITSIO.exclusively`.
struct FITSHeader {
    let file: UnsafeMutablePointer<fitsfile>

    /// The keyword's value, trailing blanks taken off; nil where it is absent, undefined or empty.
    func string(_ keyword: String) throws -> String? {
        var status: Int32 = 0
        var value: UnsafeMutablePointer<CChar>?
        ffgkls(file, keyword, &value, nil, &status)
        defer {
            var freeing: Int32 = 0
            if value != nil { fffree(value, &freeing) }
        }
        guard try present(status), let value else { return nil }
        let text = String(cString: value)
        let trimmed = text.prefix(text.count - text.reversed().prefix { $0 == " " }.count)
        return trimmed.isEmpty ? nil : String(trimmed)
    }

    func integer(_ keyword: String) throws -> Int64? {
        var status: Int32 = 0
        var value: Int64 = 0
        ffgkyjj(file, keyword, &value, nil, &status)
        return try present(status) ? value : nil
    }

    func double(_ keyword: String) throws -> Double? {
        var status: Int32 = 0
        var value = 0.0
        ffgkyd(file, keyword, &value, nil, &status)
        return try present(status) ? value : nil
    }

    private func present(_ status: Int32) throws -> Bool {
        if status == KEY_NO_EXIST || status == VALUE_UNDEFINED {
            ffcmsg()
            return false
        }
        try CFITSIO.check(status)
        return true
    }
}
