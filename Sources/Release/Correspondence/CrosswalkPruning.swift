import Catalog
import Columns
import Postgres

/// Removes versions of a release's crosswalk that a newer one has taken the place of.
///
///     let outcome = try CrosswalkPruning(instance: instance, release: "DR2").run()
///
/// The newest version always stays, and so do those that somebody may still ask for (`Reason`). A version goes in one transaction, which waits
/// for its readers a moment at a time; killed and repeated it goes on. That it was removed is written down, so that PPDBs remove their copies.
public struct CrosswalkPruning {
    let instance: Instance
    let release: String
    /// How often a version is tried that somebody reads, half a second each.
    var attemptsMax = 60

    public init(instance: Instance, release: String) { (self.instance, self.release) = (instance, release) }

    /// What was done.
    public struct Outcome: Sendable, Equatable, Codable {
        public struct Removed: Sendable, Equatable, Codable {
            public var crosswalk: Int
            /// What it took on the disk.
            public var sizeBytes: Int64
        }

        public struct Kept: Sendable, Equatable, Codable {
            public var crosswalk: Int
            public var reason: Reason
            /// The report that names it.
            public var report: String?
        }

        public var release: String
        public var removed: [Removed] = []
        public var kept: [Kept] = []
    }

    /// Why a version stays.
    public enum Reason: String, Sendable, Codable {
        /// It is the newest of the two generations.
        case newest
        /// The newest report of the release, or one that it was published with, was made from it.
        case report
        /// It alone remembers numbers of a generation that is gone.
        case trace
    }

    /// - Parameter progress: versions looked at and in all; false to stop.
    /// - Throws: `CatalogError.unavailable` while a crosswalk is made or traces are under way, `.badRequest` for a release that is not known;
    ///   `PostgresError`. What was removed before stays removed.
    public func run(progress: (Int, Int) -> Bool = { _, _ in true }) throws -> Outcome {
        let owner = try instance.connect(as: .owner)
        let record = try Releases(connection: owner).named(release)
        let versions = try Crosswalks(connection: owner).all().filter {
            $0.fromGeneration == record.fromGeneration && $0.toGeneration == record.generation
        }
        var outcome = Outcome(release: release)
        for (done, version) in versions.enumerated() {
            guard progress(done, versions.count) else { break }
            try retrying {
                try owner.transaction {
                    try CrosswalkMaking.lock(owner)
                    if let kept = try reason(version, record, on: owner) { return outcome.kept.append(kept) }
                    outcome.removed.append(.init(crosswalk: version.crosswalk, sizeBytes: try remove(version.crosswalk, on: owner)))
                }
            }
        }
        _ = progress(versions.count, versions.count)
        return outcome
    }

    /// Nobody queues up behind an attempt for longer than half a second.
    private func retrying(_ body: () throws -> Void) throws {
        for attempt in 1... {
            do { return try body() } catch let error as PostgresError where error.sqlState == "55P03" {
                guard attempt < attemptsMax else {
                    throw CatalogError.unavailable(
                        "a transaction that reads crosswalks does not end: end it, then run the command again, which goes on from here")
                }
            }
        }
    }

    private func reason(_ version: CrosswalkRecord, _ record: ReleaseRecord, on owner: Connection) throws -> Outcome.Kept? {
        let number = version.crosswalk
        let newest = try Crosswalks(connection: owner).newest(from: record.fromGeneration, to: record.generation)
        guard let newest, newest.crosswalk > number else { return .init(crosswalk: number, reason: .newest) }
        let reports = try owner.query(
            """
            SELECT "report" FROM skyledger."ReleaseReport" AS r
            WHERE "release" = $1 AND ("json"::jsonb #>> '{measurement,lag,crosswalk}')::integer = $2
              AND ("report" IN (SELECT "report" FROM skyledger."ReleaseSwap" WHERE "release" = $1)
                   OR "madeAt" = (SELECT max("madeAt") FROM skyledger."ReleaseReport" WHERE "release" = $1))
            LIMIT 1
            """, [.text(release), .int32(Int32(number))])
        if let report = reports["report"]?.strings, report.count == 1 {
            return .init(crosswalk: number, reason: .report, report: report[0])
        }
        let gone = try owner.query(
            """
            SELECT "generationId" AS id FROM skyledger."Generation"
            WHERE "generationId" IN ($1, $2) AND to_regclass(format('%I.%I', "schemaName", 'DiaSource')) IS NULL
            """, [.int32(Int32(record.fromGeneration)), .int32(Int32(record.generation))])
        for generation in gone["id"]?.int32s ?? [] {
            let side = Int(generation) == record.fromGeneration ? "old" : "new"
            if try remembers(number, notIn: newest.crosswalk, side, on: owner) { return .init(crosswalk: number, reason: .trace) }
        }
        return nil
    }

    /// Whether a version has numbers of a side that the newest does not have.
    private func remembers(_ number: Int, notIn newest: Int, _ side: String, on owner: Connection) throws -> Bool {
        for (table, kind) in [("CrosswalkObject", "DiaObjectId"), ("CrosswalkSource", "DiaSourceId")] {
            let key = "\"\(side)\(kind)\""
            let found = try owner.query(
                """
                SELECT EXISTS (
                    SELECT FROM skyledger."\(table)" AS v WHERE v."crosswalk" = \(number) AND v.\(key) IS NOT NULL
                    AND NOT EXISTS (SELECT FROM skyledger."\(table)" AS n WHERE n."crosswalk" = \(newest) AND n.\(key) = v.\(key))) AS "found"
                """)
            if found["found"]?.bools?.first == true { return true }
        }
        return false
    }

    /// - Returns: what it took on the disk.
    private func remove(_ number: Int, on owner: Connection) throws -> Int64 {
        let parts = CrosswalkPartitions(number: number)
        let size = try parts.sizeBytes(on: owner)
        guard try Correspondences.VersionLock.takeAlone(on: owner) else {
            throw CatalogError.unavailable("crosswalks are read by a trace: wait for its end, and run the command again")
        }
        try owner.execute("SET LOCAL lock_timeout = '500ms'")
        try parts.drop(on: owner)
        try owner.run("DELETE FROM skyledger.\"Crosswalk\" WHERE \"crosswalk\" = $1", [.int32(Int32(number))])
        try owner.run(
            """
            INSERT INTO skyledger."ReleaseStep" ("release", "step", "detail")
            VALUES ($1, 'crosswalk', jsonb_build_object('pruned', jsonb_build_array($2::integer)))
            """, [.text(release), .int32(Int32(number))])
        return size
    }
}
