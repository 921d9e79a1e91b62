import Columns

/// Reads PostgreSQL's binary COPY format into columns. Bytes may come in pieces that end between rows, as libpq hands them over.
public struct CopyDecoder {
    private var builders: [ColumnBuilder]
    private var headerDone = false
    private var ended = false
    public private(set) var rowCount = 0

    /// Names and types of the columns that will come.
    public init(columns: [(name: String, type: ColumnType)]) {
        builders = columns.map { ColumnBuilder(name: $0.name, decoding: Self.decoding(of: $0.type)) }
    }

    init(fields: [(name: String, decoding: ColumnDecoding)]) {
        builders = fields.map { ColumnBuilder(name: $0.name, decoding: $0.decoding) }
    }

    /// A whole COPY file.
    /// - Throws: `PostgresError` of kind `.encoding` where the bytes do not have the form or the columns.
    public static func decode(_ bytes: [UInt8], columns: [(name: String, type: ColumnType)]) throws -> Table {
        var decoder = CopyDecoder(columns: columns)
        try bytes.withUnsafeBytes { try decoder.append($0) }
        guard decoder.ended else {
            throw PostgresError(.encoding, "the COPY data end before their trailer, after \(decoder.rowCount) rows")
        }
        return decoder.finish()
    }

    /// Takes whole rows, with the header in the first piece.
    public mutating func append(_ piece: UnsafeRawBufferPointer) throws {
        guard var p = piece.baseAddress else { return }
        let end = p + piece.count
        if !headerDone {
            guard piece.count >= 19, piece.starts(with: CopyEncoder.header.prefix(11)) else {
                throw PostgresError(.encoding, "the data do not begin as a binary COPY does")
            }
            let flags = UInt32(bigEndian: p.loadUnaligned(fromByteOffset: 11, as: UInt32.self))
            let extra = Int(Int32(bigEndian: p.loadUnaligned(fromByteOffset: 15, as: Int32.self)))
            guard flags & 0xFFFF_0000 == 0, extra >= 0, piece.count >= 19 + extra else {
                throw PostgresError(.encoding, "the binary COPY has a header of a form unknown here")
            }
            p += 19 + extra
            headerDone = true
        }
        while p < end {
            guard !ended, end - p >= 2 else { throw malformed }
            let fields = Int16(bigEndian: p.loadUnaligned(as: Int16.self))
            p += 2
            if fields == -1 {
                ended = true
                continue
            }
            guard Int(fields) == builders.count else { throw malformed }
            for builder in builders {
                guard end - p >= 4 else { throw malformed }
                let length = Int(Int32(bigEndian: p.loadUnaligned(as: Int32.self)))
                p += 4
                if length == -1 {
                    builder.appendNull()
                } else {
                    guard length >= 0, length <= end - p, builder.append(p, length) else { throw malformed }
                    p += length
                }
            }
            rowCount += 1
        }
    }

    mutating func skipHeader() { headerDone = true }

    public func finish() -> Table { Table(builders.map { $0.finish() }) }

    private var malformed: PostgresError {
        PostgresError(.encoding, "row \(rowCount + 1) of the binary COPY does not have the form of the columns asked for")
    }

    static func decoding(of type: ColumnType) -> ColumnDecoding {
        switch type {
        case .bool: .bool
        case .int16: .int2
        case .int32: .int4
        case .int64: .int8
        case .float: .float4
        case .double: .float8
        case .string: .text
        case .binary: .bytea
        case .timestamp: .timestamp
        }
    }
}
