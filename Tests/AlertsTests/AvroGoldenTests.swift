import Foundation
import Testing

@testable import Alerts

@Suite("Avro beside fastavro", .enabled(if: AvroScript.hasPython, AvroScript.missingPython))
struct AvroGoldenTests {
    /// One random schema with what fastavro makes of it.
    struct Case {
        let schema: String
        let canonicalForm: String
        let fingerprint: String
        var pairs: [(bytes: [UInt8], tokens: String)] = []
    }

    static let cases: [Case] = {
        guard let chunks = try? AvroScript.chunks("random", ["7", "400"]) else { return [] }
        return stride(from: 0, to: chunks.count, by: 19).map { start in
            var one = Case(
                schema: AvroScript.text(chunks[start]), canonicalForm: AvroScript.text(chunks[start + 1]),
                fingerprint: AvroScript.text(chunks[start + 2]))
            for pair in stride(from: start + 3, to: start + 19, by: 2) {
                one.pairs.append((chunks[pair], AvroScript.text(chunks[pair + 1])))
            }
            return one
        }
    }()

    @Test("the script gives 400 random schemas with values")
    func there() { #expect(Self.cases.count == 400) }

    @Test("what fastavro encodes by random schemas decodes to the values that were encoded")
    func decodes() throws {
        for one in Self.cases {
            let decoder = AvroDecoder(try AvroSchema(one.schema))
            for (bytes, tokens) in one.pairs { #expect(try decoder.decode(bytes).tokens == tokens, "\(one.schema)") }
        }
    }

    @Test("decoded values are encoded to fastavro's bytes")
    func encodes() throws {
        for one in Self.cases {
            let schema = try AvroSchema(one.schema)
            for (bytes, _) in one.pairs {
                #expect(try AvroEncoder(schema).encode(AvroDecoder(schema).decode(bytes)) == bytes, "\(one.schema)")
            }
        }
    }

    @Test("canonical forms are those of fastavro")
    func canonicalForms() throws {
        for one in Self.cases { #expect(try AvroSchema(one.schema).canonicalForm == one.canonicalForm) }
    }

    @Test("fingerprints are those of fastavro, which writes the lowest byte first")
    func fingerprints() throws {
        for one in Self.cases {
            let bits = try AvroSchema(one.schema).fingerprint.byteSwapped
            let text = String(bits, radix: 16)
            #expect(String(repeating: "0", count: 16 - text.count) + text == one.fingerprint, "\(one.schema)")
        }
    }

    @Test("the text that a schema makes of itself reads as the same types")
    func selfContained() throws {
        for one in Self.cases {
            let schema = try AvroSchema(one.schema)
            let again = try AvroSchema(schema.root.json.compact)
            #expect(again.root == schema.root)
        }
    }

    @Test("no truncation of an encoded value decodes")
    func truncations() throws {
        for one in Self.cases.prefix(120) {
            let decoder = AvroDecoder(try AvroSchema(one.schema))
            for (bytes, _) in one.pairs.prefix(2) where bytes.count < 2000 {
                for count in 0..<bytes.count {
                    #expect(throws: AvroError.self, "\(one.schema) \(count)") { try decoder.decode(Array(bytes[..<count])) }
                }
            }
        }
    }

    private static func packet(_ row: Int) -> AvroValue {
        let x: AvroValue = row % 3 == 0 ? .union(branch: 0, .null) : .union(branch: 1, .double(Double(row) / 7))
        let tags = (0..<row % 5).map { AvroValue.string("tag \($0) é") }
        return .record(AvroFields(names: ["id", "x", "tags"], values: [.long(1 << 60 + Int64(row)), x, .array(tags)]))
    }

    @Test("a container of ours reads in fastavro as the values that were put in", arguments: AvroContainer.Codec.allCases)
    func containerForPython(codec: AvroContainer.Codec) throws {
        let text = """
            {"type": "record", "name": "packet", "fields": [{"name": "id", "type": "long"}, {"name": "x", "type": ["null", "double"]},
             {"name": "tags", "type": {"type": "array", "items": "string"}}]}
            """
        let values = (0..<500).map(Self.packet)
        var container = AvroContainer(schema: try AvroSchema(text), codec: codec, sync: [UInt8](1...16))
        try container.append(Array(values[..<200]))
        try container.append(Array(values[200...]))
        let path = NSTemporaryDirectory() + "/avro-\(UUID().uuidString).avro"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(container.bytes).write(to: URL(fileURLWithPath: path))
        #expect(try AvroScript.chunks("read", [path]).map(AvroScript.text) == values.map(\.tokens))
    }
}
