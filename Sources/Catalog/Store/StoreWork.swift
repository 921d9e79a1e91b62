/// What a store does in one generation, within the transaction that may do the same in another: entry, rows, alerts, announcement.
struct StoreWork {
    private let request: StoreRequest
    private let entry: VisitDetectorEntry
    private let feed: ChangeFeed
    private let transaction: StoreTransaction
    var counts = StoreCounts()

    /// Enters the visit-detector.
    /// - Returns: nil where it stands there already.
    init?(_ store: Store, _ request: StoreRequest, processedMjdTai: Double) throws {
        self.request = request
        entry = VisitDetectorEntry(store, request)
        guard try entry.enter(processedMjdTai: processedMjdTai) else { return nil }
        feed = try ChangeFeed.begin(store.generation, on: store.connection)
        transaction = StoreTransaction(store, request, processedMjdTai: processedMjdTai)
    }

    /// Reads what is there, associates, writes all rows.
    mutating func write() throws {
        let objects = try transaction.objects()
        try entry.refuseKnownSources()
        let (decisions, isLimited) = try request.associate(objects)
        counts = try transaction.write(objects: objects, decisions: decisions)
        counts.isLimited = isLimited
        try entry.complete(counts)
    }

    mutating func issue(_ alerts: any AlertIssuing) throws {
        var (issued, others) = (0, 0)
        try alerts.issue(transaction.storedVisit(diaNoise: entry.diaNoise)) { batch in
            (issued, others) = (batch.count, batch.others)
            try entry.record(batch)
        }
        (counts.alerts, counts.otherAlerts) = (issued, others)
    }

    /// Tells the feed: from here to the commit other changes wait.
    func announce() throws {
        try feed.record(
            .store, rows: counts.insertedRows, visit: request.visitDetector.visit, detector: request.visitDetector.detector)
    }
}
