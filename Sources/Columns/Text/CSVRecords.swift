import Foundation

/// The records of a file of comma-separated values (RFC 4180; lines may end in LF or CRLF) with a header line, as texts.
public struct CSVRecords: Sendable {
    public struct Record: Sendable {
        /// The line of the file on which the record begins, from 1.
        public var line: Int
        /// One for each column of the header; nil where nothing stands between the commas, `""` is an empty text.
        public var fields: [String?]
    }

    public let path: String
    /// The names of the columns, each once.
    public let header: [String]
    public let records: [Record]

    /// - Throws: `ColumnsError` naming the file, and the line where a quotation does not end or the number of values is another than the
    ///   header's.
    public init(path: String) throws(ColumnsError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path: path, reason: "there is no such file, or it may not be read")
        }
        guard let text = String(bytes: data, encoding: .utf8) else { throw .malformed(path: path, reason: "it is no UTF-8 text") }
        var all = try Self.parse(Array(text.utf8), path)
        let names = all.first?.fields.map { ($0 ?? "").trimmingCharacters(in: .whitespaces) } ?? []
        guard !names.isEmpty, Set(names).count == names.count else {
            throw .malformed(path: path, reason: "its first line must name the columns, each once")
        }
        all.removeFirst()
        if let wrong = all.first(where: { $0.fields.count != names.count }) {
            throw .malformed(
                path: path, reason: "line \(wrong.line) has \(wrong.fields.count) values, and the header names \(names.count) columns")
        }
        (self.path, header, records) = (path, names, all)
    }

    /// All columns as texts without the spaces around them, null where nothing stands.
    public var table: Table {
        Table(
            header.enumerated().map { place, name in
                let values = records.map { $0.fields[place]?.trimmingCharacters(in: .whitespaces) }
                return Column(
                    name, .string(ByteStrings(values.lazy.map { $0 ?? "" })),
                    validity: values.contains(nil) ? Validity(values.lazy.map { $0 != nil }) : nil)
            })
    }

    private static func parse(_ bytes: [UInt8], _ path: String) throws(ColumnsError) -> [Record] {
        let (quote, comma, feed, carriage) = (UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        var out: [Record] = []
        var (fields, field, isQuoted) = ([String?](), [UInt8](), false)
        var (line, start, at) = (1, 1, 0)
        func value() -> String? { field.isEmpty && !isQuoted ? nil : String(decoding: field, as: UTF8.self) }
        func endRecord() {
            // An empty line is none.
            if !fields.isEmpty || !field.isEmpty || isQuoted { out.append(Record(line: start, fields: fields + [value()])) }
            (fields, field, isQuoted) = ([], [], false)
        }
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == quote, field.isEmpty, !isQuoted {
                isQuoted = true
                while true {
                    guard at < bytes.count else {
                        throw .malformed(path: path, reason: "line \(start) opens a quotation that nothing ends")
                    }
                    let inner = bytes[at]
                    at += 1
                    if inner == feed { line += 1 }
                    if inner == quote {
                        // Two quotation marks are one of the text.
                        guard at < bytes.count, bytes[at] == quote else { break }
                        at += 1
                    }
                    field.append(inner)
                }
            } else if byte == comma {
                fields.append(value())
                (field, isQuoted) = ([], false)
            } else if byte == feed {
                endRecord()
                line += 1
                start = line
            } else if byte != carriage {
                field.append(byte)
            }
        }
        endRecord()
        return out
    }
}
