import Catalog
import Columns
import Postgres

/// Reads what a check measures by counting.
struct CheckReading {
    let old: Generation
    let new: Generation
    let connection: Connection

    private var names: [String: String] { ReleaseFile.schemas(old, new) }

    func completeness(_ excuses: ExcuseList) throws -> CheckMeasurement.Completeness {
        var out = CheckMeasurement.Completeness()
        out.old = try connection.int64("SELECT count(*) FROM \(old.table("VisitDetector"))") ?? 0
        out.new = try connection.int64("SELECT count(*) FROM \(new.table("VisitDetector"))") ?? 0
        let rows = try connection.query(ReleaseFile.sql("completeness", names))
        var used: Set<ExcuseList.Entry> = []
        for row in 0..<rows.rowCount {
            guard let visit = rows["visit"]?.int64s?[row], let detector = rows["detector"]?.int32s?[row],
                let band = rows["band"]?.strings?[row], let time = rows["midpointMjdTai"]?.doubles?[row]
            else { continue }
            var missing = CheckMeasurement.Missing(visit: visit, detector: detector, band: band, midpointMjdTai: time)
            if let entry = excuses.entry(visit: visit, detector: detector) {
                used.insert(entry)
                missing.excuse = excuses.reasons[entry]
                out.excused += 1
                out.named.append(missing)
            } else {
                out.missing += 1
                if out.missing <= CheckMeasurement.Completeness.namedMax { out.named.append(missing) }
            }
        }
        out.added = out.new - (out.old - Int64(rows.rowCount))
        out.idleExcuses = excuses.reasons.keys.filter { !used.contains($0) }
            .map { entry in entry.detector.map { "\(entry.visit) \($0)" } ?? "\(entry.visit)" }.sorted()
        return out
    }

    func nights() throws -> [CheckMeasurement.Night] {
        let rows = try connection.query(ReleaseFile.sql("night-counts", names))
        guard let band = rows["band"]?.strings, let night = rows["night"]?.int64s, let oldVisits = rows["oldVisitDetectors"]?.int64s,
            let newVisits = rows["newVisitDetectors"]?.int64s, let oldSources = rows["oldSources"]?.int64s,
            let newSources = rows["newSources"]?.int64s
        else { return [] }
        return (0..<rows.rowCount).map {
            CheckMeasurement.Night(
                band: band[$0], night: night[$0], oldVisitDetectors: oldVisits[$0], newVisitDetectors: newVisits[$0],
                oldSources: oldSources[$0], newSources: newSources[$0])
        }
    }

    func lag() throws -> CheckMeasurement.Lag {
        var out = CheckMeasurement.Lag(visitDetectors: Int64(try Releases(connection: connection).lag(of: new.id)))
        let newest = try connection.query(
            """
            SELECT "crosswalk"::bigint AS "crosswalk", "lastChange" FROM skyledger."Crosswalk"
            WHERE "fromGeneration" = $1 AND "toGeneration" = $2 ORDER BY "crosswalk" DESC LIMIT 1
            """, [.int32(Int32(old.id)), .int32(Int32(new.id))])
        guard let crosswalk = newest["crosswalk"]?.int64s?.first, let change = newest["lastChange"]?.int64s?.first else { return out }
        out.crosswalk = Int(crosswalk)
        out.changesSinceCrosswalk =
            try connection.int64(
                ReleaseFile.sql("changes-since", names), [.int32(Int32(old.id)), .int32(Int32(new.id)), .int64(change)]) ?? 0
        return out
    }

    /// - Parameter crosswalk: the newest of the two generations.
    func updates(crosswalk: Int?) throws -> CheckMeasurement.Updates {
        let updates = ReleaseUpdates(connection: connection)
        var out = CheckMeasurement.Updates(
            waiting: try updates.waiting(of: new.id), repeated: try updates.done(of: new.id), left: try updates.left(of: new.id))
        let canWithdraw = [old, new].allSatisfy { $0.document[table: "DiaSource"]?[column: "timeWithdrawnMjdTai"] != nil }
        guard canWithdraw, let crosswalk else { return out }
        let shown = try connection.query(ReleaseFile.sql("withdrawn-shown", names), [.int32(Int32(crosswalk))])
        out.withdrawnShown = shown["n"]?.int64s?.first ?? 0
        out.firstWithdrawnShown = out.withdrawnShown > 0 ? shown["first"]?.int64s?.first : nil
        return out
    }

    func disk(of instance: Instance) throws -> CheckMeasurement.Disk {
        CheckMeasurement.Disk(
            oldBytes: try DiskSpace.bytes(of: old, on: connection), newBytes: try DiskSpace.bytes(of: new, on: connection),
            nights: try connection.int64("SELECT count(DISTINCT floor(\"midpointMjdTai\")) FROM \(new.table("VisitDetector"))") ?? 0,
            freeBytes: instance.cluster == nil ? nil : DiskSpace.free(instance.directory))
    }
}
