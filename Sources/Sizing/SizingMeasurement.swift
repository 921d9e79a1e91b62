/// What an instance takes on disk, and what each visit brought: all measured, by `SizingMeter` of the room Catalog.
public struct SizingMeasurement: Codable, Sendable, Equatable {
    /// When it was measured, UTC.
    public var measuredAt: String
    public var generation: String
    public var schemaVersion: String
    /// Of the current generation, the ledger and the bookkeeping.
    public var relations: [Relation]
    public var beside: [Beside]
    public var indexes: [Index]
    public var columns: [ColumnCost]
    /// In order of time.
    public var visits: [Visit]
    /// Mean bytes of an object version by the night of its newest source.
    public var versionWidths: [NightWidth]
    public var ledgerMonths: [LedgerMonth]
    /// Nil where no alert was issued for an object.
    public var packets: PacketSizes?
    /// Nil where the instance has no image cache.
    public var images: [ImageKind]?
    public var server: Server

    public init(
        measuredAt: String = "", generation: String = "", schemaVersion: String = "", relations: [Relation] = [], beside: [Beside] = [],
        indexes: [Index] = [], columns: [ColumnCost] = [], visits: [Visit] = [], versionWidths: [NightWidth] = [],
        ledgerMonths: [LedgerMonth] = [],
        packets: PacketSizes? = nil, images: [ImageKind]? = nil,
        server: Server = Server()
    ) {
        self.measuredAt = measuredAt
        self.generation = generation
        self.schemaVersion = schemaVersion
        self.relations = relations
        self.beside = beside
        self.indexes = indexes
        self.columns = columns
        self.visits = visits
        self.versionWidths = versionWidths
        self.ledgerMonths = ledgerMonths
        self.packets = packets
        self.images = images
        self.server = server
    }

    /// A table, or one leaf partition of it.
    public struct Relation: Codable, Sendable, Equatable {
        public var schema: String
        public var table: String
        /// Nil for a table that is not partitioned.
        public var partition: String?
        public var rows: Int64
        /// Whether the rows were counted; else they are the server's estimate.
        public var isCounted: Bool
        public var heapBytes: Int64
        public var mapBytes: Int64
        public var toastBytes: Int64
        public var indexBytes: Int64
        public var indexCount: Int
        /// Bytes of the heap that no live row takes, by the mean width of a sample of rows; nil where rows have parts in TOAST.
        public var freeBytes: Int64?

        public init(
            schema: String, table: String, partition: String?, rows: Int64, isCounted: Bool = true, heapBytes: Int64, mapBytes: Int64 = 0,
            toastBytes: Int64 = 0, indexBytes: Int64, indexCount: Int, freeBytes: Int64? = nil
        ) {
            self.schema = schema
            self.table = table
            self.partition = partition
            self.rows = rows
            self.isCounted = isCounted
            self.heapBytes = heapBytes
            self.mapBytes = mapBytes
            self.toastBytes = toastBytes
            self.indexBytes = indexBytes
            self.indexCount = indexCount
            self.freeBytes = freeBytes
        }

        public var bytes: Int64 { heapBytes + mapBytes + toastBytes + indexBytes }
        public var bytesPerRow: Double? { rows > 0 ? Double(bytes) / Double(rows) : nil }
    }

    public struct Index: Codable, Sendable, Equatable {
        public var schema: String
        public var table: String
        public var partition: String
        public var index: String
        public var method: String
        public var bytes: Int64

        public init(schema: String, table: String, partition: String, index: String, method: String, bytes: Int64) {
            self.schema = schema
            self.table = table
            self.partition = partition
            self.index = index
            self.method = method
            self.bytes = bytes
        }
    }

    /// Where a number about a column comes from.
    public enum Source: String, Codable, Sendable {
        /// The statistics that ANALYZE keeps (pg_stats).
        case statistics
        /// A sample of the rows (pg_column_size).
        case sample
        /// Some partitions by the one, some by the other.
        case both
    }

    public struct ColumnCost: Codable, Sendable, Equatable {
        public var table: String
        public var column: String
        /// Mean bytes of a value that is there.
        public var width: Double
        public var nullFraction: Double
        /// Rows that have a value, times the width.
        public var bytes: Double
        public var source: Source

