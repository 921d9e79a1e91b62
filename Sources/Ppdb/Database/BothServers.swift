import Catalog

/// Runs two pieces of work at once, the second on a thread of its own: two servers work side by side.
///
/// Nothing that is captured crosses to the other thread while this one uses it: the pieces must touch different connections.
func both<A, B: Sendable>(_ first: () throws -> A, _ second: @escaping () throws -> B) throws -> (A, B) {
    nonisolated(unsafe) let work = second
    let other = Background { try work() }
    let a = Result { try first() }
    // Its connection is free again only when it has ended, whatever became of the first.
    let b = Result { try other.value() }
    return (try a.get(), try b.get())
}
