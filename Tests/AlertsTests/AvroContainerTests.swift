import Alerts
import Testing

@Suite("Containers, frames and what a file is")
struct AvroContainerTests {
    static let schema = AvroDamageTests.schema
    static let packet = AvroDamageTests.packet()

    static func container(_ codec: AvroContainer.Codec) throws -> AvroContainer {
        var container = AvroContainer(schema: schema, codec: codec, sync: [UInt8](100..<116), metadata: [("survey", [1, 2, 0xFF])])
        try container.append([packet, AvroDamageTests.packet(next: packet)])
        try container.append([])
        try container.append([packet])
        return container
    }

    @Test("a container that is read and written again has the same bytes and values", arguments: AvroContainer.Codec.allCases)
    func roundTrip(codec: AvroContainer.Codec) throws {
        let bytes = try Self.container(codec).bytes
        let again = try AvroContainer(reading: bytes)
        #expect(again.bytes == bytes)
        #expect(again.blocks.map(\.valueCount) == [2, 0, 1])
        #expect(try again.values() == [Self.packet, AvroDamageTests.packet(next: Self.packet), Self.packet])
        #expect(try again.recoded().bytes == bytes)
        #expect(again.metadata.first?.value == [1, 2, 0xFF])
    }

    @Test("a truncated container is an error, or ends after a whole block", arguments: AvroContainer.Codec.allCases)
    func truncation(codec: AvroContainer.Codec) throws {
        let bytes = try Self.container(codec).bytes
        for count in 0..<bytes.count {
            guard let read = try? AvroContainer(reading: Array(bytes[..<count])) else { continue }
            #expect(read.bytes.count == count)
        }
    }

    @Test("a flipped bit in a container never crashes, and values that come are encoded again", arguments: AvroContainer.Codec.allCases)
    func flips(codec: AvroContainer.Codec) throws {
        let bytes = try Self.container(codec).bytes
        for bit in stride(from: 0, to: 8 * bytes.count, by: 3) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let read = try? AvroContainer(reading: damaged), let values = try? read.values() else { continue }
            #expect(try read.recoded().values() == values, "bit \(bit)")
        }
    }

    @Test("a container of an unknown codec, or with a foreign sync marker, is refused")
    func refusals() throws {
        let text = AvroSchemaTexts.header(codec: "snappy")
        #expect(throws: AvroError.self) { try AvroContainer(reading: text) }
        var bytes = try Self.container(.null).bytes
        bytes[bytes.count - 1] ^= 1
        let error = #expect(throws: AvroError.self) { try AvroContainer(reading: bytes) }
        #expect(error?.description.contains("sync marker after block 3") == true)
        #expect(throws: AvroError.self) { try AvroContainer(reading: Array("Obj\u{2}".utf8)) }
    }

    @Test("versions have LSST's numbers, and a frame carries them", arguments: [(7, 1, 701), (11, 0, 1100), (10, 12, 1012)])
    func frames(major: Int, minor: Int, id: UInt32) throws {
        #expect(ConfluentFrame.schemaId(major: major, minor: minor) == id)
        let frame = ConfluentFrame(schemaId: id, body: [1, 2, 3])
        #expect(frame.bytes == [0, 0, 0, UInt8(id >> 8), UInt8(id & 255), 1, 2, 3])
        #expect(try ConfluentFrame(reading: frame.bytes) == frame)
        #expect(frame.lsstVersion.description == "\(major).\(minor)")
        #expect(throws: AvroError.self) { try ConfluentFrame(reading: [0, 0, 0, 1]) }
        #expect(throws: AvroError.self) { try ConfluentFrame(reading: [1, 0, 0, 1, 1]) }
    }

    @Test("the three kinds of files are told apart, decoded and encoded again")
    func inspection() throws {
        let body = try AvroEncoder(Self.schema).encode(Self.packet)
        let container = try AvroInspection(Self.container(.deflate).bytes)
        #expect(container.kind == .container && container.values.count == 3 && container.isRecodedEqual && container.isCompressed)
        let frame = try AvroInspection(ConfluentFrame(schemaId: 1100, body: body).bytes) { $0 == 1100 ? Self.schema : nil }
        #expect(frame.kind == .confluent(schemaId: 1100) && frame.values == [Self.packet] && frame.isRecodedEqual)
        let bare = try AvroInspection(body, bodySchema: Self.schema)
        #expect(bare.kind == .body && bare.values == [Self.packet] && bare.isRecodedEqual)
        #expect(throws: AvroError.self) { try AvroInspection(body) }
        #expect(throws: AvroError.self) { try AvroInspection(ConfluentFrame(schemaId: 5, body: body).bytes) }
    }

    @Test("an array of several blocks comes back as one, and the inspection says where the bytes part")
    func inspectionOfBlocks() throws {
        let schema = try AvroSchema("{\"type\": \"array\", \"items\": \"int\"}")
        let found = try AvroInspection([0x02, 2, 0x02, 4, 0], bodySchema: schema)
        #expect(found.recoded == [0x04, 2, 4, 0])
        #expect(found.firstDifference == 0)
    }

    @Test("JSON for people shows numbers in full, NaN as a text, and byte strings by length and digest")
    func json() {
        let value = AvroValue.record(
            AvroFields(
                names: ["id", "x", "y", "stamp", "tags"],
                values: [
                    .long(9_007_199_254_740_993), .union(branch: 1, .float(.nan)), .double(0.1), .bytes(Array("abc".utf8)),
                    .array([.string("a\"b"), .null]),
                ]))
        // SHA-256 of "abc": FIPS 180-2, appendix B.1.
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(
            AvroJSON().text(value)
                == """
                {"id": 9007199254740993, "x": "NaN", "y": 0.1, "stamp": {"bytes": 3, "sha256": "\(digest)"}, "tags": ["a\\"b", null]}
                """)
        #expect(AvroJSON(bytes: .hexadecimal).text(value).contains("\"stamp\": \"616263\""))
    }
}

/// Headers that our writer does not make.
enum AvroSchemaTexts {
    static func header(codec: String) -> [UInt8] {
        var out = AvroContainer.magic
        AvroBytes.append(Int64(2), to: &out)
        AvroBytes.append("avro.schema", to: &out)
        AvroBytes.append("\"int\"", to: &out)
        AvroBytes.append("avro.codec", to: &out)
        AvroBytes.append(codec, to: &out)
        out.append(0)
        return out + [UInt8](repeating: 0, count: 16)
    }
}
