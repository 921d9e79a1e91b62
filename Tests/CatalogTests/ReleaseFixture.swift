import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import Simulation
import Testing

/// A small survey in pieces of nights, and the same visits as a reprocessing gives them.
final class ReleaseFixture {
    static let visitCount = 12
    let directory: String
    /// Times of the visits, in order.
    let mjd: [Double]
    private var parts: [String] = []

    init(visits: Int = visitCount, sources: Double = 60) throws {
        var survey = SyntheticSurvey()
        survey.visits = visits
        survey.sourcesPerVisit = sources
        (survey.fieldColumns, survey.fieldRows) = (1, 1)
        (survey.detectorColumns, survey.detectorRows) = (2, 1)
        directory = "/tmp/skyledger-release-\(UInt32.random(in: 0 ... .max))"
        _ = try survey.write(to: directory)
        let table = try ParquetReader(path: directory + "/visits.parquet").read()
        let times = Dictionary(zip(table["visit"]!.int64s!, table["mjd"]!.doubles!), uniquingKeysWith: min)
        mjd = times.values.sorted()
    }

    deinit { for path in parts + [directory] { try? FileManager.default.removeItem(atPath: path) } }

    /// Visits by their numbers in the order of time, as a directory of its own.
    /// - Parameter shiftArcsec: how far north a reprocessing puts sources, which then have other identifiers.
    func part(_ range: some Sequence<Int>, shiftArcsec: Double = 0) throws -> String {
        let path = "/tmp/skyledger-release-\(UInt32.random(in: 0 ... .max))"
        parts.append(path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let chosen = Set(range.map { mjd[$0] })
        let table = try ParquetReader(path: directory + "/visits.parquet").read()
        let rows = (0..<table.rowCount).filter { chosen.contains(table["mjd"]!.doubles![$0]) }
        try ParquetWriter.write(table.gather(rows), to: path + "/visits.parquet")
        for visit in Set(rows.map { table["visit"]!.int64s![$0] }) {
            let name = "visit_\(visit).parquet"
            var sources = try ParquetReader(path: "\(directory)/\(name)").read()
            if shiftArcsec != 0 {
                sources.set(Column("dec", .double(sources["dec"]!.doubles!.map { $0 + shiftArcsec / 3600 }), unit: "deg"))
                sources.set(Column("diaSourceId", .int64(sources["diaSourceId"]!.int64s!.map { $0 + 500_000_000_000 })))
            }
            try ParquetWriter.write(sources, to: "\(path)/\(name)")
        }
        return path
    }

    /// After the visits up to a number and before the next.
    func cutoff(after number: Int) -> Double { number + 1 < mjd.count ? (mjd[number] + mjd[number + 1]) / 2 : mjd[number] + 1 }
}

extension TestInstance {
    @discardableResult
    func begin(_ name: String = "DR1", cutoff: Double, schema: String? = nil, configuration: Configuration? = nil) throws
        -> ReleaseBeginning.Outcome
    {
        var beginning = ReleaseBeginning(instance: instance, name: name, cutoffMjdTai: cutoff)
        beginning.schemaPath = schema
        beginning.configuration = configuration
        return try beginning.run()
    }

    @discardableResult
    func releaseLoad(_ path: String, _ name: String = "DR1", allowsMissing: Bool = false) throws -> LoadTask.Summary {
        var options = LoadTask.Options()
        options.target = .release(name)
        options.clock = .visit
        options.allowsMissing = allowsMissing
        return try LoadTask(instance: instance, options: options).run([.visitDirectory(path)])
    }

    @discardableResult
    func catchUp(_ name: String = "DR1") throws -> CatchUp.Outcome {
        var catchUp = CatchUp(instance: instance)
        catchUp.clock = .visit
        return try catchUp.run(name)
    }

    @discardableResult
    func join(_ name: String = "DR1") throws -> Bool {
        try ReleaseJoining(instance: instance).run(name) {
            try catchUp(name)
            return true
        }?.isNew ?? false
    }

    /// Puts a release's generation in the current one's place, or takes it back, as a publication does.
    func swap(_ name: String = "DR1", publish: Bool) throws {
        let connection = try connection(.owner)
        let release = try Releases(connection: connection).named(name)
        let (old, new) = publish ? (release.fromGeneration, release.generation) : (release.generation, release.fromGeneration)
        try GenerationGate.close(on: connection) {
            try connection.execute(
                """
                ALTER SCHEMA apdb RENAME TO "apdb_\(Generation.digits(old))";
                ALTER SCHEMA "apdb_\(Generation.digits(new))" RENAME TO apdb;
                UPDATE skyledger."Generation" SET "state" = '\(publish ? "former" : "next")' WHERE "generationId" = \(old);
                UPDATE skyledger."Generation" SET "state" = 'current' WHERE "generationId" = \(new);
                UPDATE skyledger."Release" SET "state" = '\(publish ? "published" : "loading")' WHERE "release" = '\(name)';
                """)
        }
    }

    /// Visit-detectors and sources of a generation.
    func contents(_ generation: Int) throws -> [String] {
        try rows(
            """
            SELECT v."visit", v."detector", v."nDiaSources", count(s."diaSourceId") AS n
            FROM l1_\(Generation.digits(generation))."VisitDetector" AS v
            LEFT JOIN l1_\(Generation.digits(generation))."DiaSource" AS s USING ("visit", "detector") GROUP BY 1, 2, 3
            """)
    }

    func lag(_ generation: Int) throws -> Int { try Releases(connection: connection()).lag(of: generation) }

    /// The message of what a body throws.
    func failure(_ body: () throws -> Void) -> String {
        do {
            try body()
            return ""
        } catch { return "\(error)" }
    }
}
