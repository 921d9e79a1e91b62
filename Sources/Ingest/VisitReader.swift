import Catalog
import Columns
import Schema
import Sphere

/// A visit-detector with its sources, ready to be stored.
public struct PreparedVisit: Sendable {
    public var visitDetector: VisitDetector
    public var sources: Table
}

/// Turns files into visit-detectors: reads, translates, checks, divides.
struct VisitReader: Sendable {
    let translator: Translator
    let dec: String
    let midpoint: String
    /// The schema document that rows are translated to.
    let documentYAML: String

    init(generation: Generation, map: TranslationMap?) throws {
        documentYAML = generation.documentYAML
        guard let table = generation.document[table: "DiaSource"] else {
            throw CatalogError.documentLacks(
                what: "table DiaSource", document: generation.document.label, advice: "use a version of Rubin's apdb.yaml")
        }
        guard table[column: "visit"] != nil, table[column: "detector"] != nil, generation.layout.roles.hasMjdValidity else {
            throw CatalogError.documentLacks(
                what: "visits, detectors and times in MJD as version 9.0.0 introduced", document: generation.document.label,
                advice: "migrate the instance with `skyledger schema migrate` first")
        }
        dec = generation.layout.roles.dec
        midpoint = generation.layout.roles.sourceMidpoint
        // What association and the store fill may be absent.
        var target = table
        for i in target.columns.indices where Self.filledLater.contains(target.columns[i].name) { target.columns[i].isNullable = true }
        translator = try Translator(map: Self.counting(map, target), target: target, bands: Self.bands)
    }

    /// Catalogs of other pipelines seldom have the counts of pixels that the schema demands: where nobody counted, the count is 0.
    private static func counting(_ map: TranslationMap?, _ target: TableDefinition) -> TranslationMap {
        var map = map ?? TranslationMap(file: "the built-in rules", table: target.name, columns: [:])
        for column in target.columns
        where !column.isNullable && (column.name.hasSuffix("Ndata") || column.name == "bboxSize") && map.columns[column.name] == nil {
            var rule = TranslationMap.Rule()
            rule.defaultValue = .integer(0)
            map.columns[column.name] = rule
        }
        return map
    }

    static let filledLater: Set<String> = ["diaObjectId", "timeProcessedMjdTai"]
    static let bands: Set<String> = ["u", "g", "r", "i", "z", "y"]

    /// The rows of one file, translated and checked. Whatever object the file's pipeline had put a source into is left out.
    func rows(of file: String) throws -> Table {
        var rows = try translator.translate(try CatalogFile.read(file), source: file)
        rows.remove("diaObjectId")
        rows = Self.withoutZeroIdentifiers(rows)
        try SourceChecks(dec: dec, midpoint: midpoint, file: file).check(rows)
        return rows
    }

    /// Surveys write 0 where a source belongs to no SSObject; in the database that is null.
    private static func withoutZeroIdentifiers(_ rows: Table) -> Table {
        guard let column = rows["ssObjectId"], let ids = column.int64s, ids.contains(0) else { return rows }
        var out = rows
        out.set(
            Column(
                "ssObjectId", .int64(ids), validity: Validity(ids.indices.lazy.map { !column.isNull($0) && ids[$0] != 0 }),
                unit: column.unit))
        return out
    }

    /// A visit of a visit directory: its detectors as listed, each with its rows.
    func visit(_ listed: [VisitDetector], file: String) throws -> [PreparedVisit] {
        let rows = try rows(of: file)
        let groups = try group(rows, file: file)
        let known = Set(listed.map { Pointings.Key(visit: $0.visit, detector: $0.detector) })
        for (key, members) in groups where !known.contains(key) {
            throw IngestError.unknownVisitDetector(file: file, row: members.min()! + 1, visit: key.visit, detector: key.detector)
        }
        return try listed.map { entry in
            let members = groups[Pointings.Key(visit: entry.visit, detector: entry.detector)] ?? []
            let sources = rows.gather(members)
            try SourceChecks(dec: dec, midpoint: midpoint, file: file)
                .check(sources, fileRows: members, inside: entry.region, visit: entry.visit, detector: entry.detector)
            return PreparedVisit(visitDetector: entry, sources: sources)
        }
    }

    /// Files without a visit table, taken together: their visit-detectors in the order of time, each covering a circle around its sources.
    ///
    /// A source may stand in several files, as the same row.
    func catalogs(_ files: [String]) throws -> [PreparedVisit] {
        var merged: [Pointings.Key: PreparedVisit] = [:]
        for file in files {
            for (key, piece) in try catalog(file) {
                merged[key] = try merged[key].map { try CatalogMerge.joined($0, piece, midpoint: midpoint) } ?? piece
            }
        }
        return try merged.values.map { prepared in
            var prepared = prepared
            let region = try region(of: prepared)
            prepared.visitDetector.region = region
            prepared.visitDetector.regionText = region.description
            return prepared
        }.sorted {
            ($0.visitDetector.midpointMjdTai, $0.visitDetector.visit, $0.visitDetector.detector)
                < ($1.visitDetector.midpointMjdTai, $1.visitDetector.visit, $1.visitDetector.detector)
        }
    }

    private func catalog(_ file: String) throws -> [Pointings.Key: PreparedVisit] {
        let rows = try rows(of: file)
        let times = rows[midpoint]?.doubles ?? []
        let bands = rows["band"]?.strings
        return try Dictionary(
            uniqueKeysWithValues: group(rows, file: file).map { key, members in
                let sources = rows.gather(members)
                for row in members where times[row] != times[members[0]] || bands?[row] != bands?[members[0]] {
                    throw IngestError.mixedTimes(file: file, row: row + 1, visit: key.visit, detector: key.detector)
                }
                let region = try Region.circle(circle(around: sources))
                let entry = VisitDetector(
                    visit: key.visit, detector: key.detector, band: bands?[members[0]], midpointMjdTai: times[members[0]],
                    region: region, regionText: region.description, source: file)
                return (key, PreparedVisit(visitDetector: entry, sources: sources))
            })
    }

    private func group(_ rows: Table, file: String) throws -> [Pointings.Key: [Int]] {
        let detector: [Int32]
        switch rows["detector"]?.values {
        case .int16(let v): detector = v.map(Int32.init)
        case .int32(let v): detector = v
        case .int64(let v): detector = v.map { Int32(truncatingIfNeeded: $0) }
        default: throw TranslationError.missingColumn(file: file, column: "detector", source: nil)
        }
        guard let visit = rows["visit"]?.int64s else { throw TranslationError.missingColumn(file: file, column: "visit", source: nil) }
        return Dictionary(grouping: visit.indices) { Pointings.Key(visit: visit[$0], detector: detector[$0]) }
    }

    /// What a file without visit table covered: a circle around its sources, unless no one detector can have seen that.
    private func region(of prepared: PreparedVisit) throws -> Region {
        let (circle, entry) = (try circle(around: prepared.sources), prepared.visitDetector)
        let degrees = circle.radius * 180 / .pi
        guard degrees <= Self.widestCircle else {
            throw IngestError.tooWide(
                file: entry.source, visit: entry.visit, detector: entry.detector, degrees: Int((2 * degrees).rounded()))
        }
        return .circle(circle)
    }

    /// An arcsecond wider than the sources need.
    private func circle(around sources: Table) throws -> Circle {
        try Circle(enclosingRa: sources["ra"]?.doubles ?? [], dec: sources[dec]?.doubles ?? [], margin: 1 / 3600 * .pi / 180)
    }

    /// Degrees. The widest cameras of today see less with one detector; more comes from exposures mixed up.
    private static let widestCircle = 15.0
}
