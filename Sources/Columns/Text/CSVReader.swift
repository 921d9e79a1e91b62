import Foundation

extension CSV {
    /// Reads comma-separated values (RFC 4180) with a header line.
    ///
    /// - Parameter type: of a column by its name; where nil, the values are taken for whole numbers, numbers, truth values or text,
    ///   whichever fits all of them. Whole numbers are 64 bits wide, numbers double; nothing between two commas is null.
    /// - Throws: `ColumnsError` naming the file, and the line and column of a value that is not of its column's type.
    public static func read(path: String, type: (String) -> ColumnType? = { _ in nil }) throws -> Table {
        let file = try CSVRecords(path: path)
        return Table(
            try file.header.enumerated().map { place, name in
                let values = file.records.map { $0.fields[place] }
                let validity = values.contains(nil) ? Validity(values.lazy.map { $0 != nil }) : nil
                guard let type = type(name) else { return Column(name, Self.guessed(values), validity: validity) }
                guard let made = Self.values(values, type) else {
                    let row = values.indices.first { Self.values([values[$0]], type) == nil }!
                    throw ColumnsError.malformed(
                        path: path,
                        reason:
                            "line \(file.records[row].line), column \(name) has \"\(values[row] ?? "")\", which is not of type \(type.rawValue)"
                    )
                }
                return Column(name, made, validity: validity)
            })
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
