import Synchronization

/// A progress bar that the threads of a run share.
final class SharedProgress: Sendable {
    private let bar: Mutex<ProgressBar>

    init(_ what: String) { bar = Mutex(ProgressBar(what)) }

    func update(done: Int, total: Int) { bar.withLock { $0.update(done: done, total: total) } }
    func end() { bar.withLock { $0.end() } }
}
