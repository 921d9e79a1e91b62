import Testing

@testable import Alerts

@Suite("Avro schemas")
struct AvroSchemaTests {
    @Test("the fingerprint of the type int is the specification's")
    func fingerprintOfInt() throws {
        // Specification 1.11, share/test/data/schema-tests.txt: "int" has 7275d51a3f395c8f, the empty text c15d213aa4d7a795.
        #expect(try AvroSchema("\"int\"").fingerprint == 0x7275_d51a_3f39_5c8f)
        #expect(AvroSchema.crc64([]) == 0xc15d_213a_a4d7_a795)
    }

    @Test("a bare name takes the namespace around it, a dotted one its own, and an empty namespace none")
    func namespaces() throws {
        let schema = try AvroSchema(
            """
            {"type": "record", "name": "outer", "namespace": "a.b", "fields": [
              {"name": "x", "type": {"type": "fixed", "name": "inner", "size": 2}},
              {"name": "y", "type": {"type": "record", "name": "c.deep", "fields": [
                {"name": "z", "type": {"type": "enum", "name": "leaf", "symbols": ["S"]}},
                {"name": "back", "type": ["null", "a.b.outer"]}]}},
              {"name": "again", "type": "inner"},
              {"name": "none", "type": {"type": "fixed", "name": "bare", "namespace": "", "size": 1}},
              {"name": "same", "type": "bare"}]}
            """)
        #expect(schema.definitions.keys.sorted() == ["a.b.inner", "a.b.outer", "bare", "c.deep", "c.leaf"])
        guard case .record(let outer) = schema.root else { throw AvroError.schema(place: "", reason: "no record") }
        #expect(outer.field("again")?.type == .reference("a.b.inner"))
        #expect(outer.field("same")?.type == .reference("bare"))
    }

    @Test(
        "a schema that says nothing sound is refused with its place",
        arguments: [
            ("{", "JSON"), ("[1]", "1 is no type"), ("\"what\"", "what is not defined"), ("{\"name\": \"x\"}", "no member 'type'"),
            ("[\"int\", \"int\"]", "int twice"), ("[[\"int\"]]", "directly in a union"), ("{\"type\": \"array\"}", "'items'"),
            ("{\"type\": \"fixed\", \"name\": \"f\"}", "'size'"), ("{\"type\": \"enum\", \"name\": \"e\"}", "'symbols'"),
            ("{\"type\": \"enum\", \"name\": \"e\", \"symbols\": [\"a\", \"a\"]}", "symbol twice"),
            ("{\"type\": \"record\", \"name\": \"r\"}", "'fields'"), ("{\"type\": \"record\", \"fields\": []}", "no name"),
            ("{\"type\": \"record\", \"name\": \"r\", \"fields\": [{\"name\": \"a\"}]}", "at r.a"),
            (
                #"{"type": "record", "name": "r", "fields": [{"name": "a", "type": "int"}, {"name": "a", "type": "int"}]}"#,
                "field twice"
            ),
            ("[{\"type\": \"fixed\", \"name\": \"f\", \"size\": 1}, {\"type\": \"fixed\", \"name\": \"f\", \"size\": 2}]", "defined twice"),
            (String(repeating: "[", count: 5000), "deeper"),
        ])
    func refusals(text: String, word: String) {
        let error = #expect(throws: AvroError.self) { try AvroSchema(text) }
        #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }

    @Test("JSON keeps the order of members, the digits of numbers and every escape")
    func orderedJSON() throws {
        let text = #"{"z":1.50e+3,"a":[-0,true,false,null,"\"\\\n\u0001é🌌"],"m":{}}"#
        #expect(try OrderedJSON(reading: text).compact == text)
        #expect(try OrderedJSON(reading: #" "\ud83c\udf0c\/\b" "#) == .string("🌌/\u{8}"))
    }

    @Test("of members of one name the last counts")
    func repeatedMembers() throws { #expect(try OrderedJSON(reading: "{\"a\":1,\"a\":2}")["a"] == .number("2")) }

    @Test(
        "what is no JSON is refused",
        arguments: ["", "tru", "01", "1.", "-", "[1,]", "{\"a\" 1}", "\"\\x\"", "\"\\ud800\"", "\"a", "1 2", "\"\n\""])
    func brokenJSON(text: String) { #expect(throws: AvroError.self) { try OrderedJSON(reading: text) } }

    @Test("aliases, orders, defaults, documentation and logical types are kept")
    func attributes() throws {
        let text = """
            {"type":"record","name":"n.r","doc":"d","aliases":["n.old"],"fields":[{"name":"t","type":{"type":"long","logicalType":\
            "timestamp-micros"},"doc":"when","default":5,"order":"descending","aliases":["u"]}]}
            """
        #expect(try AvroSchema(text).root.json.compact == text)
    }
}
