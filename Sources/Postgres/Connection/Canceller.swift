import CLibPQ

/// Asks the server to end the statement that a connection is running. May be used from any thread while the connection waits.
///
/// - Note: `@unchecked Sendable` because libpq documents PQcancel as safe to call from another thread or a signal handler, and the
///   pointer is written once, in `init`, and freed once, in `deinit`.
public final class Canceller: @unchecked Sendable {
    private let handle: OpaquePointer?

    init(_ handle: OpaquePointer?) { self.handle = handle }

    deinit { PQfreeCancel(handle) }

    /// - Returns: whether the request was sent; the statement then ends with SQLSTATE 57014, unless it was done already.
    @discardableResult
    public func cancel() -> Bool {
        guard let handle else { return false }
        var buffer = [CChar](repeating: 0, count: 256)
        return PQcancel(handle, &buffer, Int32(buffer.count)) == 1
    }
}
