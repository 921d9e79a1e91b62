import Foundation

/// Work on another thread, and the wait for what it gives.
///
/// - Note: `@unchecked Sendable` because the result is written once, before the group is left, and read only after waiting for that.
public final class Background<Value: Sendable>: @unchecked Sendable {
    private let group = DispatchGroup()
    private var result: Result<Value, any Error>?

    public init(_ work: @escaping @Sendable () throws -> Value) {
        group.enter()
        let thread = Thread { [self] in
            result = Result { try work() }
            group.leave()
        }
        thread.start()
    }

    /// Waits for the work to end.
    public func value() throws -> Value {
        group.wait()
        return try result!.get()
    }
}
