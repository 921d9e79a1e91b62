import Foundation

/// One line of a fixed-width file; columns are counted from 1, both ends included, as the MPC's documents do.
struct FixedWidthLine {
    let bytes: UnsafeRawBufferPointer
    /// From 1.
    let number: Int
    /// False where the file ends without a newline.
    let isTerminated: Bool

    var isBlank: Bool { bytes.allSatisfy { $0 == 32 || $0 == 13 } }

    /// The text of some columns without blanks around it; "" where the line is shorter.
    func text(_ first: Int, _ last: Int) -> String {
        var low = min(first - 1, bytes.count)
        var high = min(last, bytes.count)
        while low < high, bytes[low] == 32 { low += 1 }
        while high > low, bytes[high - 1] == 32 || bytes[high - 1] == 13 { high -= 1 }
        return String(decoding: bytes[low..<high], as: UTF8.self)
    }

    /// - Throws: `OrbitRowError` where the columns are blank or hold no number.
    func number(_ first: Int, _ last: Int, _ what: String) throws -> Double {
        guard let value = try optionalNumber(first, last, what) else {
            throw OrbitRowError("\(what) is missing (columns \(first) to \(last))")
        }
        return value
    }

    /// Nil where the columns are blank.
    func optionalNumber(_ first: Int, _ last: Int, _ what: String) throws -> Double? {
        let text = text(first, last)
        if text.isEmpty { return nil }
        guard let value = Double(text), value.isFinite else {
            throw OrbitRowError("\(what) is '\(text)', which is no number (columns \(first) to \(last))")
        }
        return value
    }

    func optionalInteger(_ first: Int, _ last: Int, _ what: String) throws -> Int? {
        guard let value = try optionalNumber(first, last, what) else { return nil }
        guard value == value.rounded(), 0...1e9 ~= value else { throw OrbitRowError("\(what) is \(value), which is no count") }
        return Int(value)
    }

    /// Gives each line of a file to a body, without copying the file; what the body throws gets the file's and the line's name.
    static func forEach(in path: String, _ body: (FixedWidthLine) throws -> Void) throws {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch {
            throw OrbitFileError(path: path, line: nil, unit: "line", reason: "it cannot be read: \(error.localizedDescription)")
        }
        try data.withUnsafeBytes { bytes in
            var start = 0
            var number = 0
            while start < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
                let length = memchr(rest.baseAddress!, 10, rest.count).map { rest.baseAddress!.distance(to: $0) }
                number += 1
                let line = FixedWidthLine(
                    bytes: UnsafeRawBufferPointer(rebasing: rest[..<(length ?? rest.count)]), number: number, isTerminated: length != nil)
                do {
                    try body(line)
                } catch let error as OrbitRowError {
                    throw OrbitFileError(path: path, line: number, unit: "line", reason: error.reason)
                } catch let error as DesignationError {
                    throw OrbitFileError(path: path, line: number, unit: "line", reason: error.description)
                }
                start += (length ?? rest.count) + 1
            }
        }
    }
}
