import Columns

/// Collects the values of one column as they arrive from the wire, in raw memory that grows by doubling.
final class ColumnBuilder {
    let name: String
    let decoding: ColumnDecoding
    /// What changes with every value, behind a pointer: a class's own properties are checked for exclusive access at each touch.
    private let state: UnsafeMutablePointer<State>
    private let width: Int

    private struct State {
        var values: UnsafeMutableRawPointer
        var capacity: Int
        var count = 0
        var nullCount = 0
        var validity: [UInt8] = []
        var bytes: [UInt8] = []
        var offsets: [Int32] = [0]
    }

    var count: Int { state.pointee.count }

    init(name: String, decoding: ColumnDecoding) {
        self.name = name
        self.decoding = decoding
        width = decoding.columnType.width ?? 0
        let capacity = width == 0 ? 0 : 256
        state = .allocate(capacity: 1)
        state.initialize(
            to: State(values: .allocate(byteCount: max(capacity * width, 16), alignment: 16), capacity: capacity))
    }

    deinit {
        state.pointee.values.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    @inline(__always)
    private func place() -> UnsafeMutableRawPointer {
        if state.pointee.count == state.pointee.capacity { grow() }
        return state.pointee.values + state.pointee.count * width
    }

    private func grow() {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: state.pointee.capacity * 2 * width, alignment: 16)
        larger.copyMemory(from: state.pointee.values, byteCount: state.pointee.count * width)
        state.pointee.values.deallocate()
        state.pointee.values = larger
        state.pointee.capacity *= 2
    }

    /// Keeps the bitmap only once a null has come.
    @inline(__always)
    private func markValid() {
        if state.pointee.nullCount > 0 { setBit() }
        state.pointee.count += 1
    }

    private func setBit() {
        let row = state.pointee.count
        if row >> 3 >= state.pointee.validity.count { state.pointee.validity.append(0) }
        state.pointee.validity[row >> 3] |= 1 << UInt8(row & 7)
    }

    func appendNull() {
        let row = state.pointee.count
        if state.pointee.nullCount == 0 {
            state.pointee.validity = [UInt8](repeating: 0xFF, count: (row + 7) / 8)
            if row & 7 != 0 { state.pointee.validity[row >> 3] = UInt8((1 << (row & 7)) - 1) }
        }
        state.pointee.nullCount += 1
        if width == 0 {
            state.pointee.offsets.append(Int32(state.pointee.bytes.count))
        } else {
            place().initializeMemory(as: UInt8.self, repeating: 0, count: width)
        }
        if row >> 3 >= state.pointee.validity.count { state.pointee.validity.append(0) }
        state.pointee.count += 1
    }

    /// - Precondition: less than 2 GiB of text in one table.
    private func appendText(_ bytes: UnsafeRawPointer, _ length: Int) {
        state.pointee.bytes.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: length))
        state.pointee.offsets.append(Int32(state.pointee.bytes.count))
    }

    /// Takes one value in PostgreSQL's binary form.
    /// - Returns: false where the length is not the type's.
    @inline(__always)
    func append(_ bytes: UnsafeRawPointer, _ length: Int) -> Bool {
        switch decoding {
        case .float8, .int8:
            guard length == 8 else { return false }
            place().storeBytes(of: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)), as: UInt64.self)
        case .float4, .int4:
            guard length == 4 else { return false }
            place().storeBytes(of: UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)), as: UInt32.self)
        case .int2:
            guard length == 2 else { return false }
            place().storeBytes(of: UInt16(bigEndian: bytes.loadUnaligned(as: UInt16.self)), as: UInt16.self)
        case .bool:
            guard length == 1 else { return false }
            place().storeBytes(of: bytes.load(as: UInt8.self) == 0 ? 0 : 1, as: UInt8.self)
        case .text, .bytea, .regclassText:
            appendText(bytes, length)
        default:
            return appendRare(bytes, length)
        }
        markValid()
        return true
    }

    private func appendRare(_ bytes: UnsafeRawPointer, _ length: Int) -> Bool {
        switch decoding {
        case .timestamp:
            guard length == 8 else { return false }
            // PostgreSQL counts microseconds from 2000-01-01, the columns from 1970-01-01.
            place().storeBytes(of: Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)) &+ 946_684_800_000_000, as: Int64.self)
        case .date:
            guard length == 4 else { return false }
            place().storeBytes(of: (Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self))) + 10957) * 86_400_000_000, as: Int64.self)
        case .oid:
            guard length == 4 else { return false }
            place().storeBytes(of: Int64(UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))), as: Int64.self)
        case .numeric:
            guard let value = Self.numeric(bytes, length) else { return false }
            place().storeBytes(of: value, as: Double.self)
        case .jsonb:
            guard length >= 1 else { return false }
            appendText(bytes + 1, length - 1)
        default:
            return false
        }
        markValid()
        return true
    }

    /// numeric: count of base-10000 digits, weight of the first, sign, scale, digits (utils/adt/numeric.c, numeric_send).
    private static func numeric(_ bytes: UnsafeRawPointer, _ length: Int) -> Double? {
        func short(_ i: Int) -> Int { Int(Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: i * 2, as: Int16.self))) }
        guard length >= 8, length == 8 + short(0) * 2 else { return nil }
        switch UInt16(truncatingIfNeeded: short(2)) {
        case 0xC000: return .nan
        case 0xD000: return .infinity
        case 0xF000: return -.infinity
        default: break
        }
        // Through text, so that the double is the one nearest to the decimal number.
        var digits = short(2) == 0 ? "" : "-"
        for i in 0..<short(0) {
            let digit = String(short(4 + i))
            digits += String(repeating: "0", count: 4 - digit.count) + digit
        }
        return Double((digits.isEmpty || digits == "-" ? digits + "0" : digits) + "e\(4 * (short(1) - short(0) + 1))")
    }

    func finish() -> Column {
        let count = state.pointee.count
        let values = state.pointee.values
        func array<T>(_: T.Type) -> [T] { Array(UnsafeBufferPointer(start: values.assumingMemoryBound(to: T.self), count: count)) }
        func text() -> ByteStrings { ByteStrings(bytes: state.pointee.bytes, offsets: state.pointee.offsets) }
        let taken: ColumnValues =
            switch decoding.columnType {
            case .bool: .bool(array(Bool.self))
            case .int16: .int16(array(Int16.self))
            case .int32: .int32(array(Int32.self))
            case .int64: .int64(array(Int64.self))
            case .float: .float(array(Float.self))
            case .double: .double(array(Double.self))
            case .timestamp: .timestamp(array(Int64.self))
            case .string: .string(text())
            case .binary: .binary(text())
            }
        return Column(name, taken, validity: state.pointee.nullCount == 0 ? nil : Validity(bits: state.pointee.validity, count: count))
    }
}
