import Association
import Columns
import Postgres
import Schema
import Sphere

/// The one transaction in which a visit-detector is stored, whole or not at all. Used inside `Store.store`.
///
/// Order of locks: the visit-detector's entry, then the tiles that its region touches, in ascending order. Two transactions that could
/// see the same objects share a tile, so the second waits and then reads what the first stored.
final class StoreTransaction {
    let connection: Connection
    let generation: Generation
    let pixelization: any Pixelization
    let configuration: Configuration
    let request: StoreRequest
    /// The request's, those of known objects of the solar system marked.
    let sources: Table
    let processedMjdTai: Double
    let clock: ProcessingClock
    var counts = StoreCounts()
    /// What alerts are made of; filled where some are to be issued.
    var material: AlertMaterial

    var visitDetector: VisitDetector { request.visitDetector }
    var roles: ColumnRoles { generation.layout.roles }

    init(_ store: Store, _ request: StoreRequest, processedMjdTai: Double) {
        connection = store.connection
        generation = store.generation
        pixelization = store.pixelization
        configuration = store.configuration
        self.request = request
        sources = request.identifiedSources
        self.processedMjdTai = processedMjdTai
        clock = store.clock
        material = AlertMaterial(store.generation.document)
    }

    /// What may hold objects that the visit-detector's sources belong to.
    private(set) lazy var neighbourhood: Region = visitDetector.region.padded(by: request.padding)
    private(set) lazy var pixelRanges: [ClosedRange<Int64>] = Array(pixelization.envelope(of: neighbourhood, maxRanges: 64).ranges)

    /// Locks the neighbourhood and reads its objects.
    func objects() throws -> StoredObjects {
        material.queriedMjdTai = clock.mjdTai(of: visitDetector)
        try TileLocks(connection: connection, generation: generation)
            .take(Array(pixelization.tileEnvelope(of: neighbourhood).ranges))
        let known = Set(generation.document[table: "DiaObjectLast"]!.columns.map(\.name))
        let rows = PixelScan(pixelRanges).rows(of: generation.table("DiaObjectLast"), as: "o")
        return try StoredObjects(connection.copyOut("SELECT \(StoredObjects.selection(roles, known)) FROM \(rows)"), dec: roles.dec)
    }

    static func array(_ values: [Int64]) -> String { "'{\(values.map(String.init).joined(separator: ","))}'::bigint[]" }
}
