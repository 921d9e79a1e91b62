import Foundation

/// A bounded number of connections that several threads share, each used by one thread at a time.
///
///     let pool = ConnectionPool(limit: 8) { try instance.connect(as: .reader) }
///     let rows = try pool.withConnection { try $0.query("SELECT 1") }
///
/// Waiting blocks the thread. `PoolState` decides; this waits, opens and closes.
///
/// - Note: `@unchecked Sendable` because state and connections are touched only while `condition` is held, and a connection that is lent
///   belongs to the one thread that runs its body until it comes back.
public final class ConnectionPool: @unchecked Sendable {
    private let condition = NSCondition()
    private var state: PoolState
    private var connections: [Int: Connection] = [:]
    private let open: @Sendable () throws -> Connection

    /// - Parameter open: makes a connection; called on the thread that needs one.
    public init(limit: Int, open: @escaping @Sendable () throws -> Connection) {
        state = PoolState(limit: limit)
        self.open = open
    }

    /// Lends a connection for the time of the body. A connection that comes back broken or inside a transaction is closed.
    ///
    /// - Parameter patienceSeconds: how long to wait for one.
    /// - Throws: `PostgresError` of kind `.connection` when none became free in time or the pool is closed; what `open` and the body throw.
    public func withConnection<Result>(patienceSeconds: Double = 30, _ body: (Connection) throws -> Result) throws -> Result {
        let (number, connection) = try take(until: Date(timeIntervalSinceNow: patienceSeconds))
        defer { giveBack(number, connection) }
        return try body(connection)
    }

    /// Closes what is idle now and what is lent when it comes back; refuses new requests.
    public func close() {
        condition.withLock {
            for number in state.close() { connections[number] = nil }
            condition.broadcast()
        }
    }

    private func take(until deadline: Date) throws -> (Int, Connection) {
        condition.lock()
        var decision = state.request()
        while true {
            switch decision {
            case .use(let number):
                if let connection = connections[number], connection.isAlive {
                    condition.unlock()
                    return (number, connection)
                }
                // It died while it was idle: another takes its place.
                connections[number] = nil
                _ = state.release(number, isHealthy: false)
                decision = state.request()
            case .open(let number):
                condition.unlock()
                let made = Result { try open() }
                condition.lock()
                state.opened(number, successfully: (try? made.get()) != nil)
                condition.broadcast()
                if case .success(let connection) = made { connections[number] = connection }
                condition.unlock()
                return (number, try made.get())
            case .wait(let waiter):
                guard condition.wait(until: deadline) else {
                    state.giveUp(waiter)
                    condition.broadcast()
                    condition.unlock()
                    throw PostgresError(
                        .connection, "no connection of the pool became free in time: raise its limit or find who holds them")
                }
                decision = state.retry(waiter)
            case .refuse:
                condition.unlock()
                throw PostgresError(.connection, "the pool of connections is closed")
            }
        }
    }

    private func giveBack(_ number: Int, _ connection: Connection) {
        condition.withLock {
            let isHealthy = connection.isAlive && connection.isOutsideTransaction
            if !state.release(number, isHealthy: isHealthy) { connections[number] = nil }
            condition.broadcast()
        }
    }
}
