import Catalog
import Columns
import Foundation
import Postgres
import Release
import Sphere

/// The crosswalk of a release out of the database and into it: an instance is made, both generations are filled with a made survey and its
/// reprocessing (area by area, so that memory holds one), and `release crosswalk` is run.
///
/// Rows have the columns that a crosswalk reads and no others, so they are narrower than a survey's.
enum StoredCrosswalkMeasurement {
    static func run(directory: String, schema: String, sources: Int) throws {
        let instance = try InstanceCreation(directory: directory, schemaPath: schema).run().instance
        let owner = try instance.connect(as: .owner)
        try owner.execute("SET skyledger.replica_key = 0")
        var beginning = ReleaseBeginning(instance: instance, name: "BENCH", cutoffMjdTai: 61_500)
        beginning.checksDisk = false
        let release = try beginning.run().release
        let generations = (
            try instance.generation(release.fromGeneration, on: owner), try instance.generation(release.generation, on: owner)
        )
        for generation in [generations.0, generations.1] { try prepare(generation, on: owner) }
        let fillSeconds = try seconds {
            for area in 0..<MadeReprocessing.areas(sources) {
                let made = try MadeReprocessing(areas: area..<area + 1)
                try fill(generations.0, made.old[0], made.oldObjects, area, on: owner)
                try fill(generations.1, made.new[0], made.newObjects, area, on: owner)
            }
            for generation in [generations.0, generations.1] { try finish(generation, on: owner) }
        }
        let before = residentBytes()
        var stages: [String: Date] = [:]
        let start = Date()
        let outcome = try CrosswalkMaking(instance: instance, release: "BENCH").run { progress in
            if stages[progress.stage.rawValue] == nil { stages[progress.stage.rawValue] = Date() }
            return true
        }
        let end = Date()
        guard let record = outcome?.crosswalk else { return }
        func since(_ stage: String, _ other: Date) -> Double { other.timeIntervalSince(stages[stage] ?? start) }
        let right = try owner.int64(
            """
            SELECT count(*) FROM skyledger."CrosswalkSource" WHERE "crosswalk" = \(record.crosswalk)
              AND "newDiaSourceId" = "oldDiaSourceId" + \(MadeReprocessing.idShift)
            """)
        report(
            "crosswalk-stored",
            [
                "oldSources": Double(record.summary.matchedSources + record.summary.vanishedSources),
                "newSources": Double(record.summary.matchedSources + record.summary.newSources),
                "pairs": Double(record.summary.matchedSources), "rightPairs": Double(right ?? 0), "objectRows": Double(record.nObjects),
                "same": Double(record.summary.oldObjects["same"] ?? 0), "split": Double(record.summary.oldObjects["split"] ?? 0),
                "fillSeconds": fillSeconds, "edgeSeconds": (stages["sources"] ?? end).timeIntervalSince(start),
                "sourceSeconds": since("sources", stages["objects"] ?? end), "objectSeconds": since("objects", stages["indexes"] ?? end),
                "indexSeconds": since("indexes", end), "seconds": end.timeIntervalSince(start), "beforeMegabytes": Double(before) / 1e6,
                "mostMegabytes": Double(residentBytes()) / 1e6,
            ])
        try instance.cluster?.stop(.fast)
    }

    /// Rows may be narrow, and have a month to be in.
    private static func prepare(_ generation: Generation, on owner: Connection) throws {
        for table in ["DiaSource", "DiaObjectLast"] {
            for column in generation.document[table: table]?.columns ?? []
            where !column.isNullable && !["diaSourceId", "diaObjectId", "midpointMjdTai"].contains(column.name) {
                try owner.execute("ALTER TABLE \(generation.table(table)) ALTER COLUMN \"\(column.name)\" DROP NOT NULL")
            }
        }
        let month = TimePartition(mjdTai: 61_000)
        try owner.query(
            "SELECT skyledger.make_time_partition($1, 'DiaSource', $2, $3, $4)",
            [
                .text(generation.schemaName), .text(month.name(of: "DiaSource")), .text("\(month.lowerMjdTai)"),
                .text("\(month.upperMjdTai)"),
            ])
    }

    private static func fill(
        _ generation: Generation, _ sources: CrosswalkSources, _ objects: CrosswalkObjects, _ area: Int, on owner: Connection
    ) throws {
        let count = sources.count
        let places = degrees(sources.positions.x, sources.positions.y, sources.positions.z)
        // Each visit of an area is one of its own, so that the table has them one after the other as nights would.
        let visit = sources.visit.map { Int64(area * MadeReprocessing.visits) + $0 }
        let isNarrow = generation.document[table: "DiaSource"]?[column: "detector"]?.datatype.columnType == .int16
        try owner.copyIn(
            Table([
                Column("diaSourceId", .int64(sources.positions.id)), Column("visit", .int64(visit)),
                isNarrow
                    ? Column("detector", .int16(.init(repeating: 1, count: count)))
                    : Column("detector", .int32(.init(repeating: 1, count: count))),
                Column("diaObjectId", .int64(sources.diaObjectId), validity: Validity(sources.diaObjectId.lazy.map { $0 != 0 })),
                Column("midpointMjdTai", .double(visit.map { 61_000 + Double($0) * 1e-3 })), Column("ra", .double(places.ra)),
                Column("dec", .double(places.dec)), Column("pixelId", .int64(.init(repeating: 0, count: count))),
                Column("tile", .int32(sources.tile.map(Int32.init))),
                Column("disposition", .string(ByteStrings(repeatElement("new", count: count)))),
            ]), to: generation.table("DiaSource"))
        let spots = degrees(objects.positions.x, objects.positions.y, objects.positions.z)
        try owner.copyIn(
            Table([
                Column("diaObjectId", .int64(objects.positions.id)), Column("ra", .double(spots.ra)), Column("dec", .double(spots.dec)),
                Column("pixelId", .int64(.init(repeating: 0, count: objects.count))), Column("tile", .int32(objects.tile.map(Int32.init))),
            ]), to: generation.table("DiaObjectLast"))
    }

    private static func finish(_ generation: Generation, on owner: Connection) throws {
        try owner.execute(
            """
            INSERT INTO \(generation.table("VisitDetector")) ("visit", "detector", "midpointMjdTai", "region", "nDiaSources", "processedMjdTai",
                "digest", "source")
            SELECT "visit", "detector", min("midpointMjdTai"), 'circle 150 -30 0.1', count(*), 61000, sha256('bench'), 'bench'
            FROM \(generation.table("DiaSource")) GROUP BY 1, 2
            """)
        for table in ["DiaSource", "DiaObjectLast"] { try owner.execute("VACUUM ANALYZE \(generation.table(table))") }
    }

    private static func degrees(_ x: [Double], _ y: [Double], _ z: [Double]) -> (ra: [Double], dec: [Double]) {
        let points = x.indices.map { UnitVector(x: x[$0], y: y[$0], z: z[$0]).raDec }
        return (points.map(\.ra), points.map(\.dec))
    }

    /// The most memory that the process held so far.
    private static func residentBytes() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }
}
