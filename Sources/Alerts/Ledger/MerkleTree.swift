/// The Merkle tree of a batch (RFC 6962, section 2.1): leaves are SHA-256(0x00 || row), inner nodes SHA-256(0x01 || left || right), the
/// left subtree of n leaves has the largest power of two below n. The prefixes keep a node from passing for a leaf.
///
///     let root = MerkleTree.root(of: leaves)
///     let proof = MerkleTree.proof(of: 3, in: leaves)
///     MerkleTree.holds(leaf: leaves[3], at: 3, of: leaves.count, proof: proof, root: root)
public enum MerkleTree {
    static let leafPrefix: UInt8 = 0
    static let nodePrefix: UInt8 = 1

    /// The root over leaves that are hashes already; of none it is the hash of nothing.
    /// - Complexity: O(leaves), memory O(log leaves)
    public static func root(of leaves: some Sequence<[UInt8]>, by digest: LedgerDigest = LedgerDigest()) -> [UInt8] {
        // Complete subtrees, large to small: as the binary digits of the count.
        var stack: [(size: Int, hash: [UInt8])] = []
        for leaf in leaves {
            var node = (size: 1, hash: leaf)
            while let left = stack.last, left.size == node.size {
                stack.removeLast()
                node = (2 * left.size, digest.of([nodePrefix], left.hash, node.hash))
            }
            stack.append(node)
        }
        guard var hash = stack.popLast()?.hash else { return digest.of([]) }
        while let left = stack.popLast() { hash = digest.of([nodePrefix], left.hash, hash) }
        return hash
    }

    /// The siblings from a leaf up to the root (RFC 6962, section 2.1.1): whoever has the root can check that the leaf is under it.
    /// - Complexity: O(leaves)
    public static func proof(of index: Int, in leaves: [[UInt8]], by digest: LedgerDigest = LedgerDigest()) -> [[UInt8]] {
        precondition(leaves.indices.contains(index), "leaf \(index) of \(leaves.count)")
        var out: [[UInt8]] = []
        var range = leaves.indices
        // From the root down; the siblings are wanted from the leaf up.
        while range.count > 1 {
            let split = range.lowerBound + leftSize(range.count)
            let (left, right) = (range.lowerBound..<split, split..<range.upperBound)
            out.append(root(of: leaves[index < split ? right : left], by: digest))
            range = index < split ? left : right
        }
        return out.reversed()
    }

    /// Whether a proof leads from the leaf at a place to the root.
    /// - Complexity: O(log count)
    public static func holds(
        leaf: [UInt8], at index: Int, of count: Int, proof: [[UInt8]], root: [UInt8], by digest: LedgerDigest = LedgerDigest()
    ) -> Bool {
        guard (0..<max(count, 0)).contains(index) else { return false }
        // Whether the way down goes right, at each level from the root.
        var turns: [Bool] = []
        var (place, size) = (index, count)
        while size > 1 {
            let left = leftSize(size)
            turns.append(place >= left)
            (place, size) = place >= left ? (place - left, size - left) : (place, left)
        }
        guard turns.count == proof.count else { return false }
        var hash = leaf
        for (sibling, isRight) in zip(proof, turns.reversed()) {
            hash = isRight ? digest.of([nodePrefix], sibling, hash) : digest.of([nodePrefix], hash, sibling)
        }
        return hash == root
    }

    /// The largest power of two below a count of at least two.
    private static func leftSize(_ count: Int) -> Int { 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount) }
}
