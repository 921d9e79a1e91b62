/// What a pool decides, as a plain value: who gets a connection, who waits, what is opened and closed. It opens and closes nothing itself.
///
/// Connections are named by numbers that the pool gives them; waiters by numbers too, and they are served in the order in which they came.
struct PoolState: Equatable {
    /// Connections at most, used and idle together.
    let limit: Int
    private(set) var idle: [Int] = []
    private(set) var used: Set<Int> = []
    /// Connections that are being opened.
    private(set) var opening: Set<Int> = []
    private(set) var waiters: [Int] = []
    private(set) var isClosed = false
    private var nextConnection = 0
    private var nextWaiter = 0

    init(limit: Int) {
        precondition(limit > 0, "a pool needs room for a connection")
        self.limit = limit
    }

    enum Decision: Equatable {
        /// An idle connection is yours.
        case use(Int)
        /// Open one under this number, and say how it went.
        case open(Int)
        /// Wait under this number.
        case wait(Int)
        case refuse
    }

    /// Somebody wants a connection.
    mutating func request() -> Decision {
        if isClosed { return .refuse }
        // Whoever waits already comes first.
        if waiters.isEmpty, let decision = grant() { return decision }
        nextWaiter += 1
        waiters.append(nextWaiter)
        return .wait(nextWaiter)
    }

    /// A waiter asks again, after something was released.
    mutating func retry(_ waiter: Int) -> Decision {
        if isClosed {
            waiters.removeAll { $0 == waiter }
            return .refuse
        }
        guard waiters.first == waiter, let decision = grant() else { return .wait(waiter) }
        waiters.removeFirst()
        return decision
    }

    /// A waiter gives up.
    mutating func giveUp(_ waiter: Int) { waiters.removeAll { $0 == waiter } }

    private mutating func grant() -> Decision? {
        // The one used last is the likeliest to be alive and warm.
        if let connection = idle.popLast() {
            used.insert(connection)
            return .use(connection)
        }
        guard used.count + opening.count < limit else { return nil }
        nextConnection += 1
        opening.insert(nextConnection)
        return .open(nextConnection)
    }

    /// A connection was opened, or could not be.
    mutating func opened(_ connection: Int, successfully: Bool) {
        opening.remove(connection)
        if successfully { used.insert(connection) }
    }

    /// A connection comes back.
    /// - Returns: whether it is kept; a broken one, or any after the pool was closed, is to be closed.
    mutating func release(_ connection: Int, isHealthy: Bool) -> Bool {
        used.remove(connection)
        guard isHealthy, !isClosed else { return false }
        idle.append(connection)
        return true
    }

    /// - Returns: idle connections, to be closed; the used ones are closed as they come back.
    mutating func close() -> [Int] {
        isClosed = true
        defer { idle = [] }
        return idle
    }
}
