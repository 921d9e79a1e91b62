import Foundation

extension CSV {
    /// Columns of whole numbers out of a CSV file with a header line: lists of identifiers.
    ///
    /// - Returns: a table of the columns asked for, 64-bit integers; other columns of the file are passed over.
    /// - Throws: `ColumnsError` naming the file, and the line and column of what is no whole number.
    public static func readIntegers(path: String, columns: [String]) throws -> Table {
        guard FileManager.default.isReadableFile(atPath: path), let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw ColumnsError.unreadable(path: path, reason: "there is no such file of text, or it may not be read")
        }
        func fields(_ line: Substring) -> [String] {
            line.split(separator: ",", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " \t\r\"")) }
        }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let header = lines.first.map(fields) ?? []
        let places = try columns.map { name in
            guard let place = header.firstIndex(of: name) else { throw ColumnsError.missingColumn(path: path, column: name) }
            return place
        }
        var values = [[Int64]](repeating: [], count: columns.count)
        for (number, line) in lines.enumerated().dropFirst() where !line.allSatisfy(\.isWhitespace) {
            let row = fields(line)
            for (i, place) in places.enumerated() {
                guard place < row.count, let value = Int64(row[place]) else {
                    throw ColumnsError.malformed(path: path, reason: "line \(number + 1), column \(columns[i]) is no whole number")
                }
                values[i].append(value)
            }
        }
        return Table(zip(columns, values).map { Column($0, .int64($1)) })
    }
}
