import Alerts
import Columns
import Testing

@Suite("Rows of a table as Avro records")
struct AvroRowWriterTests {
    /// A table with every type of column, nulls in half of them, and values at the ends of their ranges.
    static func table(rows: Int) -> Table {
        var generator = SeededGenerator(state: UInt64(rows))
        func some<T>(_ make: (inout SeededGenerator) -> T) -> [T] { (0..<rows).map { _ in make(&generator) } }
        func nulls() -> Validity { Validity(some { Int.random(in: 0..<4, using: &$0) > 0 }) }
        func text(_ g: inout SeededGenerator) -> String { String(repeating: "é", count: Int.random(in: 0...80, using: &g)) }
        let reals = some { Int.random(in: 0..<9, using: &$0) == 0 ? Double.nan : Double.random(in: -1e9...1e9, using: &$0) }
        return Table([
            Column("id", .int64(some { Int64.random(in: .min ... .max, using: &$0) >> Int64.random(in: 0...63, using: &$0) })),
            Column("short", .int16(some { Int16.random(in: .min ... .max, using: &$0) }), validity: nulls()),
            Column("int", .int32(some { Int32.random(in: .min ... .max, using: &$0) }), validity: nulls()),
            Column("flag", .bool(some { Bool.random(using: &$0) }), validity: nulls()),
            Column("float", .float(reals.map(Float.init)), validity: nulls()),
            Column("double", .double(reals)),
            Column("widened", .float(reals.map(Float.init)), validity: nulls()),
            Column("counted", .int32(some { Int32.random(in: 0...9, using: &$0) })),
            Column("name", .string(ByteStrings(some(text))), validity: nulls()),
            Column("stamp", .binary(ByteStrings(some(text))), validity: nulls()),
            Column("time", .timestamp(some { Int64.random(in: 0...1 << 52, using: &$0) }), validity: nulls()),
        ])
        .withZeroedNulls
    }

    static let text = """
        {"type": "record", "name": "s.source", "fields": [
          {"name": "time", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}]},
          {"name": "id", "type": "long"}, {"name": "short", "type": ["null", "int"]}, {"name": "int", "type": ["int", "null"]},
          {"name": "flag", "type": ["null", "boolean"]}, {"name": "float", "type": ["null", "float"]}, {"name": "double", "type": "double"},
          {"name": "lacking", "type": ["null", "double"], "default": null}, {"name": "fixedText", "type": "string", "default": "none"},
          {"name": "widened", "type": ["null", "double"]}, {"name": "counted", "type": ["null", "float"]},
          {"name": "name", "type": ["null", "string"]}, {"name": "stamp", "type": ["null", "bytes"]}]}
        """

    /// The same record through the tree, field by field and value by value.
    static func tree(_ table: Table, _ row: Int) -> AvroValue {
        func field(_ name: String, branch: Int? = 1, _ value: (Column) -> AvroValue) -> AvroValue {
            let column = table[name]!
            guard let branch else { return value(column) }
            return column.isNull(row) ? .union(branch: 1 - branch, .null) : .union(branch: branch, value(column))
        }
        let values: [(String, AvroValue)] = [
            ("time", field("time") { .long($0.timestamps![row]) }), ("id", field("id", branch: nil) { .long($0.int64s![row]) }),
            ("short", field("short") { .int(Int32($0.int16s![row])) }), ("int", field("int", branch: 0) { .int($0.int32s![row]) }),
            ("flag", field("flag") { .boolean($0.bools![row]) }), ("float", field("float") { .float($0.floats![row]) }),
            ("double", field("double", branch: nil) { .double($0.doubles![row]) }), ("lacking", .union(branch: 0, .null)),
            ("fixedText", .string("none")), ("widened", field("widened") { .double(Double($0.floats![row])) }),
            ("counted", field("counted") { .float(Float($0.int32s![row])) }), ("name", field("name") { .string($0.strings![row]) }),
            ("stamp", field("stamp") { .bytes(Array($0.binaries!.bytes(at: row))) }),
        ]
        return .record(AvroFields(names: values.map(\.0), values: values.map(\.1)))
    }

