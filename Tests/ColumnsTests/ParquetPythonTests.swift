import Foundation
import Testing

@testable import Columns

@Suite("Parquet between pyarrow and here")
struct ParquetPythonTests {
    @Test("every type, layout and compression that pyarrow writes reads as the values that Python put in")
    func fromPython() throws {
        let scratch = try ParquetScratch()
        try runParquetPython(
            """
            import random
            r = random.Random(1); n = 3001
            def some(make): return [None if r.random() < 0.2 else make() for _ in range(n)]
            arrays = {}
            def add(name, type, arrow, values, expected=None):
                arrays[name] = pa.array(values, arrow); dump(name, type, values if expected is None else expected)
            for name, type, lo, hi in [('int8','int16',-128,127), ('uint8','int16',0,255), ('int16','int16',-2**15,2**15-1),
                ('uint16','int32',0,2**16-1), ('int32','int32',-2**31,2**31-1), ('uint32','int64',0,2**32-1),
                ('int64','int64',-2**63,2**63-1), ('uint64','int64',0,2**63-1)]:
                add(name, type, getattr(pa, name)(), [lo, hi, None] + some(lambda: r.randint(lo, hi)))
            n += 3
            half = some(lambda: np.float16(r.uniform(-1e3, 1e3))); half[0] = np.float16('inf'); half[1] = np.float16('nan')
            add('half', 'float', pa.float16(), half, [None if v is None else float(v) for v in half])
            add('float', 'float', pa.float32(), some(lambda: float(np.float32(r.gauss(0, 1)))))
            add('double', 'double', pa.float64(), [float('inf'), -0.0] + some(lambda: r.gauss(0, 1))[2:])
            add('flag', 'bool', pa.bool_(), some(lambda: r.random() < 0.5))
            def text(): return r.choice(['', 'a\\0b', 'Ωmega', '🌌', 'x' * r.randint(0, 40)])
            for name, arrow in [('text', pa.utf8()), ('large_text', pa.large_utf8()), ('text_view', pa.string_view())]:
                add(name, 'string', arrow, some(text))
            def blob(): return r.randbytes(r.randint(0, 30))
            for name, arrow in [('blob', pa.binary()), ('large_blob', pa.large_binary()), ('blob_view', pa.binary_view())]:
                add(name, 'binary', arrow, some(blob))
            add('fixed', 'binary', pa.binary(5), some(lambda: r.randbytes(5)))
            for unit, scale in [('s', 1e6), ('ms', 1e3), ('us', 1), ('ns', None)]:
                values = some(lambda: r.randint(-10**12, 10**12))
                micro = [None if v is None else (v // 1000 if scale is None else v * int(scale)) for v in values]
                add('time_' + unit, 'timestamp', pa.timestamp(unit), values, micro)
            values = some(lambda: r.randint(-10**15, 10**15))
            add('time_zone', 'timestamp', pa.timestamp('us', 'Europe/Zurich'), values)
            days = some(lambda: r.randint(-40000, 40000))
            add('date', 'timestamp', pa.date32(), days, [None if d is None else d * 86400 * 10**6 for d in days])
            add('nothing', 'bool', pa.null(), [None] * n)
            for name, index in [('category8', pa.int8()), ('category32', pa.int32())]:
                values = some(lambda: r.choice(['u', 'g', 'r', 'i', 'z', 'y']))
                arrays[name] = pa.array(values).dictionary_encode().cast(pa.dictionary(index, pa.utf8())); dump(name, 'string', values)
            index = list(range(n)); add('__index_level_0__', 'int64', pa.int64(), index)
            table = pa.table(arrays).replace_schema_metadata({'pandas': '{"index_columns": ["__index_level_0__"]}'})
            for i, (compression, dictionary) in enumerate([('snappy', True), ('zstd', False), ('none', True), ('gzip', False)]):
                pq.write_table(table, f'{i}.parquet', compression=compression, use_dictionary=dictionary,
                    row_group_size=[700, 5000, 1, 1111][i] if i != 2 else 997, data_page_version=['1.0', '2.0'][i % 2])
            """, in: scratch)
        for i in 0..<4 {
            let reader = try ParquetReader(path: scratch.file("\(i).parquet"))
            let table = try reader.read()
            #expect(reader.metadata["pandas"] != nil)
            #expect(reader.schema.filter(\.isNullType).map(\.name) == ["nothing"])
            #expect(table.columns.count == scratch.names.filter { $0.hasSuffix(".raw") }.count)
            for column in table.columns {
                let expected = FileManager.default.contents(atPath: scratch.file("\(column.name).\(column.type.rawValue).raw"))
                #expect(expected.map([UInt8].init) == rawBytes(column), "\(column.name) of file \(i)")
            }
        }
    }

