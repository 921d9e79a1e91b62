import Columns

/// Records of several owners, written as an array an owner: light curves of objects, upper limits of positions.
struct GroupedRecords: Sendable {
    private let writer: AvroRowWriter
    /// For each owner where its rows begin; one more at the end.
    private let starts: [Int]

    /// - Parameters:
    ///   - rows: under the names of the record's fields.
    ///   - owner: for each row its owner; rows of others, nil, are left out.
    ///   - order: whether one row comes before another of the same owner.
    init(record: String, of schema: AvroSchema, rows: Table, owner: [Int?], ownerCount: Int, order: (Int, Int) -> Bool) throws {
        var groups = [[Int]](repeating: [], count: ownerCount)
        for (row, owner) in owner.enumerated() { if let owner { groups[owner].append(row) } }
        var starts = [0]
        var sorted: [Int] = []
        sorted.reserveCapacity(owner.count)
        for group in groups {
            sorted += group.sorted(by: order)
            starts.append(sorted.count)
        }
        self.starts = starts
        writer = try AvroRowWriter(record: record, of: schema, table: rows.gather(sorted))
    }

    func count(of owner: Int) -> Int { starts[owner + 1] - starts[owner] }

    /// Writes the owner's records as an array.
    func append(_ owner: Int, to out: inout [UInt8]) { writer.appendArray(rows: starts[owner]..<starts[owner + 1], to: &out) }
}