    @Test("rows are written as the tree of their values is encoded", arguments: [1, 31, 32, 33, 500])
    func rows(count: Int) throws {
        let schema = try AvroSchema(Self.text)
        let table = Self.table(rows: count)
        let writer = try AvroRowWriter(record: "source", of: schema, table: table)
        var all: [UInt8] = []
        for row in 0..<count {
            let expected = try AvroEncoder(schema).encode(Self.tree(table, row))
            var one: [UInt8] = []
            writer.append(row: row, to: &one)
            #expect(one == expected, "row \(row)")
            all += expected
        }
        var together: [UInt8] = []
        writer.append(rows: 0..<count, to: &together)
        #expect(together == all)
        #expect(writer.fieldsWithoutColumn == ["lacking", "fixedText"])
    }

    @Test("an array of rows is that of the tree, and an empty one a single zero", arguments: [0..<0, 0..<1, 7..<130, 100..<100])
    func arrays(rows: Range<Int>) throws {
        let schema = try AvroSchema("{\"type\": \"array\", \"items\": \(Self.text)}")
        let table = Self.table(rows: 200)
        var out: [UInt8] = []
        try AvroRowWriter(record: "source", of: schema, table: table).appendArray(rows: rows, to: &out)
        #expect(try out == AvroEncoder(schema).encode(.array(rows.map { Self.tree(table, $0) })))
    }

    @Test("records put into columns give the columns that they were written from")
    func tableOfRecords() throws {
        let schema = try AvroSchema(Self.text)
        let table = Self.table(rows: 200)
        guard case .record(let record) = schema.root else { throw AvroError.schema(place: "", reason: "no record") }
        let again = Table(avroRecords: (0..<200).map { Self.tree(table, $0) }, of: record, in: schema)
        for name in ["id", "int", "flag", "float", "double", "name", "stamp", "time"] {
            let (a, b) = (try #require(again[name]), try #require(table[name]))
            #expect(a.validity == b.validity && "\(a.values)" == "\(b.values)", "\(name)")
        }
        #expect(again["lacking"]?.nullCount == 200)
    }

    @Test("a column of nulls fills a nullable field of any type")
    func columnOfNulls() throws {
        let schema = try AvroSchema(
            """
            {"type": "record", "name": "r",
             "fields": [{"name": "x", "type": ["double", "null"]}, {"name": "y", "type": ["null", "string"]}]}
            """
        )
        let table = Table([.nulls("x", .bool, count: 3), .nulls("y", .int64, count: 3)])
        var out: [UInt8] = []
        try AvroRowWriter(record: "r", of: schema, table: table).append(rows: 0..<3, to: &out)
        #expect(out == [2, 0, 2, 0, 2, 0])
    }

    @Test(
        "a table that does not fill the record is refused with the field's name",
        arguments: [
            ("int", "\"int\"", "takes no null"), ("id", "\"int\"", "is int, which a column of type int64 does not fill"),
            ("double", "[\"null\", \"float\"]", "is float"), ("absent", "\"long\"", "neither a column nor a default"),
            ("name", "[\"null\", {\"type\": \"enum\", \"name\": \"e\", \"symbols\": [\"a\"]}]", "is e"),
            ("time", "[\"null\", {\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}]", "is long"),
        ])
    func refusals(field: String, type: String, word: String) throws {
        let schema = try AvroSchema("{\"type\": \"record\", \"name\": \"r\", \"fields\": [{\"name\": \"\(field)\", \"type\": \(type)}]}")
        let error = #expect(throws: AvroError.self) { try AvroRowWriter(record: "r", of: schema, table: Self.table(rows: 50)) }
        #expect(error?.description.contains("field \(field) ") == true && error?.description.contains(word) == true, "\(error!)")
    }
}

extension Table {
    /// As files and the database give them: zeros where a value is null.
    var withZeroedNulls: Table { Table(columns.map(\.withZeroedNulls)) }
}
