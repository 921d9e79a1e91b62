/// The cheapest one-to-one assignment of rows to columns over a sparse matrix, where each row may also stay alone at a fixed cost.
///
/// Successive shortest augmenting paths with potentials: rows enter one by one, and each search is Dijkstra's over reduced costs
/// (R. Jonker and A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment problems", Computing 38,
/// 325, 1987). Staying alone is a column of the row's own. A search never leaves the connected component of its row, so what is
/// decided in one component does not depend on the others.
struct SparseAssignment {
    struct Entry {
        var cost: Double
        var column: Int32
    }

    /// Where each row's entries begin, and the end of the last.
    var starts: [Int]
    /// Entries of a row in ascending order of columns.
    var entries: [Entry]
    var columnCount: Int
    var aloneCost: Double

    /// The column of each row, -1 for those that stay alone. Equal totals are decided by the order of rows and columns.
    /// - Complexity: O(rows * entries * log entries) at worst, with short searches where the cost of staying alone bounds them; memory
    ///   O(rows + columns + entries)
    func solve() -> [Int32] {
        var rows = [RowState](repeating: RowState(potential: aloneCost, column: -1), count: starts.count - 1)
        var columns = [ColumnState](repeating: ColumnState(), count: columnCount)
        rows.withUnsafeMutableBufferPointer { rows in
            columns.withUnsafeMutableBufferPointer { columns in
                starts.withUnsafeBufferPointer { starts in
                    entries.withUnsafeBufferPointer { entries in
                        var search = PathSearch(
                            rows: rows, columns: columns, starts: starts, entries: entries, aloneCost: aloneCost)
                        for root in 0..<rows.count { search.enter(root) }
                    }
                }
            }
        }
        return rows.map(\.column)
    }
}

private struct RowState {
    var potential: Double
    /// -1 while alone.
    var column: Int32
}

private struct ColumnState {
    var potential = 0.0
    /// Length of the shortest path found to it in search `reachedIn`.
    var distance = 0.0
    var reachedIn = -1
    /// The row that holds it, -1 while free.
    var row: Int32 = -1
    /// The row before it on that path.
    var previousRow: Int32 = -1
}

/// The searches of one solution. Its buffers live as long as the call of `solve`.
private struct PathSearch {
    let rows: UnsafeMutableBufferPointer<RowState>
    let columns: UnsafeMutableBufferPointer<ColumnState>
    let starts: UnsafeBufferPointer<Int>
    let entries: UnsafeBufferPointer<SparseAssignment.Entry>
    let aloneCost: Double
    var frontier = CostHeap()
    var settled: [Int32] = []

    /// Assigns the row, moving others along the cheapest path to a free column or to a row that then stays alone.
    mutating func enter(_ root: Int) {
        frontier.removeAll()
        settled.removeAll(keepingCapacity: true)
        // The potential of a new row is free: the largest that leaves no reduced cost negative.
        for k in starts[root]..<starts[root + 1] {
            rows[root].potential = min(rows[root].potential, entries[k].cost - columns[Int(entries[k].column)].potential)
        }
        var loner = root
        var loneDistance = aloneCost - rows[root].potential
        var end = -1
        var length = 0.0
        scan(row: root, from: 0, below: loneDistance, search: root)
        while true {
            guard let nearest = frontier.popMin(), nearest.cost < loneDistance else {
                length = loneDistance
                break
            }
            let column = Int(nearest.column)
            if nearest.cost > columns[column].distance { continue }
            let row = Int(columns[column].row)
            if row < 0 {
                (end, length) = (column, nearest.cost)
                break
            }
            settled.append(nearest.column)
            let alone = nearest.cost + (aloneCost - rows[row].potential)
            if alone < loneDistance { (loner, loneDistance) = (row, alone) }
            scan(row: row, from: nearest.cost, below: loneDistance, search: root)
        }
        raisePotentials(root: root, length: length)
        if end < 0 {
            // The loner gives its column, if it had one, to the rows before it on the path.
            end = Int(rows[loner].column)
            rows[loner].column = -1
            if end < 0 { return }
        }
        shift(to: end, root: root)
    }

    private mutating func scan(row: Int, from base: Double, below limit: Double, search: Int) {
        let potential = rows[row].potential
        for k in starts[row]..<starts[row + 1] {
            let column = Int(entries[k].column)
            // A reduced cost is below zero by rounding at most.
            let distance = base + max(0, entries[k].cost - potential - columns[column].potential)
            if distance >= limit { continue }
            if columns[column].reachedIn == search, columns[column].distance <= distance { continue }
            columns[column].reachedIn = search
            columns[column].distance = distance
            columns[column].previousRow = Int32(truncatingIfNeeded: row)
            frontier.insert(CostHeap.Element(cost: distance, column: entries[k].column))
        }
    }

    /// Keeps all reduced costs at zero or above, and those along the path at zero.
    private func raisePotentials(root: Int, length: Double) {
        rows[root].potential += length
        for column in settled {
            let slack = length - columns[Int(column)].distance
            columns[Int(column)].potential -= slack
            rows[Int(columns[Int(column)].row)].potential += slack
        }
    }

    private func shift(to end: Int, root: Int) {
        var column = end
        while true {
            let row = Int(columns[column].previousRow)
            let given = Int(rows[row].column)
            columns[column].row = Int32(truncatingIfNeeded: row)
            rows[row].column = Int32(truncatingIfNeeded: column)
            if row == root { return }
            column = given
        }
    }
}
