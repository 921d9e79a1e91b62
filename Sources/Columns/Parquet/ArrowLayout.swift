import CArrow

/// How the values of an Arrow array lie in memory, and the column type that they become.
///
/// Source: the format strings of the Arrow C data interface, https://arrow.apache.org/docs/format/CDataInterface.html.
struct ArrowLayout: Equatable {
    enum Storage: Equatable {
        /// No buffers: every row is null.
        case nothing
        case bits
        /// Values exactly as a column holds them.
        case plain
        case int8, uint8, uint16, uint32, uint64, float16
        case seconds, milliseconds, nanoseconds
        /// 32-bit days and 64-bit milliseconds since 1970-01-01.
        case days, dateMilliseconds
        case offsets32, offsets64
        case views
        case fixedBytes(Int)
        case dictionary(index: Index)
    }

    /// The integers that a dictionary's rows are numbered with.
    enum Index: Equatable {
        case int8, uint8, int16, uint16, int32, uint32, int64, uint64
    }

    let type: ColumnType
    let storage: Storage
    /// The layout of a dictionary's values.
    let dictionaryStorage: Storage?

    private init(_ type: ColumnType, _ storage: Storage, dictionary: Storage? = nil) {
        self.type = type
        self.storage = storage
        dictionaryStorage = dictionary
    }

    /// Nil where no column type holds the values.
    init?(_ schema: ArrowSchema) {
        let format = String(cString: schema.format)
        if let dictionary = schema.dictionary {
            guard let index = Index(format), let values = ArrowLayout(dictionary.pointee), values.dictionaryStorage == nil,
                values.type == .string || values.type == .binary
            else { return nil }
            self.init(values.type, .dictionary(index: index), dictionary: values.storage)
            return
        }
        switch format {
        case "n": self.init(.bool, .nothing)
        case "b": self.init(.bool, .bits)
        case "c": self.init(.int16, .int8)
        case "C": self.init(.int16, .uint8)
        case "s": self.init(.int16, .plain)
        case "S": self.init(.int32, .uint16)
        case "i": self.init(.int32, .plain)
        case "I": self.init(.int64, .uint32)
        case "l": self.init(.int64, .plain)
        case "L": self.init(.int64, .uint64)
        case "e": self.init(.float, .float16)
        case "f": self.init(.float, .plain)
        case "g": self.init(.double, .plain)
        case "u": self.init(.string, .offsets32)
        case "U": self.init(.string, .offsets64)
        case "vu": self.init(.string, .views)
        case "z": self.init(.binary, .offsets32)
        case "Z": self.init(.binary, .offsets64)
        case "vz": self.init(.binary, .views)
        case "tdD": self.init(.timestamp, .days)
        case "tdm": self.init(.timestamp, .dateMilliseconds)
        default:
            if format.hasPrefix("w:"), let width = Int(format.dropFirst(2)) {
                self.init(.binary, .fixedBytes(width))
            } else if format.hasPrefix("tss:") {
                self.init(.timestamp, .seconds)
            } else if format.hasPrefix("tsm:") {
                self.init(.timestamp, .milliseconds)
            } else if format.hasPrefix("tsu:") {
                self.init(.timestamp, .plain)
            } else if format.hasPrefix("tsn:") {
                self.init(.timestamp, .nanoseconds)
            } else {
                return nil
            }
        }
    }

    /// The layout of the dictionary's own array.
    var dictionary: ArrowLayout? { dictionaryStorage.map { ArrowLayout(type, $0) } }
}

extension ArrowLayout.Index {
    init?(_ format: String) {
        switch format {
        case "c": self = .int8
        case "C": self = .uint8
        case "s": self = .int16
        case "S": self = .uint16
        case "i": self = .int32
        case "I": self = .uint32
        case "l": self = .int64
        case "L": self = .uint64
        default: return nil
        }
    }
}

/// Key-value metadata of the Arrow C data interface: a count, then for each pair its key and its value with their lengths, as int32.
func arrowMetadata(_ metadata: UnsafePointer<CChar>?) -> [String: String] {
    guard let metadata else { return [:] }
    var position = UnsafeRawPointer(metadata)
    func number() -> Int {
        defer { position += 4 }
        return Int(position.loadUnaligned(as: Int32.self))
    }
    func text() -> String {
        let length = number()
        defer { position += length }
        return String(decoding: UnsafeRawBufferPointer(start: position, count: length), as: UTF8.self)
    }
    var pairs: [String: String] = [:]
    for _ in 0..<number() {
        let key = text()
        pairs[key] = text()
    }
    return pairs
}
