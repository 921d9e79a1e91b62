import Foundation

/// The results of pieces of work in order, computed ahead on a thread of their own, a bounded number at a time.
final class Prefetch<Element: Sendable>: Sequence, IteratorProtocol {
    private let queue: Queue
    private var taken = 0
    private let total: Int

    init(_ work: [@Sendable () throws -> Element], ahead: Int = 4) {
        total = work.count
        let queue = Queue(limit: ahead)
        self.queue = queue
        Thread.detachNewThread {
            for piece in work {
                let result = Result { try piece() }
                if !queue.put(result) { return }
                if case .failure = result { return }
            }
        }
    }

    deinit { queue.close() }

    func next() -> Result<Element, Error>? {
        guard taken < total else { return nil }
        taken += 1
        let result = queue.take()
        if case .failure = result { taken = total }
        return result
    }

    /// A bounded queue between two threads.
    ///
    /// - Note: `@unchecked Sendable` because every access to its state is made while it holds `condition`.
    private final class Queue: @unchecked Sendable {
        private let condition = NSCondition()
        private var items: [Result<Element, Error>] = []
        private let limit: Int
        private var isClosed = false

        init(limit: Int) { self.limit = limit }

        func put(_ item: Result<Element, Error>) -> Bool {
            condition.withLock {
                while items.count >= limit, !isClosed { condition.wait() }
                items.append(item)
                condition.broadcast()
                return !isClosed
            }
        }

        func take() -> Result<Element, Error> {
            condition.withLock {
                while items.isEmpty { condition.wait() }
                defer { condition.broadcast() }
                return items.removeFirst()
            }
        }

        func close() {
            condition.withLock {
                isClosed = true
                condition.broadcast()
            }
        }
    }
}
