import Testing

@testable import Postgres

@Suite("The pool's decisions") struct PoolStateTests {
    @Test("connections are opened up to the limit, then requests wait and are served in the order in which they came")
    func limitAndOrder() {
        var pool = PoolState(limit: 2)
        let answer1 = pool.request()
        #expect(answer1 == .open(1))
        let answer2 = pool.request()
        #expect(answer2 == .open(2))
        pool.opened(1, successfully: true)
        pool.opened(2, successfully: true)
        let answer3 = pool.request()
        #expect(answer3 == .wait(1))
        let answer4 = pool.request()
        #expect(answer4 == .wait(2))
        let answer5 = pool.release(1, isHealthy: true)
        #expect(answer5)
        let answer6 = pool.retry(2)
        #expect(answer6 == .wait(2))
        let answer7 = pool.request()
        #expect(answer7 == .wait(3))
        let answer8 = pool.retry(1)
        #expect(answer8 == .use(1))
        let answer9 = pool.release(2, isHealthy: false)
        #expect(!answer9)
        let answer10 = pool.retry(2)
        #expect(answer10 == .open(3))
    }

    @Test("a connection that could not be opened leaves its place free, and a waiter that gives up is passed over")
    func failures() {
        var pool = PoolState(limit: 1)
        let answer11 = pool.request()
        #expect(answer11 == .open(1))
        pool.opened(1, successfully: false)
        let answer12 = pool.request()
        #expect(answer12 == .open(2))
        pool.opened(2, successfully: true)
        let answer13 = pool.request()
        #expect(answer13 == .wait(1))
        let answer14 = pool.request()
        #expect(answer14 == .wait(2))
        pool.giveUp(1)
        let answer15 = pool.release(2, isHealthy: true)
        #expect(answer15)
        let answer16 = pool.retry(2)
        #expect(answer16 == .use(2))
    }

    @Test("a closed pool refuses, and what was lent is not kept")
    func closed() {
        var pool = PoolState(limit: 2)
        _ = pool.request()
        pool.opened(1, successfully: true)
        _ = pool.request()
        pool.opened(2, successfully: true)
        let answer17 = pool.release(1, isHealthy: true)
        #expect(answer17)
        let answer18 = pool.close()
        #expect(answer18 == [1])
        let answer19 = pool.request()
        #expect(answer19 == .refuse)
        let answer20 = pool.release(2, isHealthy: true)
        #expect(!answer20)
    }

    @Test("in any sequence of requests and returns no more than the limit are open and nobody waits beside a free one")
    func anySequence() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var pool = PoolState(limit: Int.random(in: 1...4, using: &random))
            var (lent, waiting): ([Int], [Int]) = ([], [])
            func take(_ decision: PoolState.Decision, _ pool: inout PoolState) -> Bool {
                switch decision {
                case .use(let number): lent.append(number)
                case .open(let number):
                    let succeeds = Bool.random(using: &random)
                    pool.opened(number, successfully: succeeds)
                    if succeeds { lent.append(number) }
                case .wait(let waiter):
                    if !waiting.contains(waiter) { waiting.append(waiter) }
                    return false
                case .refuse: Issue.record("nobody closed the pool")
                }
                return true
            }
            for _ in 0..<60 {
                if Bool.random(using: &random) || lent.isEmpty {
                    _ = take(pool.request(), &pool)
                } else {
                    _ = pool.release(lent.remove(at: Int.random(in: lent.indices, using: &random)), isHealthy: Bool.random(using: &random))
                }
                while let first = waiting.first, take(pool.retry(first), &pool) { waiting.removeFirst() }
                #expect(pool.used.count + pool.idle.count <= pool.limit)
                #expect(Set(lent) == pool.used)
                #expect(waiting.isEmpty || pool.used.count == pool.limit)
            }
        }
    }
}
