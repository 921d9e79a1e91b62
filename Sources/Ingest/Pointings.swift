import Catalog
import Columns
import Sphere

/// The visit-detectors that a visits.parquet lists, with what they cover.
struct Pointings: Sendable {
    struct Key: Hashable, Sendable {
        var visit: Int64
        var detector: Int32
    }

    /// In the order of time, then of visit and detector.
    private(set) var visits: [Int64] = []
    private(set) var detectors: [Int64: [VisitDetector]] = [:]

    /// - Throws: `ColumnsError`, `IngestError.badRegion`
    init(path: String, visitFile: (Int64) -> String) throws {
        let table = try ParquetReader(path: path).read(skippingUnsupported: true)
        func column(_ name: String) throws -> Column {
            guard let column = table[name] else { throw ColumnsError.missingColumn(path: path, column: name) }
            return column
        }
        func integers(_ name: String) throws -> [Int64] {
            switch try column(name).values {
            case .int64(let v): return v
            case .int32(let v): return v.map(Int64.init)
            case .int16(let v): return v.map(Int64.init)
            default: throw ColumnsError.malformed(path: path, reason: "column \(name) must hold integers")
            }
        }
        let (visit, detector) = (try integers("visit"), try integers("detector"))
        guard let mjd = try column("mjd").doubles, let band = try column("band").strings, let region = try column("region").strings else {
            throw ColumnsError.malformed(path: path, reason: "mjd must hold doubles, band and region text")
        }
        var times: [Int64: Double] = [:]
        for row in visit.indices {
            let parsed: Region
            let text = region[row]
            do { parsed = try text.first?.isLetter == true ? Region(parsing: text) : .polygon(parsing: text) } catch {
                throw IngestError.badRegion(file: path, row: row + 1, reason: "\(error)")
            }
            let entry = VisitDetector(
                visit: visit[row], detector: Int32(detector[row]), band: band[row], midpointMjdTai: mjd[row], region: parsed,
                regionText: text.first?.isLetter == true ? text : "polygon " + text,
                source: visitFile(visit[row]))
            times[visit[row]] = min(times[visit[row]] ?? mjd[row], mjd[row])
            detectors[visit[row], default: []].append(entry)
        }
        visits = times.keys.sorted { (times[$0]!, $0) < (times[$1]!, $1) }
        for visit in visits { detectors[visit]!.sort { $0.detector < $1.detector } }
    }

    var count: Int { detectors.values.reduce(0) { $0 + $1.count } }
}
