import Alerts
import Testing

@Suite("Damaged Avro data")
struct AvroDamageTests {
    static let text = """
        {"type": "record", "name": "packet", "fields": [
          {"name": "id", "type": "long"}, {"name": "flag", "type": "boolean"}, {"name": "kind", "type": {"type": "enum", "name": "kind",
           "symbols": ["a", "b"]}},
          {"name": "points", "type": {"type": "array", "items": {"type": "record", "name": "point", "fields": [
            {"name": "mag", "type": ["null", "float"]}, {"name": "filter", "type": "string"}]}}},
          {"name": "extra", "type": {"type": "map", "values": "double"}}, {"name": "stamp", "type": ["null", "bytes"]},
          {"name": "next", "type": ["null", "packet"]}]}
        """
    static let schema = try! AvroSchema(text)
    static let names = ["id", "flag", "kind", "points", "extra", "stamp", "next"]

    static func packet(next: AvroValue = .null) -> AvroValue {
        func point(_ mag: Float?) -> AvroValue {
            let value: AvroValue = mag.map { .union(branch: 1, .float($0)) } ?? .union(branch: 0, .null)
            return .record(AvroFields(names: ["mag", "filter"], values: [value, .string("g")]))
        }
        return .record(
            AvroFields(
                names: names,
                values: [
                    .long(-1_234_567_890_123), .boolean(true), .enumeration(index: 1, symbol: "b"), .array([point(nil), point(.nan)]),
                    .map([AvroEntry("snr", .double(5))]), .union(branch: 1, .bytes([UInt8](repeating: 7, count: 100))),
                    .union(branch: next.isNull ? 0 : 1, next),
                ]))
    }

    @Test("every truncation of a packet is an error")
    func truncations() throws {
        let bytes = try AvroEncoder(Self.schema).encode(Self.packet(next: Self.packet()))
        #expect(try AvroDecoder(Self.schema).decode(bytes) == Self.packet(next: Self.packet()))
        for count in 0..<bytes.count {
            #expect(throws: AvroError.self, "\(count)") { try AvroDecoder(Self.schema).decode(Array(bytes[..<count])) }
        }
    }

    @Test("a flipped bit gives an error, or a value that is encoded to as many bytes or fewer")
    func flips() throws {
        let bytes = try AvroEncoder(Self.schema).encode(Self.packet())
        for bit in 0..<8 * bytes.count {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            if let value = try? AvroDecoder(Self.schema).decode(damaged) {
                #expect(try AvroEncoder(Self.schema).encode(value).count <= bytes.count, "bit \(bit)")
            }
        }
    }

    @Test("random bytes give an error or a value whose bytes decode to it again")
    func noise() throws {
        var generator = SeededGenerator(state: 5)
        for _ in 0..<20_000 {
            let noise = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                Bool.random(using: &generator) ? UInt8.random(in: 0...3, using: &generator) : UInt8.random(in: 0...255, using: &generator)
            }
            var at = 0
            guard let value = try? AvroDecoder(Self.schema).decode(noise, at: &at) else { continue }
            #expect(try AvroDecoder(Self.schema).decode(AvroEncoder(Self.schema).encode(value)) == value)
        }
    }

    @Test("an error names the byte and the way to the field")
    func places() throws {
        var bytes = try AvroEncoder(Self.schema).encode(Self.packet())
        // id takes 6 bytes, flag and kind 1 each, the array's count 1, the first point 3; then comes the branch of the second's mag.
        bytes[12] = 4
        let error = #expect(throws: AvroError.self) { try AvroDecoder(Self.schema).decode(bytes) }
        #expect(error == .data(offset: 12, path: "points[1].mag", reason: "the branch 2 is none of the union's 2"))
    }

    @Test(
        "bytes that ask for what cannot be are refused",
        arguments: [
            ("\"string\"", [0x02, 0xFF], "no UTF-8"), ("\"boolean\"", [2], "not 0 or 1"),
            ("\"int\"", [0x80, 0x80, 0x80, 0x80, 0x10], "32 bits"),
            ("\"long\"", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02], "64 bits"), ("\"long\"", [0x80], "inside a number"),
            ("\"bytes\"", [0x01], "a length is -1"), ("\"bytes\"", [0xFE, 0xFF, 0xFF, 0xFF, 0x0F], "only 0 bytes are left"),
            ("\"null\"", [0], "1 bytes are left"),
            ("{\"type\": \"array\", \"items\": \"null\"}", [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0], "limit"),
            ("{\"type\": \"array\", \"items\": \"null\"}", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0, 0], "limit"),
            ("{\"type\": \"array\", \"items\": \"int\"}", [0x03, 0x02, 2, 4, 0], "do not end where its size says"),
            ("{\"type\": \"enum\", \"name\": \"e\", \"symbols\": [\"a\"]}", [0x02], "symbol 1"),
        ] as [(String, [UInt8], String)])
    func refusals(schema: String, bytes: [UInt8], word: String) throws {
        let decoder = AvroDecoder(try AvroSchema(schema))
        let error = #expect(throws: AvroError.self) { try decoder.decode(bytes) }
        #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }

    @Test("blocks with their size, and several blocks, are read as one array")
    func blocks() throws {
        let decoder = AvroDecoder(try AvroSchema("{\"type\": \"array\", \"items\": \"int\"}"))
        #expect(try decoder.decode([0x03, 0x04, 2, 4, 0x02, 6, 0]) == .array([.int(1), .int(2), .int(3)]))
    }

    @Test("values that nest deeper than the limit are refused")
    func depth() throws {
        let decoder = AvroDecoder(try AvroSchema(#"{"type": "record", "name": "r", "fields": [{"name": "next", "type": "r"}]}"#))
        #expect(throws: AvroError.self) { try decoder.decode([0]) }
        let list = AvroDecoder(try AvroSchema(#"{"type": "record", "name": "r", "fields": [{"name": "next", "type": ["null", "r"]}]}"#))
        #expect(throws: AvroError.self) { try list.decode([UInt8](repeating: 2, count: 100_000) + [0]) }
    }

    @Test("a value of another type is not encoded, and the error names its field")
    func wrongValue() throws {
        guard case .record(var fields) = Self.packet() else { return }
        fields.values[4] = .map([AvroEntry("snr", .float(5))])
        let error = #expect(throws: AvroError.self) { try AvroEncoder(Self.schema).encode(.record(fields)) }
        #expect(error == .value(path: "extra[snr]", reason: "a float stands where the schema has a double"))
    }
}
