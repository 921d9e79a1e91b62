import Dispatch
import Foundation

/// Notices Ctrl-C and lets the run stop after the visit at hand; a second Ctrl-C ends it at once, which loses nothing either.
final class Interruption {
    private let source: any DispatchSourceSignal
    private let flag = Flag()

    /// - Parameter message: what the person at the terminal is told.
    init(_ message: String = "stopping after this visit; run the same command again to finish") {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        let flag = self.flag
        source.setEventHandler {
            if flag.raise() { Foundation.exit(130) }
            remark("\n" + message)
        }
        source.resume()
    }

    var isRequested: Bool { flag.isRaised }

    /// `isRequested` for other threads; it is noticed as long as the interruption itself lives.
    var question: @Sendable () -> Bool {
        let flag = self.flag
        return { flag.isRaised }
    }

    /// - Note: `@unchecked Sendable` because its one variable is read and written only while the lock is held.
    private final class Flag: @unchecked Sendable {
        private let lock = NSLock()
        private var raised = false

        /// - Returns: whether it was up already.
        func raise() -> Bool {
            lock.withLock {
                defer { raised = true }
                return raised
            }
        }

        var isRaised: Bool { lock.withLock { raised } }
    }
}
