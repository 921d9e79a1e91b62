/// A binary heap of columns by cost, the cheapest first and of equal ones the lowest column.
struct CostHeap {
    struct Element {
        var cost: Double
        var column: Int32

        @inline(__always)
        static func < (a: Element, b: Element) -> Bool { a.cost < b.cost || (a.cost == b.cost && a.column < b.column) }
    }

    private var elements: [Element] = []

    mutating func removeAll() { elements.removeAll(keepingCapacity: true) }

    /// - Complexity: O(log count)
    mutating func insert(_ element: Element) {
        elements.append(element)
        elements.withUnsafeMutableBufferPointer { elements in
            var hole = elements.count - 1
            while hole > 0 {
                let parent = (hole - 1) / 2
                if !(element < elements[parent]) { break }
                elements[hole] = elements[parent]
                hole = parent
            }
            elements[hole] = element
        }
    }

    /// - Complexity: O(log count)
    mutating func popMin() -> Element? {
        guard let first = elements.first, let last = elements.popLast() else { return nil }
        if elements.isEmpty { return first }
        elements.withUnsafeMutableBufferPointer { elements in
            var hole = 0
            while true {
                var child = 2 * hole + 1
                if child >= elements.count { break }
                if child + 1 < elements.count, elements[child + 1] < elements[child] { child += 1 }
                if !(elements[child] < last) { break }
                elements[hole] = elements[child]
                hole = child
            }
            elements[hole] = last
        }
        return first
    }
}
