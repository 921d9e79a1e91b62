/// Follows the chain from batch to batch and says where it does not hold. Pure: batches come in the order of their numbers.
struct ChainCheck {
    private(set) var newest: LedgerBatch?
    private var expected: Int64
    private var link: [UInt8]
    private let digest = LedgerDigest()

    /// - Parameter previous: the batch before the first; nil for the beginning of the chain.
    init(after previous: LedgerBatch?) {
        expected = (previous?.number ?? 0) + 1
        link = previous?.link ?? LedgerBatch.origin
    }

    mutating func add(_ batch: LedgerBatch) -> [LedgerFault] {
        var faults: [LedgerFault] = []
        if batch.number > expected {
            let many = batch.number - expected
            var fault = LedgerFault(
                .batchMissing, in: nil,
                many == 1
                    ? "batch \(expected) is missing: \(batch.name) comes after batch \(expected - 1)"
                    : "batches \(expected) to \(batch.number - 1) are missing: \(batch.name) comes after batch \(expected - 1)")
            fault.batch = expected
            faults.append(fault)
        }
        if batch.previousLink != link {
            faults.append(LedgerFault(.chainBroken, in: batch, "\(batch.name) does not continue the batch before it"))
        }
        if batch.expectedLink(by: digest) != batch.link {
            faults.append(LedgerFault(.batchChanged, in: batch, "\(batch.name) was changed: its link is not that of its header and root"))
        }
        expected = batch.number + 1
        link = batch.link
        newest = batch
        return faults
    }

    /// What a receipt says of the chain, once all was added.
    /// - Parameter batch: the chain's batch of the receipt's number, if it has one.
    static func faults(of receipt: LedgerReceipt, batch: LedgerBatch?, newest: LedgerBatch?) -> [LedgerFault] {
        guard let batch else {
            var fault = LedgerFault(
                .batchMissing, in: nil,
                "the receipt is of batch \(receipt.number) and the chain ends with \(newest.map { "batch \($0.number)" } ?? "none"): batches are missing at its end"
            )
            fault.batch = (newest?.number ?? 0) + 1
            return [fault]
        }
        guard batch.link.hexadecimal != receipt.link else { return [] }
        return [
            LedgerFault(.chainRewritten, in: batch, "\(batch.name) is not the one of the receipt: the chain was rewritten at or before it")
        ]
    }
}
