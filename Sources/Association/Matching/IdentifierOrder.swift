/// The rows that take part in something, in the order of their identifiers.
struct IdentifierOrder {
    /// The rows, each once; equal identifiers in the order of rows.
    let rows: [Int32]
    /// The place of each row in `rows`; -1 for rows that take no part.
    let rank: [Int32]

    /// - Complexity: O(count of ids + r log r) for r different rows
    init(_ rowsWithRepeats: some Sequence<Int32>, ids: [Int64]) {
        var rank = [Int32](repeating: -1, count: ids.count)
        var keys: [(id: Int64, row: Int32)] = []
        for row in rowsWithRepeats where rank[Int(row)] < 0 {
            rank[Int(row)] = 0
            keys.append((ids[Int(row)], row))
        }
        keys.sort { ($0.id, $0.row) < ($1.id, $1.row) }
        for (place, key) in keys.enumerated() { rank[Int(key.row)] = Int32(place) }
        rows = keys.map(\.row)
        self.rank = rank
    }

    /// The values in the order of their rows' places, those of one row in the order given, and where each row's begin (a counting sort).
    /// - Complexity: O(values + rows)
    func sorted(_ values: [Int32], row: (Int32) -> Int32) -> (values: [Int32], starts: [Int]) {
        var starts = [Int](repeating: 0, count: rows.count + 1)
        for value in values { starts[Int(rank[Int(row(value))]) + 1] += 1 }
        for place in rows.indices { starts[place + 1] += starts[place] }
        var next = starts
        var out = [Int32](repeating: 0, count: values.count)
        for value in values {
            let place = Int(rank[Int(row(value))])
            out[next[place]] = value
            next[place] += 1
        }
        return (out, starts)
    }
}
