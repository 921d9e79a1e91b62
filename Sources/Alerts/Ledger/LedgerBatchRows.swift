import Columns

/// Rows of ledger."Batch" as values.
extension LedgerBatch {
    /// The columns that `rows` reads.
    static let selection = """
        "number", "batchId", "generation", "visit", "detector", "kind", "issuedMjdTai", "count", "root", "previousLink", "link"
        """

    static func rows(_ table: Table) -> [LedgerBatch] {
        guard table.rowCount > 0, let number = table["number"]?.int64s, let batchId = table["batchId"]?.int64s,
            let generation = table["generation"]?.int32s, let visit = table["visit"]?.int64s, let detector = table["detector"]?.int32s,
            let kind = table["kind"]?.strings, let issued = table["issuedMjdTai"]?.doubles, let count = table["count"]?.int32s,
            let root = table["root"]?.binaries, let previous = table["previousLink"]?.binaries, let link = table["link"]?.binaries
        else { return [] }
        return (0..<table.rowCount).map { row in
            LedgerBatch(
                number: number[row], batchId: batchId[row],
                key: LedgerBatchKey(generation: generation[row], visit: visit[row], detector: detector[row], kind: kind[row]),
                issuedMjdTai: issued[row], count: count[row], root: Array(root.bytes(at: row)),
                previousLink: Array(previous.bytes(at: row)), link: Array(link.bytes(at: row)))
        }
    }
}
