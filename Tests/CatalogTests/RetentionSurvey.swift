import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import Simulation

/// A synthetic survey over 20 months, loaded with forced photometry by its own clock, and a change feed as replication keeps it.
final class RetentionSurvey {
    static let startMjdTai = 60_000.0
    static let visits = 40
    /// Between the last visit and the next month: months that end before MJD 60250 are past twelve of thirty days.
    static let nowMjdTai = 60_610.0
    static let removedMonths = 2000..<2008

    let test: TestInstance
    let directory: String
    let generation: Generation

    init(sources: Double = 24, load count: Int = visits) throws {
        var survey = SyntheticSurvey()
        survey.visits = Self.visits
        (survey.fieldColumns, survey.fieldRows) = (1, 1)
        (survey.detectorColumns, survey.detectorRows) = (1, 1)
        survey.sourcesPerVisit = sources
        survey.revisitDays = 15.2
        survey.startMjdTai = Self.startMjdTai
        directory = "/tmp/skyledger-retention-\(UInt32.random(in: 0 ... .max))"
        _ = try survey.write(to: directory)
        test = try TestInstance()
        generation = try test.instance.currentGeneration(on: test.connection())
        try load(0..<count)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Loads visits by number, stamped with their own times.
    @discardableResult
    func load(_ range: Range<Int>) throws -> Int {
        let (store, visits) = (try store(), try VisitDirectory(directory, generation: generation))
        var stored = 0
        for visit in range { stored += try Self.load(visit, of: visits, into: store) }
        return stored
    }

    func store() throws -> Store { try Self.store(test.instance, generation) }

    static func store(_ instance: Instance, _ generation: Generation) throws -> Store {
        var rules = Configuration()
        rules.forced.minimumSources = 1
        let connection = try instance.connect(as: .ingest)
        return try Store(
            connection: connection, generation: generation, pixelization: instance.pixelization(on: connection), clock: .visit,
            configuration: rules)
    }

    /// - Returns: how many visit-detectors were stored that were not there.
    static func load(_ visit: Int, of visits: VisitDirectory, into store: Store) throws -> Int {
        try visits.prepare(visit).reduce(0) { stored, piece in
            if case .stored = try VisitDetectorLoad(forced: QueryForced()).run(piece, in: store) { return stored + 1 }
            return stored
        }
    }

    /// The change feed and the replica's bookkeeping by the contract of replication, with a change and a chunk a month; those before a month
    /// are verified.
    func replicate(verifiedBefore month: Int, at verified: String = "2024-01-01T00:00:00Z") throws {
        let owner = try test.connection(.owner)
        try owner.execute(
            """
            UPDATE \(generation.table("DiaSource")) SET "replicaKey" = floor("midpointMjdTai" / 30);
            UPDATE \(generation.table("DiaForcedSource")) SET "replicaKey" = floor("midpointMjdTai" / 30);
            UPDATE \(generation.table("DiaObject")) SET "replicaKey" = floor("validityStartMjdTai" / 30) WHERE "validityEndMjdTai" IS NOT NULL;
            UPDATE \(generation.table("UpdateRecord")) SET "replicaKey" = floor("updateMjdTai" / 30);
            TRUNCATE skyledger."Change", skyledger."ReplicaChunk", skyledger."ReplicaExport";
            INSERT INTO skyledger."ReplicaChunk" ("chunk", "firstChange", "lastChange", "nRows", "sizeBytes")
            SELECT k - 1990, k - 1994, k - 1994, 1, 1 FROM generate_series(1995, 2021) AS k;
            INSERT INTO skyledger."Change" ("replicaKey", "generation", "kind", "nRows", "sizeBytes", "chunk")
            SELECT k, 1, 'store', 1, 1, k - 1990 FROM generate_series(1995, 2021) AS k ORDER BY k;
            INSERT INTO skyledger."ReplicaExport" SELECT 'ppdb', "chunk", '\(verified)',
                CASE WHEN "replicaKey" < \(month) THEN timestamptz '\(verified)' END FROM skyledger."Change";
            """)
    }

    func retention(_ stage: @escaping (Retention.Stage) throws -> Void = { _ in }) throws -> Retention {
        try Retention(test.instance, stage: stage)
    }

    /// Applies the plan of the survey's end.
    @discardableResult
    func apply(unverified: Set<String> = [], _ stage: @escaping (Retention.Stage) throws -> Void = { _ in }) throws -> Retention.Outcome {
        try retention(stage).apply(nowMjdTai: Self.nowMjdTai, unverified: unverified, byWordOf: "tester")
    }

    /// Numbers of the months that a table has partitions of, which hold rows.
    func months(_ table: String) throws -> [Int] {
        let parent = table == "DiaObject" ? "DiaObject_closed" : table
        let names = try test.connection().query(
            """
            SELECT c.relname::text AS name FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
            WHERE i.inhparent = $1::text::regclass
            """, [.text(generation.table(parent))])
        return (0..<names.rowCount).compactMap { Int(names["name"]!.strings![$0].dropFirst(table.count + 1)) }.sorted()
    }

    /// A digest of the rows of each table, and what retention says that it did.
    func state() throws -> [String] {
        let connection = try test.connection()
        var out: [String] = []
        for table in ["DiaSource", "DiaForcedSource", "DiaObject", "DiaObjectLast", "VisitDetector"] {
            let left = table == "VisitDetector" ? "(to_jsonb(t) - 'storedAt' - 'source')" : "to_jsonb(t)"
            let digest = try connection.text(
                "SELECT md5(coalesce(string_agg(\(left)::text, ',' ORDER BY \(left)::text), '')) FROM \(generation.table(table)) AS t")
            out.append("\(table) \(digest ?? "")")
        }
        let records = try connection.query(
            """
            SELECT "tableName" || ' ' || coalesce("partition", '') || ' ' || sum("nRows") || ' ' || bit_xor("fingerprint") || ' '
                   || bool_and("isVerified") AS line
            FROM skyledger."RetentionRecord" WHERE "state" = 'done' GROUP BY "tableName", "partition" ORDER BY 1
            """)
        out += (0..<records.rowCount).map { records["line"]!.strings![$0] }
        return out
    }
}
