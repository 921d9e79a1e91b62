import Association
import Columns
import Schema

/// What a store gathers on its way for those who issue alerts.
struct AlertMaterial {
    var queriedMjdTai = 0.0
    private(set) var diaSources = Table()
    private(set) var objectOfSource: [Int?] = []
    private(set) var diaObjects = Table()
    private(set) var earlier = ObjectRows()
    private(set) var forced = ObjectRows()
    private let document: SchemaDocument

    init(_ document: SchemaDocument) { self.document = document }

    /// Takes what was read of known objects.
    mutating func keep(_ rows: HistoryReader.Rows) {
        keep(earlier: rows.sources, owners: rows.sourceOwners)
        keep(forced: rows.forced, owners: rows.forcedOwners)
    }

    mutating func keep(earlier rows: Table, owners: [Int?]) { earlier.add(whole(rows, "DiaSource"), owners: owners) }

    mutating func keep(forced rows: Table, owners: [Int?]) { forced.add(whole(rows, "DiaForcedSource"), owners: owners) }

    /// The document's columns, in its order; those that the rows lack are null, as they are in the database.
    private func whole(_ rows: Table, _ name: String) -> Table {
        guard rows.rowCount > 0, let definition = document[table: name] else { return Table() }
        return Table(
            definition.columns.map { rows[$0.name] ?? .nulls($0.name, $0.datatype.columnType, count: rows.rowCount) })
    }

    /// Takes what was written.
    mutating func keep(sources: Table, _ object: [Int?], objects: Table) {
        (diaSources, objectOfSource, diaObjects) = (sources, object, objects)
    }
}

extension StoreTransaction {
    /// Keeps earlier sources as they stand after new objects took them.
    func keepAdopted(_ waiting: Table, _ founders: [Int?], _ members: Members) {
        guard request.alerts != nil else { return }
        var rows = waiting
        let ids = founders.map { $0.map { members.objectId[members.founded[$0]]! } }
        rows.set(Column("diaObjectId", .int64(ids.map { $0 ?? 0 }), validity: Validity(ids.map { $0 != nil })))
        material.keep(earlier: rows, owners: founders.map { $0.map { members.known.count + $0 } })
    }

    /// All that alerts are made of, after everything was written.
    func storedVisit(diaNoise: Float?) -> StoredVisit {
        StoredVisit(
            visitDetector: visitDetector, processedMjdTai: processedMjdTai, queriedMjdTai: material.queriedMjdTai,
            writtenMjdTai: clock.mjdTai(of: visitDetector), diaNoise: diaNoise,
            diaSources: material.diaSources, objectOfSource: material.objectOfSource, diaObjects: material.diaObjects,
            earlierSources: material.earlier, forcedSources: material.forced, solarSystem: request.solarSystem,
            configuration: configuration, forced: request.forced)
    }
}
