/// What a publisher did.
public struct PublicationSummary: Codable, Sendable, Equatable {
    /// Alerts of a batch that were sent a second time since a publisher before ended without seeing them acknowledged. Readers of the topic
    /// may have them twice, with the same bytes.
    public struct Repeat: Codable, Sendable, Equatable {
        public var batch: Int64
        public var visit: Int64
        public var detector: Int32
        /// From 0.
        public var firstPlace: Int
        public var alerts: Int
        public var firstAlertId: Int64
        public var lastAlertId: Int64
    }

    public var channel: String
    /// Batches that were completed.
    public var batches = 0
    /// Alerts that were acknowledged.
    public var alerts = 0
    /// Of their packets.
    public var bytes = 0
    public var seconds = 0.0
    /// Of the alerts, those that may be in the topic twice.
    public var possiblyRepeated = 0
    public var repeats: [Repeat] = []
    /// Number of the last batch that was completed; nil where none was.
    public var lastBatch: Int64?
    /// From the batch's record in the ledger to the acknowledgement of the alert, seconds; 0 where none was sent.
    public var latencyP50Seconds = 0.0
    public var latencyP90Seconds = 0.0
    public var latencyP99Seconds = 0.0
    public var latencyMaxSeconds = 0.0

    init(channel: String) { self.channel = channel }

    mutating func take(_ latency: LatencyHistogram) {
        guard latency.count > 0 else { return }
        latencyP50Seconds = latency.percentileSeconds(0.5)
        latencyP90Seconds = latency.percentileSeconds(0.9)
        latencyP99Seconds = latency.percentileSeconds(0.99)
        latencyMaxSeconds = latency.maxSeconds
    }
}
