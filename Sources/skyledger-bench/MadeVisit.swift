import Catalog
import Columns
import Foundation
import Schema
import Sphere

/// A visit-detector as it stands after its store, of made-up rows: every source belongs to an object with a history.
struct MadeVisit {
    let stored: StoredVisit

    init(_ generation: Generation, sources count: Int, earlierEach: Int, forcedEach: Int) throws {
        let mjd = ProcessingClock.machineMjdTai()
        var random = SystemRandomNumberGenerator()
        let visit = Int64(mjd * 1e5)
        let ids = (0..<count).map { Int64(mjd * 1e6) * 100_000 + Int64($0) }
        let ra = ids.map { _ in 150 + Double.random(in: -0.05...0.05, using: &random) }
        let dec = ids.map { _ in -30 + Double.random(in: -0.05...0.05, using: &random) }
        func made(_ table: String, _ count: Int, _ fixed: [Column]) -> Table {
            Self.rows(generation.document[table: table]!, count: count, fixed, &random)
        }
        func constant<T>(_ value: T, _ count: Int) -> [T] { .init(repeating: value, count: count) }
        func place(_ each: Int) -> [Column] {
            let owner = (0..<count * each).map { $0 / each }
            return [
                Column("diaObjectId", .int64(owner.map { ids[$0] })), Column("ra", .double(owner.map { ra[$0] })),
                Column("dec", .double(owner.map { dec[$0] })), Column("visit", .int64((0..<count * each).map { Int64($0 % each) })),
                Column("detector", .int16(constant(1, count * each))),
                Column("midpointMjdTai", .double((0..<count * each).map { mjd - 350 + 349 * Double($0 % each) / Double(each) })),
            ]
        }
        let own = [
            Column("diaSourceId", .int64(ids)), Column("diaObjectId", .int64(ids)), Column.nulls("ssObjectId", .int64, count: count),
            Column("ra", .double(ra)), Column("dec", .double(dec)), Column("visit", .int64(constant(visit, count))),
            Column("detector", .int16(constant(1, count))), Column("midpointMjdTai", .double(constant(mjd, count))),
        ]
        var diaSources = made("DiaSource", count, own)
        diaSources.set(Column("pixelId", .int64(ids)))
        var earlier = ObjectRows()
        let owners = { (each: Int) in (0..<count * each).map { Optional($0 / each) } }
        earlier.add(made("DiaSource", count * earlierEach, place(earlierEach)), owners: owners(earlierEach))
        var forced = ObjectRows()
        forced.add(made("DiaForcedSource", count * forcedEach, place(forcedEach)), owners: owners(forcedEach))
        stored = StoredVisit(
            visitDetector: VisitDetector(
                visit: visit, detector: 1, band: "r", midpointMjdTai: mjd,
                region: .circle(try Circle(ra: 150, dec: -30, radiusDegrees: 0.2)), regionText: "circle 150 -30 0.2", source: "made"),
            processedMjdTai: mjd, queriedMjdTai: mjd, writtenMjdTai: mjd, diaNoise: 100, diaSources: diaSources,
            objectOfSource: (0..<count).map { $0 },
            diaObjects: made(
                "DiaObject", count, [Column("diaObjectId", .int64(ids)), Column("ra", .double(ra)), Column("dec", .double(dec))]),
            earlierSources: earlier, forcedSources: forced, solarSystem: nil, configuration: Configuration())
    }

    /// Rows with every column of a table: what is given, and noise.
    private static func rows(_ definition: TableDefinition, count: Int, _ fixed: [Column], _ random: inout SystemRandomNumberGenerator)
        -> Table
    {
        var table = Table(fixed)
        for column in definition.columns where table[column.name] == nil {
            let values: ColumnValues =
                switch column.datatype.columnType {
                case .bool: .bool((0..<count).map { _ in Int.random(in: 0..<10, using: &random) == 0 })
                case .int16: .int16((0..<count).map { _ in Int16.random(in: 0..<100, using: &random) })
                case .int32: .int32((0..<count).map { _ in Int32.random(in: 0..<100, using: &random) })
                case .int64: .int64((0..<count).map { _ in Int64.random(in: 0..<1_000_000_000_000_000, using: &random) })
                case .float: .float((0..<count).map { _ in Float.random(in: -1000...1000, using: &random) })
                case .double: .double((0..<count).map { _ in Double.random(in: -1000...1000, using: &random) })
                case .string: .string(ByteStrings([String](repeating: "r", count: count)))
                default: ColumnValues(zeros: column.datatype.columnType, count: count)
                }
            table.set(Column(column.name, values))
        }
        return table
    }
}