    @Test("files written here hold for pyarrow the same types, values, units and descriptions", arguments: ParquetCompression.allCases)
    func toPython(compression: ParquetCompression) throws {
        let scratch = try ParquetScratch()
        let table = randomParquetTable(rows: 2003, seed: 77)
        try ParquetWriter.write(table, to: scratch.file("t.parquet"), compression: compression, metadata: ["origin": "here"])
        for column in table.columns {
            try Data(rawBytes(column)).write(to: URL(fileURLWithPath: scratch.file("\(column.name).raw")))
        }
        try runParquetPython(
            """
            types = {'b': pa.bool_(), 'i16': pa.int16(), 'i32': pa.int32(), 'i64': pa.int64(), 'f': pa.float32(), 'd': pa.float64(),
                's': pa.utf8(), 'x': pa.binary(), 't': pa.timestamp('us')}
            table = pq.read_table('t.parquet'); table.validate(full=True)
            assert table.num_rows == 2003 and table.num_columns == 18
            assert table.schema.metadata[b'origin'] == b'here'
            for field in table.schema:
                key = field.name.split('_')[0]
                assert field.type == types[key], field
                if '_' not in field.name: assert field.metadata[b'unit'].decode() == 'u ' + key
                if '_' not in field.name: assert field.metadata[b'description'].decode() == 'the column Ω ' + key
                array = table[field.name].combine_chunks()
                if key in ('f', 'd', 't'):
                    width = 4 if key == 'f' else 8
                    data = array.buffers()[1].to_pybytes(); start = array.offset
                    values = [data[width * (start + i):width * (start + i + 1)] if array[i].is_valid else None for i in range(len(array))]
                else: values = array.to_pylist()
                names = {'b': 'bool', 'i16': 'int16', 'i32': 'int32', 'i64': 'int64', 'f': 'float', 'd': 'double', 's': 'string',
                    'x': 'binary', 't': 'timestamp'}
                assert raw(names[key], values) == open(field.name + '.raw', 'rb').read(), field.name
            assert pq.ParquetFile('t.parquet').metadata.row_group(0).column(3).compression == \
                {'none': 'UNCOMPRESSED'}.get('\(compression.rawValue)', '\(compression.rawValue)'.upper())
            """, in: scratch)
    }

    @Test("types without counterpart are listed, refused by name, and left out only on request")
    func unsupported() throws {
        let scratch = try ParquetScratch()
        try runParquetPython(
            """
            pq.write_table(pa.table({'a': [1, 2], 'list': [[1.0], []], 'struct': [{'x': 1, 'y': 2}, None], 'z': ['p', 'q'],
                'money': pa.array([1, 2], pa.decimal128(9, 2))}), 't.parquet')
            pq.write_table(pa.table({'k': pa.array([0, 1, 2**63 - 1, None, 5, 2**63], pa.uint64())}), 'big.parquet', row_group_size=2)
            pq.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=['same', 'same']), 'twice.parquet')
            """, in: scratch)
        let path = scratch.file("t.parquet")
        let reader = try ParquetReader(path: path)
        #expect(reader.schema.map(\.type) == [.int64, nil, nil, .string, nil])
        #expect(reader.schema[4].arrowType == "decimal128(9, 2)")
        #expect(throws: ColumnsError.unsupportedType(path: path, column: "list", type: reader.schema[1].arrowType)) { try reader.read() }
        let error = #expect(throws: ColumnsError.self) { try reader.read(columns: ["money"], skippingUnsupported: true) }
        #expect("\(try #require(error))".contains("money"))
        let table = try reader.read(skippingUnsupported: true)
        #expect(table.columnNames == ["a", "z"])
        #expect(table["z"]?.strings.map { [$0[0], $0[1]] } == ["p", "q"])

        let big = try ParquetReader(path: scratch.file("big.parquet"))
        #expect(try big.read(rowGroups: 0..<2)["k"]?.int64s == [0, 1, .max, 0])
        let tooBig = #expect(throws: ColumnsError.self) { try big.read(rowGroups: 1..<3) }
        #expect("\(try #require(tooBig))".contains("k has type uint64 with 9223372036854775808 in row 5"))
        #expect(throws: ColumnsError.malformed(path: scratch.file("twice.parquet"), reason: "two of its columns are named same")) {
            try ParquetReader(path: scratch.file("twice.parquet"))
        }
    }
}
