import Catalog
import Columns
import Foundation
import Sphere

/// Pointings that a survey has announced: a file with visit, detector and what each will cover.
public enum AnnouncedPointings {
    /// Reads Parquet, or a CSV with a header line where the name ends in `.csv`.
    ///
    /// The columns are visit and detector, and either region (as in visits.parquet) or ra, dec and radius in degrees, the circle around
    /// the detector. Time and band (mjd, band) may be missing.
    ///
    /// - Returns: pointings in the order of the file.
    /// - Throws: `ColumnsError`, `IngestError.badRegion`, naming file, row and column.
    public static func read(_ path: String) throws -> [VisitDetector] {
        let columns = path.lowercased().hasSuffix(".csv") ? try text(path) : try parquet(path)
        func numbers(_ name: String) throws -> [Double] {
            guard let cells = columns[name] else { throw ColumnsError.missingColumn(path: path, column: name) }
            return try cells.enumerated().map { row, cell in
                guard let value = Double(cell) else {
                    throw ColumnsError.malformed(path: path, reason: "row \(row + 1), column \(name) is no number: \(cell)")
                }
                return value
            }
        }
        func integers<T: FixedWidthInteger>(_ name: String, _: T.Type) throws -> [T] {
            guard let cells = columns[name] else { throw ColumnsError.missingColumn(path: path, column: name) }
            return try cells.enumerated().map { row, cell in
                guard let value = T(cell) else {
                    throw ColumnsError.malformed(path: path, reason: "row \(row + 1), column \(name) is no whole number in range: \(cell)")
                }
                return value
            }
        }
        let (visit, detector) = (try integers("visit", Int64.self), try integers("detector", Int32.self))
        let circles = columns["region"] == nil ? (try numbers("ra"), try numbers("dec"), try numbers("radius")) : nil
        let mjd = columns["mjd"] == nil ? nil : try numbers("mjd")
        return try visit.indices.map { row in
            let region: Region
            do {
                if let (ra, dec, radius) = circles {
                    region = .circle(try Circle(ra: ra[row], dec: dec[row], radiusDegrees: radius[row]))
                } else {
                    let text = columns["region"]![row]
                    region = text.first?.isLetter == true ? try Region(parsing: text) : try .polygon(parsing: text)
                }
            } catch { throw IngestError.badRegion(file: path, row: row + 1, reason: "\(error)") }
            return VisitDetector(
                visit: visit[row], detector: detector[row], band: columns["band"]?[row], midpointMjdTai: mjd?[row] ?? 0, region: region,
                regionText: region.description, source: path)
        }
    }

    /// Cells as text, which numbers keep exactly.
    private static func parquet(_ path: String) throws -> [String: [String]] {
        let table = try ParquetReader(path: path).read(skippingUnsupported: true)
        var out: [String: [String]] = [:]
        for name in ["visit", "detector", "ra", "dec", "radius", "region", "mjd", "band"] {
            guard let column = table[name] else { continue }
            out[name] = (0..<table.rowCount).map { row in
                if column.isNull(row) { return "" }
                switch column.values {
                case .int16(let v): return String(v[row])
                case .int32(let v): return String(v[row])
                case .int64(let v): return String(v[row])
                case .float(let v): return String(v[row])
                case .double(let v): return String(v[row])
                case .string(let v): return v[row]
                default: return "?"
                }
            }
        }
        return out
    }

    /// Quoted cells may hold commas, as polygons do.
    private static func text(_ path: String) throws -> [String: [String]] {
        guard FileManager.default.isReadableFile(atPath: path), let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw ColumnsError.unreadable(path: path, reason: "there is no such file of text, or it may not be read")
        }
        func cells(_ line: Substring) -> [String] {
            var out = [""]
            var isQuoted = false
            for character in line {
                switch character {
                case "\"": isQuoted.toggle()
                case "," where !isQuoted: out.append("")
                default: out[out.count - 1].append(character)
                }
            }
            return out.map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
        guard let header = lines.first.map(cells) else { throw ColumnsError.missingColumn(path: path, column: "visit") }
        var out = Dictionary(header.map { ($0, [String]()) }, uniquingKeysWith: { first, _ in first })
        for (row, line) in lines.dropFirst().enumerated() {
            let cells = cells(line)
            guard cells.count == header.count else {
                throw ColumnsError.malformed(path: path, reason: "row \(row + 1) has \(cells.count) cells and the header \(header.count)")
            }
            for (name, cell) in zip(header, cells) { out[name]!.append(cell) }
        }
        return out
    }
}
