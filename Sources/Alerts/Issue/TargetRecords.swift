import Catalog
import Columns
import Schema

/// The rows of alerts on targets, where nothing was detected: a DiaSource that is none, with the flux that was measured at the position.
struct TargetRecords {
    let visit: StoredVisit
    let generation: Generation
    let targets: [TargetLists.Target]

    /// The number of each target's alert at this visit-detector: negative, so that it is no diaSourceId, and the same whenever it is made.
    var ids: [Int64] {
        let digest = LedgerDigest()
        return targets.map { target in
            var name = CanonicalBytes(Array("skyledger-target-1".utf8))
            name.append(visit.visitDetector.visit)
            name.append(visit.visitDetector.detector)
            name.append(target.list)
            name.append(target.name)
            let bits = digest.of(name.bytes).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return -Int64(bits >> 1) - 1
        }
    }

    /// Measurements at the targets, rows of DiaForcedSource, and for each the number of its target.
    ///
    /// - Throws: what measures throws.
    func forced(ids: [Int64]) throws -> ObjectRows {
        var out = ObjectRows()
        guard let forced = visit.forced, !targets.isEmpty else { return out }
        var rows = try forced.measureTargets(
            ForcedRequest(
                visitDetector: visit.visitDetector, diaObjectId: ids, ra: targets.map(\.ra), dec: targets.map(\.dec),
                isWanted: targets.map { _ in true }))
        guard rows.rowCount > 0, let owner = rows["diaObjectId"]?.int64s else { return out }
        let number = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
        // They belong to no object: in packets that is 0.
        rows.set(.nulls("diaObjectId", .int64, count: rows.rowCount))
        if rows["timeProcessedMjdTai"] == nil {
            rows.set(Column("timeProcessedMjdTai", .double(.init(repeating: visit.processedMjdTai, count: rows.rowCount))))
        }
        out.add(rows, owners: owner.map { number[$0] })
        return out
    }

    /// Rows of DiaSource for the targets; fluxes are those measured, null where nobody measured.
    func sources(ids: [Int64], forced: ObjectRows) -> Table {
        let roles = generation.layout.roles
        let definition = generation.document[table: "DiaSource"]!
        let detector = visit.visitDetector
        let count = targets.count
        func constant<T>(_ value: T) -> [T] { .init(repeating: value, count: count) }
        var rowOf = [Int?](repeating: nil, count: count)
        for (row, owner) in forced.object.enumerated() where rowOf[owner] == nil { rowOf[owner] = row }
        func measured(_ name: String) -> Column {
            let values = forced.rows[name]?.singles
            let found = rowOf.map { row in row.flatMap { values?[$0] }.flatMap { $0.isFinite ? $0 : nil } }
            return Column(name, .float(found.map { $0 ?? 0 }), validity: Validity(found.map { $0 != nil }))
        }
        var rows = Table(
            definition.columns.filter { !$0.isNullable && $0.defaultValue == nil }.map {
                Column($0.name, ColumnValues(zeros: $0.datatype.columnType, count: count))
            })
        rows.set(Column("diaSourceId", .int64(ids)))
        rows.set(Column("visit", .int64(constant(detector.visit))))
        rows.set(Column("detector", .int32(constant(detector.detector))))
        rows.set(Column(roles.sourceMidpoint, .double(constant(detector.midpointMjdTai))))
        rows.set(Column("ra", .double(targets.map(\.ra))))
        rows.set(Column(roles.dec, .double(targets.map(\.dec))))
        // Nothing was detected at any pixel.
        for name in ["x", "y"] { rows.set(Column(name, .float(constant(.nan)))) }
        if let band = detector.band { rows.set(Column("band", .string(.init(constant(band))))) }
        rows.set(Column("timeProcessedMjdTai", .double(constant(visit.processedMjdTai))))
        for name in ["psfFlux", "psfFluxErr", "scienceFlux", "scienceFluxErr"] { rows.set(measured(name)) }
        for name in ["diaObjectId", "ssObjectId"] { rows.set(.nulls(name, .int64, count: count)) }
        return rows
    }
}
