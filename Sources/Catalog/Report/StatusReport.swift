import Columns
import Postgres

/// What is in an instance.
public struct StatusReport: Sendable {
    public struct Part: Sendable, Equatable {
        public var table: String
        public var partition: String?
        public var rows: Int64
        public var bytes: Int64
    }

    public var schemaVersion: String
    public var generation: String
    public var pixelization: String
    public var visits: Int64
    public var visitDetectors: Int64
    /// Which generations made them.
    public var makers: [Releases.Maker]
    public var nights: Int64
    public var firstMidpointMjdTai: Double?
    public var lastMidpointMjdTai: Double?
    public var lastStoredAt: String?
    /// Rows are counted, not estimated. Bytes are those of table and indexes on disk.
    public var parts: [Part]

    public init(on connection: Connection, instance: Instance) throws {
        let current = try instance.currentGeneration(on: connection)
        schemaVersion = current.document.version?.description ?? "none"
        generation = current.schemaName
        pixelization = try Settings.frozen("pixelization", on: connection)
        let visits = try connection.query(SQLFile.load("report/visits", current.names))
        func integer(_ name: String) -> Int64 {
            visits[name].flatMap { $0.isNull(0) ? nil : ($0.int64s?[0] ?? $0.doubles.map { Int64($0[0]) }) } ?? 0
        }
        func real(_ name: String) -> Double? { visits[name].flatMap { $0.isNull(0) ? nil : $0.doubles?[0] } }
        self.visits = integer("visits")
        visitDetectors = integer("visitDetectors")
        makers = try Releases(connection: connection).makers(of: current.id)
        nights = integer("nights")
        firstMidpointMjdTai = real("firstMidpointMjdTai")
        lastMidpointMjdTai = real("lastMidpointMjdTai")
        lastStoredAt = visits["lastStoredAt"].flatMap { $0.isNull(0) ? nil : $0.strings?[0] }
        let tables = try connection.query(SQLFile.load("report/tables"), [.text(current.schemaName)])
        parts = try (0..<tables.rowCount).map { row in
            let (table, partition) = (tables["table"]!, tables["partition"]!)
            let name = partition.isNull(row) ? table.strings![row] : partition.strings![row]
            return Part(
                table: table.strings![row], partition: partition.isNull(row) ? nil : name,
                rows: try connection.int64("SELECT count(*) FROM \(current.table(name))") ?? 0,
                bytes: tables["tableBytes"]!.int64s![row] + tables["indexBytes"]!.int64s![row])
        }
    }

    /// Rows of a table over all of its partitions.
    public func rows(of table: String) -> Int64 { parts.filter { $0.table == table }.reduce(0) { $0 + $1.rows } }
}
