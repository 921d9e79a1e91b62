import Catalog
import Columns
import Foundation
import Postgres

/// Holds the generation of a release against the one that it is to replace.
///
///     let report = try ReleaseCheck(instance: instance, thresholds: CheckThresholds()).run("DR2")
///     let name = try StoredReports.store(report, on: instance.connect(as: .owner))
///
/// All of it is read at one moment of the database, while stores and readers go on.
public struct ReleaseCheck {
    let instance: Instance
    let thresholds: CheckThresholds
    let excuses: ExcuseList

    public init(instance: Instance, thresholds: CheckThresholds = CheckThresholds(), excuses: ExcuseList = ExcuseList()) {
        self.instance = instance
        self.thresholds = thresholds
        self.excuses = excuses
    }

    /// - Parameter progress: told what is done, of how much, and what comes next; returns false to stop.
    /// - Throws: `CheckError`, `CatalogError` where there is no such release, `PostgresError`.
    public func run(_ name: String, progress: (Int, Int, String) -> Bool = { _, _, _ in true }) throws -> CheckReport {
        let connection = try instance.connect(as: .reader)
        return try connection.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") {
            let release = try Releases(connection: connection).named(name)
            guard !release.state.isClosed else { throw CheckError.closed(release: name, state: release.state.rawValue) }
            try release.requireBegun()
            let measurement = try measure(release, on: connection, progress)
            let digest = thresholds.digest
            return CheckReport(
                release: name, fromGeneration: release.fromGeneration, generation: release.generation, releaseState: release.state.rawValue,
                cutoffMjdTai: release.cutoffMjdTai, piece: release.piece?.label,
                state: try ReleaseState.read(of: release, thresholds: digest, on: connection).digest, thresholds: thresholds,
                thresholdsDigest: digest, measurement: measurement, verdicts: CheckVerdict.all(measurement, thresholds, release: name))
        }
    }

    private func measure(_ release: ReleaseRecord, on connection: Connection, _ progress: (Int, Int, String) -> Bool) throws
        -> CheckMeasurement
    {
        let steps = 6
        func next(_ done: Int, _ what: String) throws { guard progress(done, steps, what) else { throw CheckError.interrupted } }
        let old = try instance.generation(release.fromGeneration, on: connection)
        let new = try instance.generation(release.generation, on: connection)
        let reading = CheckReading(old: old, new: new, connection: connection)
        var out = CheckMeasurement()
        try next(0, "completeness")
        out.completeness = try reading.completeness(excuses)
        try next(1, "counts by band and night")
        out.nights = try reading.nights()
        try next(2, "sources of the crosswalk")
        out.lag = try reading.lag()
        out.updates = try reading.updates(crosswalk: out.lag.crosswalk)
        if let crosswalk = out.lag.crosswalk {
            out.sources = try SourceComparisonReader(old: old, new: new, crosswalk: crosswalk, connection: connection).read {
                progress(2, steps, "month \($0) of \($1)")
            }
            if out.sources == nil { throw CheckError.interrupted }
        }
        out.copied = try CopiedRowsReader(old: old, new: new, connection: connection).read {
            progress(2, steps, "what was taken over, part \($0) of \($1)")
        }
        out.invariants = try Doctor.checks(of: new, on: connection) { try next(3, $0) }.map {
            CheckMeasurement.Invariant(check: $0.check, faults: $0.faults)
        }
        try next(4, "PPDB")
        out.ppdb = try PpdbReadiness(instance: instance, connection: connection).read(old: old.id, new: new.id)
        try next(5, "disk")
        out.disk = try reading.disk(of: instance)
        try next(6, "")
        return out
    }
}
