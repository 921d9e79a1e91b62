import Foundation

extension CSV {
    /// Reads comma-separated values (RFC 4180) with a header line.
    ///
    /// - Parameter type: of a column by its name; where nil, the values are taken for whole numbers, numbers, truth values or text,
    ///   whichever fits all of them. Whole numbers are 64 bits wide, numbers double; nothing between two commas is null.
    /// - Throws: `ColumnsError` naming the file, and the line and column of a value that is not of its column's type.
    public static func read(path: String, type: (String) -> ColumnType? = { _ in nil }) throws -> Table {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ColumnsError.unreadable(path: path, reason: "there is no such file, or it may not be read")
        }
        guard let text = String(bytes: data, encoding: .utf8) else {
            throw ColumnsError.malformed(path: path, reason: "it is no UTF-8 text")
        }
        var records = try records(Array(text.utf8), path)
        guard let header = records.first?.fields.map({ $0 ?? "" }), !header.isEmpty, Set(header).count == header.count else {
            throw ColumnsError.malformed(path: path, reason: "its first line must name the columns, each once")
        }
        records.removeFirst()
        if let wrong = records.first(where: { $0.fields.count != header.count }) {
            throw ColumnsError.malformed(
                path: path, reason: "line \(wrong.line) has \(wrong.fields.count) values, and the header names \(header.count) columns")
        }
        return Table(
            try header.enumerated().map { place, name in
                let values = records.map { $0.fields[place] }
                let validity = values.contains(nil) ? Validity(values.lazy.map { $0 != nil }) : nil
                guard let type = type(name) else {
                    return Column(name, Self.guessed(values), validity: validity)
                }
                guard let made = Self.values(values, type) else {
                    let row = values.indices.first { Self.values([values[$0]], type) == nil }!
                    throw ColumnsError.malformed(
                        path: path,
                        reason:
                            "line \(records[row].line), column \(name) has \"\(values[row] ?? "")\", which is not of type \(type.rawValue)")
                }
                return Column(name, made, validity: validity)
            })
    }

    private struct Record {
        var line: Int
        /// Nil where nothing stands between the commas; `""` is an empty text.
        var fields: [String?]
    }

    private static func records(_ bytes: [UInt8], _ path: String) throws -> [Record] {
        let (quote, comma, feed, carriage) = (UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        var out: [Record] = []
        var (fields, field, wasQuoted) = ([String?](), [UInt8](), false)
        var (line, start, at) = (1, 1, 0)
        func value() -> String? { field.isEmpty && !wasQuoted ? nil : String(decoding: field, as: UTF8.self) }
        func endRecord() {
            // An empty line is none.
            if !fields.isEmpty || !field.isEmpty || wasQuoted { out.append(Record(line: start, fields: fields + [value()])) }
            (fields, field, wasQuoted) = ([], [], false)
        }
        while at < bytes.count {
            switch bytes[at] {
            case quote where field.isEmpty && !wasQuoted:
                wasQuoted = true
                at += 1
                while at < bytes.count, bytes[at] != quote || (at + 1 < bytes.count && bytes[at + 1] == quote) {
                    if bytes[at] == quote { at += 1 }
                    if bytes[at] == feed { line += 1 }
                    field.append(bytes[at])
                    at += 1
                }
                guard at < bytes.count else {
                    throw ColumnsError.malformed(path: path, reason: "line \(start) opens a quotation that nothing ends")
                }
            case comma:
                fields.append(value())
                (field, wasQuoted) = ([], false)
            case feed:
                endRecord()
                line += 1
                start = line
            case carriage: break
            case let byte: field.append(byte)
            }
            at += 1
        }
        endRecord()
        return out
    }

    private static func guessed(_ values: [String?]) -> ColumnValues {
        for type in [ColumnType.int64, .double, .bool] { if let made = Self.values(values, type) { return made } }
        return .string(.init(values.map { $0 ?? "" }))
    }

    /// Values of a type, zero where there is none; nil where one is not of it. Whole numbers are 64 bits wide: the translator narrows them.
    private static func values(_ texts: [String?], _ type: ColumnType) -> ColumnValues? {
        func all<T>(_ zero: T, _ convert: (String) -> T?) -> [T]? {
            var out: [T] = []
            out.reserveCapacity(texts.count)
            for text in texts {
                guard let value = text.map(convert) ?? zero else { return nil }
                out.append(value)
            }
            return out
        }
        func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespaces) }
        switch type {
        case .int16, .int32, .int64: return all(0) { Int64(trimmed($0)) }.map(ColumnValues.int64)
        case .float, .double: return all(0) { Double(trimmed($0)) }.map(ColumnValues.double)
        case .bool:
            return all(false) { ["true": true, "false": false, "1": true, "0": false][trimmed($0).lowercased()] }.map(ColumnValues.bool)
        default: return .string(.init(texts.map { $0 ?? "" }))
        }
    }
}
