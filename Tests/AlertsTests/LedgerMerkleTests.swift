import Alerts
import Testing

@Suite("Merkle trees") struct LedgerMerkleTests {
    private let digest = LedgerDigest()

    private func leaves(_ count: Int) -> [[UInt8]] { (0..<count).map { digest.of([0], [UInt8($0 & 255), UInt8($0 >> 8)]) } }

    /// RFC 6962, section 2.1, word for word: an independent form of what the code does with a stack.
    private func hash(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
        if leaves.isEmpty { return digest.of([]) }
        if leaves.count == 1 { return leaves.first! }
        var k = 1
        while 2 * k < leaves.count { k *= 2 }
        let middle = leaves.startIndex + k
        return digest.of([1], hash(leaves[..<middle]), hash(leaves[middle...]))
    }

    private func hex(_ bytes: [UInt8]) -> String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

    @Test("the root is that of the definition's recursion", arguments: Array(0...70) + [127, 128, 129, 1000])
    func recursion(count: Int) { #expect(MerkleTree.root(of: leaves(count)) == hash(leaves(count)[...])) }

    @Test("roots of the test data of Certificate Transparency's own implementation come out")
    func published() {
        let inputs: [[UInt8]] = [
            [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
            [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
        ]
        let leaves = inputs.map { digest.of([0], $0) }
        #expect(hex(MerkleTree.root(of: [])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(hex(MerkleTree.root(of: leaves[..<1])) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
        #expect(hex(MerkleTree.root(of: leaves)) == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
    }

    @Test("every leaf's proof leads to the root", arguments: [1, 2, 3, 7, 8, 13, 33])
    func proofs(count: Int) {
        let leaves = leaves(count)
        let root = MerkleTree.root(of: leaves)
        for (i, leaf) in leaves.enumerated() {
            #expect(MerkleTree.holds(leaf: leaf, at: i, of: count, proof: MerkleTree.proof(of: i, in: leaves), root: root))
        }
    }

    @Test("a proof does not hold for another leaf, place, count or sibling")
    func refusals() {
        let leaves = leaves(13)
        let root = MerkleTree.root(of: leaves)
        let proof = MerkleTree.proof(of: 5, in: leaves)
        #expect(!MerkleTree.holds(leaf: leaves[6], at: 5, of: 13, proof: proof, root: root))
        #expect(!MerkleTree.holds(leaf: leaves[5], at: 4, of: 13, proof: proof, root: root))
        #expect(!MerkleTree.holds(leaf: leaves[5], at: 5, of: 20, proof: proof, root: root))
        #expect(!MerkleTree.holds(leaf: leaves[5], at: 5, of: 13, proof: proof.reversed(), root: root))
        #expect(!MerkleTree.holds(leaf: leaves[5], at: 13, of: 13, proof: proof, root: root))
    }

    @Test("a manifest is read as it was written, and not when it is cut")
    func manifest() {
        let manifest = BatchManifest(alertIds: [1, -2, .max], leaves: leaves(3))
        #expect(BatchManifest(manifest.bytes) == manifest)
        #expect(BatchManifest(manifest.bytes.dropLast()) == nil)
    }

    @Test("a receipt is read as it was written, and refused where a digit is wrong")
    func receipt() throws {
        let receipt = LedgerReceipt(number: 42, link: digest.of([7]))
        #expect(try LedgerReceipt(parsing: receipt.description) == receipt)
        #expect(throws: LedgerError.self) { try LedgerReceipt(parsing: receipt.description.dropLast() + "x") }
        #expect(throws: LedgerError.self) { try LedgerReceipt(parsing: "skyledger-receipt-1 0 \(receipt.link)") }
    }
}
