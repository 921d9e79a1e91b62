import Columns

/// The alert side of a store: what it issues stands in the transaction that stores the visit-detector, so that both exist or neither.
public protocol AlertIssuing {
    /// How far back the histories of the objects that changed are read for it, months of `SummaryModel.daysPerMonth`.
    var historyMonths: Int { get }

    /// Before the transaction begins.
    /// - Parameter mjdTai: the time that its alerts will be issued at.
    func prepare(mjdTai: Double) throws

    /// After all rows of the visit-detector were written, before the transaction ends. It may be called again, where the transaction is
    /// repeated.
    ///
    /// - Parameter record: puts what is issued into the visit table. To be called once, before locks are taken that other stores wait for.
    func issue(_ visit: StoredVisit, record: (IssuedAlerts) throws -> Void) throws
}

/// What the visit table keeps of the alerts of a visit-detector.
public struct IssuedAlerts: Sendable, Equatable {
    /// Those of the DiaSources that belong to an object.
    public var count: Int
    /// Root of the Merkle tree of their batch; nil where there is none.
    public var root: [UInt8]?
    /// Alerts beside them: below the threshold, and of targets.
    public var others: Int

    public init(count: Int = 0, root: [UInt8]? = nil, others: Int = 0) {
        (self.count, self.root, self.others) = (count, root, others)
    }
}

/// What a store wrote, and what it knew: all that an alert is made of.
public struct StoredVisit {
    public var visitDetector: VisitDetector
    /// When the object versions begin that the store made, MJD TAI.
    public var processedMjdTai: Double
    /// When the histories were read, by the same clock, MJD TAI.
    public var queriedMjdTai: Double
    /// When everything was written, by the same clock, MJD TAI.
    public var writtenMjdTai: Double
    /// Noise of the difference image, nJy; nil where nothing was detected that tells.
    public var diaNoise: Float?
    /// Rows of DiaSource as they were stored, in the order of the request.
    public var diaSources: Table
    /// For each of them the row of `diaObjects`; nil where it belongs to none.
    public var objectOfSource: [Int?]
    /// The versions of DiaObjects that begin with this store.
    public var diaObjects: Table
    /// Earlier DiaSources of these objects, all columns of the document, in no order, those that were withdrawn left out, and for each row
    /// that of its object.
    public var earlierSources: ObjectRows
    /// DiaForcedSources of these objects, those of this visit-detector among them.
    public var forcedSources: ObjectRows
    /// What the search for known objects of the solar system said; nil where nobody looked.
    public var solarSystem: SolarSystemResult?
    /// The rules that it was stored under.
    public var configuration: Configuration
    /// What measures positions on the visit's images, or looks measurements up; nil where nothing does.
    public var forced: (any ForcedPhotometry)?

    public init(
        visitDetector: VisitDetector, processedMjdTai: Double, queriedMjdTai: Double, writtenMjdTai: Double, diaNoise: Float?,
        diaSources: Table, objectOfSource: [Int?], diaObjects: Table, earlierSources: ObjectRows, forcedSources: ObjectRows,
        solarSystem: SolarSystemResult?, configuration: Configuration, forced: (any ForcedPhotometry)? = nil
    ) {
        precondition(objectOfSource.count == diaSources.rowCount, "each source has an object or none")
        (self.visitDetector, self.diaNoise) = (visitDetector, diaNoise)
        (self.processedMjdTai, self.queriedMjdTai, self.writtenMjdTai) = (processedMjdTai, queriedMjdTai, writtenMjdTai)
        (self.diaSources, self.objectOfSource, self.diaObjects) = (diaSources, objectOfSource, diaObjects)
        (self.earlierSources, self.forcedSources) = (earlierSources, forcedSources)
        (self.solarSystem, self.configuration, self.forced) = (solarSystem, configuration, forced)
    }
}

/// Rows of a table, each of an object.
public struct ObjectRows: Sendable {
    public private(set) var rows = Table()
    /// For each row the number of its object.
    public private(set) var object: [Int] = []

    public init() {}

    /// Adds the rows that have an object.
    public mutating func add(_ table: Table, owners: [Int?]) {
        let kept = owners.indices.filter { owners[$0] != nil }
        guard !kept.isEmpty else { return }
        let part = kept.count == owners.count ? table : table.gather(kept)
        rows = rows.rowCount == 0 ? part : rows.appending(part)
        object += kept.map { owners[$0]! }
    }
}
