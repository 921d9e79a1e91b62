/// Which rows of a column hold a value: a bitmap in Arrow's layout (least significant bit first, 1 = value, 0 = null).
public struct Validity: Sendable, Equatable {
    /// `(count + 7) / 8` bytes; bits past `count` are zero.
    public private(set) var bits: [UInt8]
    public private(set) var count: Int

    /// - Complexity: O(count)
    public init(repeating valid: Bool, count: Int) {
        self.count = count
        bits = [UInt8](repeating: valid ? 0xFF : 0, count: (count + 7) / 8)
        clearTail()
    }

    /// Takes a bitmap as it is; bits past `count` are cleared.
    public init(bits: [UInt8], count: Int) {
        precondition(bits.count >= (count + 7) / 8)
        self.bits = Array(bits.prefix((count + 7) / 8))
        self.count = count
        clearTail()
    }

    public init(_ flags: some Sequence<Bool>) {
        bits = []
        count = 0
        for flag in flags {
            if count & 7 == 0 { bits.append(0) }
            if flag { bits[count >> 3] |= 1 << UInt8(count & 7) }
            count += 1
        }
    }

    @inlinable
    public subscript(row: Int) -> Bool {
        get { bits[row >> 3] & (1 << UInt8(row & 7)) != 0 }
        set { set(row, newValue) }
    }

    @usableFromInline
    mutating func set(_ row: Int, _ valid: Bool) {
        let mask = UInt8(1) << UInt8(row & 7)
        if valid { bits[row >> 3] |= mask } else { bits[row >> 3] &= ~mask }
    }

    /// - Complexity: O(count)
    public var nullCount: Int { count - bits.reduce(0) { $0 + $1.nonzeroBitCount } }

    private mutating func clearTail() {
        let used = count & 7
        if used != 0 { bits[bits.count - 1] &= UInt8((1 << used) - 1) }
    }
}
