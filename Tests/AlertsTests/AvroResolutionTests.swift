import Alerts
import Testing

@Suite("Data of one schema read by another")
struct AvroResolutionTests {
    static func record(_ fields: String, name: String = "v2.packet") throws -> AvroSchema {
        try AvroSchema("{\"type\": \"record\", \"name\": \"\(name)\", \"fields\": [\(fields)]}")
    }

    static func resolve(_ value: AvroValue, _ from: String, _ to: String) throws -> AvroValue? {
        let writer = try record("{\"name\": \"x\", \"type\": \(from)}", name: "v1.packet")
        let reader = try record("{\"name\": \"x\", \"type\": \(to)}")
        let resolved = try AvroResolution(from: writer, to: reader).resolve(.record(AvroFields(names: ["x"], values: [value])))
        guard case .record(let fields) = resolved else { return nil }
        return fields.values[0]
    }

    @Test("numbers widen, texts and bytes change places, and nothing narrows")
    func promotion() throws {
        #expect(try Self.resolve(.int(-7), "\"int\"", "\"long\"") == .long(-7))
        #expect(try Self.resolve(.int(7), "\"int\"", "\"float\"") == .float(7))
        #expect(try Self.resolve(.long(1 << 40), "\"long\"", "\"double\"") == .double(1_099_511_627_776))
        #expect(try Self.resolve(.float(0.1), "\"float\"", "\"double\"") == .double(Double(Float(0.1))))
        #expect(try Self.resolve(.string("é"), "\"string\"", "\"bytes\"") == .bytes([0xC3, 0xA9]))
        #expect(throws: AvroError.self) { try Self.resolve(.double(1), "\"double\"", "\"float\"") }
        #expect(throws: AvroError.self) { try Self.resolve(.long(1), "\"long\"", "\"int\"") }
        #expect(throws: AvroError.self) { try Self.resolve(.bytes([0xFF]), "\"bytes\"", "\"string\"") }
    }

    @Test("a union's branch is the same type, or else the first wider one")
    func unions() throws {
        #expect(try Self.resolve(.int(7), "\"int\"", "[\"null\", \"double\", \"int\"]") == .union(branch: 2, .int(7)))
        #expect(try Self.resolve(.int(7), "\"int\"", "[\"null\", \"double\", \"long\"]") == .union(branch: 1, .double(7)))
        let nullable = AvroValue.union(branch: 1, .float(2))
        #expect(try Self.resolve(nullable, "[\"null\", \"float\"]", "[\"double\", \"null\"]") == .union(branch: 0, .double(2)))
        #expect(try Self.resolve(nullable, "[\"null\", \"float\"]", "\"double\"") == .double(2))
        #expect(throws: AvroError.self) { try Self.resolve(.union(branch: 0, .null), "[\"null\", \"float\"]", "\"double\"") }
    }

    @Test("a field that the data lack takes its default, a renamed one its alias, and one too many is left out")
    func fields() throws {
        let writer = try Self.record(
            "{\"name\": \"gone\", \"type\": \"int\"}, {\"name\": \"old\", \"type\": \"int\"}, {\"name\": \"kept\", \"type\": \"string\"}",
            name: "v1.packet")
        let reader = try Self.record(
            """
            {"name": "kept", "type": "string"}, {"name": "new", "type": "long", "aliases": ["old"]},
            {"name": "maybe", "type": ["null", "float"], "default": null},
            {"name": "list", "type": {"type": "array", "items": "int"}, "default": [1]}
            """)
        let old = AvroValue.record(AvroFields(names: ["gone", "old", "kept"], values: [.int(1), .int(2), .string("s")]))
        let new = try AvroResolution(from: writer, to: reader).resolve(old)
        #expect(
            new
                == .record(
                    AvroFields(
                        names: ["kept", "new", "maybe", "list"],
                        values: [.string("s"), .long(2), .union(branch: 0, .null), .array([.int(1)])])))
    }

    @Test("a field without data and default is an error that names it")
    func missing() throws {
        let writer = try Self.record("{\"name\": \"a\", \"type\": \"int\"}")
        let reader = try Self.record("{\"name\": \"b\", \"type\": \"int\"}")
        let error = #expect(throws: AvroError.self) {
            try AvroResolution(from: writer, to: reader).resolve(.record(AvroFields(names: ["a"], values: [.int(1)])))
        }
        #expect(error?.description.contains("in b, the data have no such field") == true)
    }

    @Test("an unknown symbol becomes the enum's default, or an error")
    func symbols() throws {
        let from = #"{"type": "enum", "name": "band", "symbols": ["u", "Y"]}"#
        let to = #"{"type": "enum", "name": "band", "symbols": ["g", "u", "other"]}"#
        let value = AvroValue.enumeration(index: 1, symbol: "Y")
        #expect(try Self.resolve(.enumeration(index: 0, symbol: "u"), from, to) == .enumeration(index: 1, symbol: "u"))
        #expect(throws: AvroError.self) { try Self.resolve(value, from, to) }
        let withDefault = to.dropLast() + #", "default": "other"}"#
        #expect(try Self.resolve(value, from, String(withDefault)) == .enumeration(index: 2, symbol: "other"))
    }
}
