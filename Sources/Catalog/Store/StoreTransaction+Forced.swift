import Association
import Columns
import Postgres
import Sphere

/// Forced photometry's part of a store: which objects are due, and their rows.
extension StoreTransaction {
    /// All objects on the detector as they are after association, and which of them the rule wants.
    ///
    /// - Parameters: positions and good sources of the objects that change, in the order of `Members`.
    func forcedRequest(_ objects: StoredObjects, _ members: Members, ra: [Double], dec: [Double], good: [Int]) -> ForcedRequest {
        let rules = configuration.forced
        let sourceId = sources["diaSourceId"]?.int64s ?? []
        var request = ForcedRequest(visitDetector: visitDetector, diaObjectId: [], ra: [], dec: [], isWanted: [])
        func add(_ id: Int64, _ ra: Double, _ dec: Double, wanted: Bool) {
            request.diaObjectId.append(id)
            request.ra.append(ra)
            request.dec.append(dec)
            request.isWanted.append(wanted)
        }
        let inside = visitDetector.region.contains(ra: objects.ra, dec: objects.dec)
        let changed = Set(members.known)
        for row in 0..<objects.count where inside[row] && !changed.contains(row) {
            let isRecent = objects.lastDiaSourceMjdTai[row] >= visitDetector.midpointMjdTai - rules.seenWithinDays
            let wanted = isRecent && (rules.rule == .seenRecently || Int(objects.nDiaSourcesGood[row]) >= rules.minimumSources)
            add(objects.diaObjectId[row], objects.ra[row], objects.dec[row], wanted: wanted)
        }
        // Associated in this visit: the time since the last source is nought, whether or not the mean lies on the detector.
        func wanted(_ number: Int) -> Bool { rules.rule == .seenRecently || good[number] >= rules.minimumSources }
        for (number, row) in members.known.enumerated() {
            add(objects.diaObjectId[row], ra[number], dec[number], wanted: wanted(number))
        }
        for (i, row) in members.founded.enumerated() {
            let number = members.known.count + i
            add(sourceId[row], ra[number], dec[number], wanted: wanted(number))
        }
        return request
    }

    /// Stores forced sources, and adds those of changed objects to their histories.
    func storeForced(_ rows: Table, _ objects: StoredObjects, _ members: Members, into history: inout ObjectHistory) throws {
        guard rows.rowCount > 0 else { return }
        var tiles = Dictionary(zip(objects.diaObjectId, objects.tile), uniquingKeysWith: { first, _ in first })
        var numbers: [Int64: Int] = [:]
        for (number, row) in members.known.enumerated() { numbers[objects.diaObjectId[row]] = number }
        for (i, row) in members.founded.enumerated() {
            let id = members.objectId[row]!
            (numbers[id], tiles[id]) = (members.known.count + i, members.tile[row])
        }
        guard let ids = rows["diaObjectId"]?.int64s else {
            throw CatalogError.badRequest("forced sources of visit \(visitDetector.visit) have no column diaObjectId: name their objects")
        }
        if let unknown = ids.first(where: { tiles[$0] == nil }) {
            throw CatalogError.badRequest(
                "a forced source of visit \(visitDetector.visit) detector \(visitDetector.detector) is of DiaObject \(unknown), which is not on the detector: correct the file"
            )
        }
        let owners = ids.map { numbers[$0] }
        history.addForced(rows, owners: owners)
        let writer = ForcedSourceWriter(connection: connection, generation: generation, pixelization: pixelization)
        let stored = try writer.insert(
            rows, tiles: ids.map { tiles[$0]! }, isPrecovery: .init(repeating: false, count: ids.count), processedMjdTai: processedMjdTai)
        if request.alerts != nil { material.keep(forced: stored, owners: owners) }
        counts.diaForcedSources = rows.rowCount
    }
}
