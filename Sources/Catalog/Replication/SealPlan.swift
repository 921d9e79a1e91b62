/// How the feed is cut into chunks: pure, from the changes that stand in no chunk yet to the chunks to be made of them.
public struct SealPlan: Sendable, Equatable {
    /// When a chunk is full.
    public struct Limits: Sendable, Equatable {
        /// Bytes of rows; a single change may have more.
        public var sizeBytes: Int64 = 64 << 20
        public var rows: Int64 = 1_000_000
        /// Seconds after which a chunk is closed although there is room in it.
        public var ageSeconds: Double = 600

        public init() {}
    }

    /// A change as the plan sees it.
    public struct Change: Sendable, Equatable {
        public var change: Int64
        public var nRows: Int64
        public var sizeBytes: Int64
        /// Seconds since it was recorded.
        public var ageSeconds: Double

        public init(change: Int64, nRows: Int64, sizeBytes: Int64, ageSeconds: Double) {
            self.change = change
            self.nRows = nRows
            self.sizeBytes = sizeBytes
            self.ageSeconds = ageSeconds
        }
    }

    /// A chunk to be made.
    public struct Chunk: Sendable, Equatable {
        public var firstChange: Int64
        public var lastChange: Int64
        public var nRows: Int64
        public var sizeBytes: Int64
    }

    public private(set) var chunks: [Chunk] = []

    /// - Parameters:
    ///   - changes: those in no chunk, in order and without gaps.
    ///   - sealsAll: whether the rest is closed too, whatever its size and age.
    public init(_ changes: some Sequence<Change>, limits: Limits, sealsAll: Bool) {
        var open: Chunk?
        var oldest = 0.0
        for change in changes {
            if let full = open, full.sizeBytes + change.sizeBytes > limits.sizeBytes || full.nRows + change.nRows > limits.rows {
                chunks.append(full)
                open = nil
            }
            if open == nil {
                open = Chunk(firstChange: change.change, lastChange: change.change, nRows: 0, sizeBytes: 0)
                oldest = change.ageSeconds
            }
            open!.lastChange = change.change
            open!.nRows += change.nRows
            open!.sizeBytes += change.sizeBytes
        }
        guard let open else { return }
        if sealsAll || oldest >= limits.ageSeconds || open.sizeBytes >= limits.sizeBytes || open.nRows >= limits.rows {
            chunks.append(open)
        }
    }
}