        public init(table: String, column: String, width: Double, nullFraction: Double, bytes: Double, source: Source) {
            self.table = table
            self.column = column
            self.width = width
            self.nullFraction = nullFraction
            self.bytes = bytes
            self.source = source
        }
    }

    /// What one visit brought.
    public struct Visit: Codable, Sendable, Equatable {
        public var visit: Int64
        /// MJD of the noon that the night began with, at Cerro Pachon.
        public var night: Int64
        public var midpointMjdTai: Double
        public var detectors: Int64
        public var diaSources: Int64
        public var diaForcedSources: Int64
        public var diaObjectsNew: Int64
        public var diaObjectsUpdated: Int64
        public var ssSources: Int64
        public var alerts: Int64
        /// Bytes of its alerts' packets before and after compression.
        public var packetBytes: Int64
        public var packetStoredBytes: Int64

        public init(
            visit: Int64, night: Int64, midpointMjdTai: Double, detectors: Int64, diaSources: Int64, diaForcedSources: Int64,
            diaObjectsNew: Int64, diaObjectsUpdated: Int64, ssSources: Int64, alerts: Int64, packetBytes: Int64 = 0,
            packetStoredBytes: Int64 = 0
        ) {
            self.visit = visit
            self.night = night
            self.midpointMjdTai = midpointMjdTai
            self.detectors = detectors
            self.diaSources = diaSources
            self.diaForcedSources = diaForcedSources
            self.diaObjectsNew = diaObjectsNew
            self.diaObjectsUpdated = diaObjectsUpdated
            self.ssSources = ssSources
            self.alerts = alerts
            self.packetBytes = packetBytes
            self.packetStoredBytes = packetStoredBytes
        }

        /// Object versions that it made: of new objects, and of those that were there.
        public var versions: Int64 { diaObjectsNew + diaObjectsUpdated }
    }

    public struct NightWidth: Codable, Sendable, Equatable {
        public var night: Int64
        /// Mean bytes of a row.
        public var width: Double
        /// Rows that the mean is of.
        public var rows: Int64

        public init(night: Int64, width: Double, rows: Int64) {
            self.night = night
            self.width = width
            self.rows = rows
        }
    }

    /// How an alert's packet grows with the history in it: a straight line through the newest alerts of a sample of objects.
    public struct PacketSizes: Codable, Sendable, Equatable {
        public var alerts: Int64
        public var baseBytes: Double
        public var bytesPerHistoryRow: Double
        /// Bytes after compression over bytes before.
        public var storedFraction: Double

        public init(alerts: Int64, baseBytes: Double, bytesPerHistoryRow: Double, storedFraction: Double) {
            self.alerts = alerts
            self.baseBytes = baseBytes
            self.bytesPerHistoryRow = bytesPerHistoryRow
            self.storedFraction = storedFraction
        }
    }

    public struct LedgerMonth: Codable, Sendable, Equatable {
        /// Of issue, UTC, "2026-11".
        public var month: String
        public var alerts: Int64
        public var packetBytes: Int64
        public var packetStoredBytes: Int64

        public init(month: String, alerts: Int64, packetBytes: Int64, packetStoredBytes: Int64) {
            self.month = month
            self.alerts = alerts
            self.packetBytes = packetBytes
            self.packetStoredBytes = packetStoredBytes
        }
    }

    public struct ImageKind: Codable, Sendable, Equatable {
        public var kind: String
        public var files: Int64
        public var bytes: Int64

        public init(kind: String, files: Int64, bytes: Int64) {
            self.kind = kind
            self.files = files
            self.bytes = bytes
        }
    }

    /// The server's files. What nil says could not be seen from here: a server elsewhere shows its folder to nobody.
    public struct Server: Codable, Sendable, Equatable {
        public var databaseBytes: Int64
        public var walBytes: Int64?
        public var walLimitBytes: Int64
        public var otherBytes: Int64?

        public init(databaseBytes: Int64 = 0, walBytes: Int64? = nil, walLimitBytes: Int64 = 0, otherBytes: Int64? = nil) {
            self.databaseBytes = databaseBytes
            self.walBytes = walBytes
            self.walLimitBytes = walLimitBytes
            self.otherBytes = otherBytes
        }
    }
}
