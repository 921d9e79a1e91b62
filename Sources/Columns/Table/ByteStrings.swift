/// The values of a text or binary column: all bytes end to end, and where each value begins.
public struct ByteStrings: Sendable, Equatable {
    /// The bytes of all values, in order.
    public var bytes: [UInt8]
    /// `count + 1` offsets into `bytes`, the first 0 (Arrow's utf8 and binary layout).
    public var offsets: [Int32]

    public init() {
        bytes = []
        offsets = [0]
    }

    public init(bytes: [UInt8], offsets: [Int32]) {
        precondition(offsets.first == 0 && Int(offsets.last!) == bytes.count)
        self.bytes = bytes
        self.offsets = offsets
    }

    public init(_ values: some Sequence<String>) {
        self.init()
        for value in values { append(value.utf8) }
    }

    public var count: Int { offsets.count - 1 }

    /// Traps when the column would pass 2 GiB of text; readers split their row groups long before.
    public mutating func append(_ value: some Sequence<UInt8>) {
        bytes.append(contentsOf: value)
        offsets.append(Int32(bytes.count))
    }

    public func bytes(at row: Int) -> ArraySlice<UInt8> { bytes[Int(offsets[row])..<Int(offsets[row + 1])] }

    /// The value as text; bytes that are no UTF-8 become the replacement character.
    public subscript(row: Int) -> String { String(decoding: bytes(at: row), as: UTF8.self) }

    /// - Complexity: O(number of rows + bytes taken)
    public func gather(_ rows: some Sequence<Int>) -> ByteStrings {
        var out = ByteStrings()
        for row in rows { out.append(bytes(at: row)) }
        return out
    }
}
