/// A table in memory, column by column: the one form in which data moves between files, the database and the algorithms.
public struct Table: Sendable, Equatable {
    public private(set) var columns: [Column]
    public private(set) var rowCount: Int
    private var positions: [String: Int]

    /// All columns must have the same number of rows and different names.
    public init(_ columns: [Column]) {
        self.columns = columns
        rowCount = columns.first?.count ?? 0
        positions = [:]
        for (i, column) in columns.enumerated() {
            precondition(column.count == rowCount, "\(column.name) has \(column.count) rows, the table \(rowCount)")
            let earlier = positions.updateValue(i, forKey: column.name)
            precondition(earlier == nil, "two columns are named \(column.name)")
        }
    }

    public init() { self.init([]) }

    public var columnNames: [String] { columns.map(\.name) }

    /// - Complexity: O(1)
    public subscript(name: String) -> Column? { positions[name].map { columns[$0] } }

    /// - Complexity: O(1)
    public func position(of name: String) -> Int? { positions[name] }

    /// Adds the column, or replaces the one of that name in its place.
    public mutating func set(_ column: Column) {
        precondition(columns.isEmpty || column.count == rowCount, "\(column.name) has \(column.count) rows, the table \(rowCount)")
        rowCount = column.count
        if let position = positions[column.name] {
            columns[position] = column
        } else {
            positions[column.name] = columns.count
            columns.append(column)
        }
    }

    public mutating func remove(_ name: String) {
        guard let position = positions[name] else { return }
        let rows = rowCount
        var kept = columns
        kept.remove(at: position)
        self = Table(kept)
        rowCount = rows
    }

    /// The columns named, in that order; nil where one is missing.
    public func selecting(_ names: [String]) -> Table? {
        let chosen = names.compactMap { self[$0] }
        return chosen.count == names.count ? Table(chosen) : nil
    }

    /// The rows named, in that order.
    public func gather(_ rows: [Int]) -> Table { Table(columns.map { $0.gather(rows) }) }

    /// This table's rows and then those of `other`, which must have the same columns, of the same types, in the same order.
    public func appending(_ other: Table) -> Table {
        if columns.isEmpty { return other }
        if other.columns.isEmpty { return self }
        precondition(columns.count == other.columns.count, "tables of \(columns.count) and \(other.columns.count) columns cannot be joined")
        return Table(
            zip(columns, other.columns).map { a, b in
                precondition(a.name == b.name, "columns \(a.name) and \(b.name) cannot be joined")
                var out = a
                out.values.append(b.values)
                if a.validity != nil || b.validity != nil {
                    let first = a.validity ?? Validity(repeating: true, count: a.count)
                    let second = b.validity ?? Validity(repeating: true, count: b.count)
                    var joined = Validity(repeating: true, count: a.count + b.count)
                    for row in 0..<a.count where !first[row] { joined[row] = false }
                    for row in 0..<b.count where !second[row] { joined[a.count + row] = false }
                    out.validity = joined
                }
                return out
            })
    }
}
