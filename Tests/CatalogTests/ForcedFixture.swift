import Catalog
import Columns
import Foundation
import Testing

extension TestInstance {
    func targets() throws -> ForcedTargets {
        let reader = try connection()
        return try ForcedTargets(
            connection: reader, generation: instance.currentGeneration(on: reader), pixelization: instance.pixelization(on: reader))
    }

    func forcedLoad(clock: @escaping () -> Double = { 61500 }) throws -> ForcedLoad { try instance.forcedLoad(clock: clock) }

    /// Rows of every table that a forced load may write to.
    func forcedCounts() throws -> [String] {
        try rows(
            """
            SELECT (SELECT count(*) FROM "DiaForcedSource") AS f, (SELECT count(*) FROM "DiaObject") AS o,
                   (SELECT count(*) FROM "DiaObjectLast") AS l, (SELECT sum("nDiaForcedSources") FROM "VisitDetector") AS n
            """)
    }

    /// The stored visits.
    func visits() throws -> [Int64] {
        try connection().query("SELECT DISTINCT \"visit\" FROM \"VisitDetector\" ORDER BY 1")["visit"]?.int64s ?? []
    }

    /// The targets of all visits.
    func allTargets() throws -> Table {
        let targets = try targets()
        return try visits().reduce(Table()) { $0.appending(try targets.targets(visit: $1)) }
    }
}

extension Instance {
    /// - Parameter clock: MJD TAI; by default later than any visit of a synthetic survey.
    func forcedLoad(clock: @escaping () -> Double = { 61500 }) throws -> ForcedLoad {
        let ingest = try connect(as: .ingest)
        return ForcedLoad(
            connection: ingest, generation: try currentGeneration(on: ingest), pixelization: try pixelization(on: ingest),
            configuration: try ConfigurationRecord.current(on: ingest).configuration, clock: clock)
    }
}

/// What an image would say of targets: a flux that follows from object and visit, flagged now and then.
enum Measurement {
    /// Another for each triple, as far as 62 bits go.
    static func identifier(_ object: Int64, _ visit: Int64, _ detector: Int32) -> Int64 {
        var state: UInt64 = 0
        for value in [object, visit, Int64(detector)] {
            state = (state ^ UInt64(bitPattern: value)) &* 0x9E37_79B9_7F4A_7C15
            state ^= state >> 29
        }
        return Int64(state >> 2)
    }

    static func of(_ targets: Table) -> Table {
        let (object, visit, detector) = (targets["diaObjectId"]!.int64s!, targets["visit"]!.int64s!, targets["detector"]!.int32s!)
        func mixed(_ row: Int) -> Int64 { (object[row] &* 2_654_435_761 &+ visit[row] &* 40_503) & 0x7FFF_FFFF }
        return Table([
            Column("diaForcedSourceId", .int64(object.indices.map { identifier(object[$0], visit[$0], detector[$0]) })),
            Column("diaObjectId", .int64(object)), Column("visit", .int64(visit)), Column("detector", .int16(detector.map { Int16($0) })),
            Column("psfFlux", .float(object.indices.map { Float(mixed($0) % 10_000) })),
            Column("psfFluxErr", .float(object.indices.map { Float(100 + mixed($0) % 400) })),
            Column("psfFlux_flag", .bool(object.indices.map { mixed($0) % 13 == 0 })),
        ])
    }
}

extension Table {
    /// Keys of rows that name an object in a visit-detector.
    var forcedKeys: Set<[Int64]> {
        guard rowCount > 0, let object = self["diaObjectId"]?.int64s, let visit = self["visit"]?.int64s,
            let detector = self["detector"]?.numbers
        else { return [] }
        return Set(object.indices.map { [object[$0], visit[$0], Int64(detector[$0])] })
    }
}
