/// Visit-detectors that a new generation may lack: a text with a visit a line, or a visit and a detector, and after `#` why.
///
///     2027060100123        # shutter stuck
///     2027060100124 37     # no template
public struct ExcuseList: Sendable, Equatable {
    public struct Entry: Sendable, Hashable {
        public var visit: Int64
        /// Nil for all of the visit's.
        public var detector: Int32?
    }

    public private(set) var reasons: [Entry: String] = [:]

    public init() {}

    /// - Throws: `ReleaseError.plan` naming the document and the line.
    public init(text: String, name: String) throws {
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let parts = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            let words = parts[0].split(whereSeparator: { $0.isWhitespace || $0 == "," })
            if words.isEmpty { continue }
            guard words.count <= 2, let visit = Int64(words[0]), words.count == 1 || Int32(words[1]) != nil else {
                throw ReleaseError.plan(
                    document: name, line: index + 1,
                    reason: "'\(parts[0].trimmed)' names no visit-detector: write a visit, or a visit and a detector, and a reason after #")
            }
            let entry = Entry(visit: visit, detector: words.count == 2 ? Int32(words[1]) : nil)
            guard reasons[entry] == nil else {
                throw ReleaseError.plan(document: name, line: index + 1, reason: "'\(parts[0].trimmed)' stands in the list before")
            }
            reasons[entry] = parts.count == 2 ? parts[1].trimmed : ""
        }
    }

    /// The entry that a visit-detector is excused by.
    public func entry(visit: Int64, detector: Int32) -> Entry? {
        [Entry(visit: visit, detector: detector), Entry(visit: visit, detector: nil)].first { reasons[$0] != nil }
    }
}

extension Substring {
    /// Without spaces at its ends, a carriage return among them.
    fileprivate var trimmed: String {
        var text = self
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
