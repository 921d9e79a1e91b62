import CArrow

/// Rows of another table that belong to each row of a table, for a column that is a struct of lists (light curves of objects).
///
/// It is the form that nested-pandas and lsdb take for a nested frame: all lists of a row are of the same length.
public struct NestedTable: Sendable, Equatable {
    /// The column's name.
    public var name: String
    /// `rowCount + 1` offsets, the first 0: the row `i` owns rows `offsets[i]..<offsets[i + 1]` of `table`.
    public var offsets: [Int32]
    public var table: Table

    public init(_ name: String, offsets: [Int32], table: Table) {
        precondition(offsets.first == 0 && Int(offsets.last!) == table.rowCount, "\(name): offsets and rows differ")
        self.name = name
        self.offsets = offsets
        self.table = table
    }

    /// Rows that own, not those owned.
    public var rowCount: Int { offsets.count - 1 }

    var withoutRows: NestedTable {
        NestedTable(name, offsets: [0], table: Table(table.columns.map { Column($0.name, ColumnValues(zeros: $0.type, count: 0)) }))
    }

    /// What must be the same in all row groups of a file.
    var shape: [String] { [name] + table.columns.map { "\($0.name) \($0.type)" } }
}

extension [Column] {
    /// The memory of all columns as the C functions look at it, for the time of the call.
    func withArrowValues<Result>(_ body: ([carrow_values]) -> Result) -> Result {
        func next(_ index: Int, _ described: [carrow_values]) -> Result {
            index == count ? body(described) : self[index].withArrowValues { next(index + 1, described + [$0.pointee]) }
        }
        return next(0, [])
    }
}
