import Columns
import Foundation
import Schema
import TestSupport
import Testing

@Suite struct TranslatorTests {
    static func table(_ columns: ColumnDefinition...) -> TableDefinition { TableDefinition(name: "DiaSource", columns: columns) }

    static func message(_ target: TableDefinition, _ table: Table, map: String? = nil) throws -> String {
        let map = try map.map { try TranslationMap(yaml: $0, file: "m.yaml") }
        do {
            _ = try Translator(map: map, target: target, bands: ["g", "r"]).translate(table, source: "f.parquet")
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test("integers convert to every number type exactly where the value fits, and are refused where it does not")
    func integerConversions() throws {
        var generator = SeededGenerator(state: 5)
        let edges: [Int64] = [
            0, 1, -1, 32767, 32768, -32768, -32769, 1 << 24, (1 << 24) + 1, (1 << 31) - 1, 1 << 31, 1 << 53, (1 << 53) + 1, .max, .min,
        ]
        let values =
            edges
            + (0..<200).map { _ in
                Int64.random(in: .min ... .max, using: &generator) >> Int64.random(in: 0...63, using: &generator)
            }
        for value in values {
            for type in [FelisType.short, .int, .long, .float, .double] {
                let made = try? Translator(map: nil, target: Self.table(ColumnDefinition("a", type)))
                    .translate(Table([Column("a", .int64([value]))]), source: "f")
                let fits: Bool
                switch type {
                case .short: fits = Int16(exactly: value) != nil
                case .int: fits = Int32(exactly: value) != nil
                case .float: fits = Float(exactly: value) != nil
                case .double: fits = Double(exactly: value) != nil
                default: fits = true
                }
                #expect((made != nil) == fits, "\(value) to \(type)")
                // Back again, through the double, the value is the same.
                if let column = made?["a"], fits {
                    let back = try Translator(map: nil, target: Self.table(ColumnDefinition("a", .long)))
                        .translate(Table([column]), source: "f")
                    #expect(back["a"]!.int64s! == [value])
                }
            }
        }
    }

    @Test("errors name the file, the row counted from 1, the column and the value")
    func errors() throws {
        let short = Self.table(ColumnDefinition("a", .short))
        let long = Table([Column("a", .int32([1, 70000]))])
        #expect(try Self.message(short, long) == "f.parquet, row 2: a is 70000, out of the range of int16")
        #expect(try Self.message(short, Table([Column("a", .double([1, 2, 2.5]))])).hasPrefix("f.parquet, row 3: a is 2.5"))
        let strings = Column("a", .string(ByteStrings(["", "x"])), validity: Validity([false, true]))
        #expect(try Self.message(short, Table([strings])).hasPrefix("f.parquet, row 2: a holds the text \"x\""))
        let flag = Self.table(ColumnDefinition("a", .boolean))
        #expect(try Self.message(flag, Table([Column("a", .int16([0, 1, 2]))])) == "f.parquet, row 3: a is 2, neither 0 nor 1")
        let needed = Self.table(ColumnDefinition("a", .long, isNullable: false))
        let nulls = Column("a", .int64([5, 0]), validity: Validity([true, false]))
        #expect(try Self.message(needed, Table([nulls])) == "f.parquet, row 2: a is null, but must have a value")
        #expect(try Self.message(needed, Table([Column("b", .int64([5]))])).hasPrefix("f.parquet: there is no column a"))
        let text = Self.table(ColumnDefinition("a", .char, length: 2))
        let longer = Table([Column("a", .string(ByteStrings(["éé", "abc"])))])
        #expect(try Self.message(text, longer).hasPrefix("f.parquet, row 2: a is \"abc\", longer"))
        let band = Self.table(ColumnDefinition("band", .char, length: 1))
        let bands = Column("band", .string(ByteStrings(["g", "r", "q"])))
        #expect(try Self.message(band, Table([bands])).hasPrefix("f.parquet, row 3: band q is none of g r"))
    }

    @Test("a column of nulls becomes any type, and nulls hide values that would not fit")
    func nulls() throws {
        for type in FelisType.allCases {
            let made = try Translator(map: nil, target: Self.table(ColumnDefinition("a", type)))
                .translate(Table([.nulls("a", .string, count: 3)]), source: "f")
            #expect(made["a"]!.nullCount == 3 && made["a"]!.type == type.columnType)
        }
        let hidden = Column("a", .int64([99_999, 7]), validity: Validity([false, true]))
        let made = try Translator(map: nil, target: Self.table(ColumnDefinition("a", .short))).translate(Table([hidden]), source: "f")
        #expect(made["a"]!.int16s! == [0, 7] && made["a"]!.isNull(0))
    }

    @Test("without a map older names are taken, nanomaggies become nJy, and the rest is reported as dropped")
    func renames() throws {
        let target = Self.table(ColumnDefinition("dec", .double, unit: "deg"), ColumnDefinition("psfFlux", .float, unit: "nJy"))
        let input = Table([
            Column("decl", .double([1.5])), Column("psFlux", .float([2]), unit: "nmgy"), Column("other", .bool([true])),
        ])
        let (table, report) = try Translator(map: nil, target: target).translateReporting(input, source: "f")
        #expect(table["dec"]!.doubles! == [1.5])
        #expect(table["psfFlux"]!.floats! == [7262])
        #expect(report.dropped == ["other"])
        #expect(report.used == ["dec": ["decl"], "psfFlux": ["psFlux"]])
        #expect(report.converted == ["psfFlux"])
    }

    @Test("steps of a map: bits, values, nulls, quotients, units, zero points, defaults and times")
    func steps() throws {
        let map = try TranslationMap(
            yaml: """
                table: DiaSource
                flag_map: {word: flags, bits: {edge: 1, top: 63}}
                columns:
                  band: {from: fid, values: {1: g, 2: r}}
                  ssObjectId: {null_values: [0]}
                  visit: {from: id, quotient: 100}
                  detector: {from: id, remainder: 100}
                  ra: {from: alpha, unit: {from: mas, to: deg}, offset: 1}
                  flux: {from: counts, zero_point: 31.4}
                  n: {default: 7}
                  when: {from: seconds, time: unix}
                  low: {bits: {word: flags, bit: 0}}
                """, file: "m.yaml")
        let target = Self.table(
            ColumnDefinition("band", .char, length: 1), ColumnDefinition("ssObjectId", .long), ColumnDefinition("visit", .long),
            ColumnDefinition("detector", .short), ColumnDefinition("ra", .double), ColumnDefinition("flux", .float),
            ColumnDefinition("n", .int, isNullable: false), ColumnDefinition("when", .double), ColumnDefinition("edge", .boolean),
            ColumnDefinition("top", .boolean), ColumnDefinition("low", .boolean))
        let input = Table([
            Column("fid", .int32([2, 1])), Column("ssObjectId", .int64([0, 4])), Column("id", .int64([12345, -1])),
            Column("alpha", .double([3_600_000, 0])), Column("counts", .float([3, 4])),
            Column("n", .int64([0, 9]), validity: Validity([false, true])), Column("seconds", .double([1_483_228_800, 0])),
            Column("flags", .int64([3, .min])),
        ])
        let out = try Translator(map: map, target: target).translate(input, source: "f")
        #expect(texts(out["band"]!) == ["r", "g"])
        #expect(texts(out["ssObjectId"]!) == [nil, "4"])
        #expect(out["visit"]!.int64s! == [123, -1] && out["detector"]!.int16s! == [45, 99])
        #expect(abs(out["ra"]!.doubles![0] - 2) < 1e-12 && out["ra"]!.doubles![1] == 1)
        #expect(out["flux"]!.floats! == [3, 4])
        #expect(out["n"]!.int32s! == [7, 9])
        #expect(out["when"]!.doubles![0] == 57754 + 37.0 / 86_400)
        #expect(out["edge"]!.bools! == [true, false] && out["top"]!.bools! == [false, true] && out["low"]!.bools! == [true, false])
    }

    @Test(
        "a broken map is refused with its file and line",
        arguments: [
            ("table: A\ncolumns:\n  a: {form: b}\n", 3), ("columns:\n  a: {from: b}\n  c: {bits: {word: w, bit: 64}}\n", 3),
            ("columns:\n  a: {from: b, constant: 1}\n", 2), ("columns:\n  a: {from: b, unit: {from: deg, to: nJy}}\n", 2),
            ("columns: [\n", 2), ("nonsense: 1\n", 1), ("columns:\n  a:\n    from: x\n    time: noon\n", 4),
        ])
    func brokenMaps(yaml: String, line: Int) throws {
        do {
            _ = try TranslationMap(yaml: yaml, file: "m.yaml")
            Issue.record("no error")
        } catch TranslationError.malformedMap(let file, let found, _) {
            #expect(file == "m.yaml")
            #expect(found == line)
        }
    }

    @Test("the shipped flag map and the migration's bits are the same")
    func flagMap() throws {
        let map = try TranslationMap(contentsOf: PackageFolder.root.path + "/maps/dia-source-flags.yaml")
        #expect(map.flagMap?.bits == DiaSourceFlags.bits)
        #expect(Set(DiaSourceFlags.bits.values) == Set(0..<DiaSourceFlags.bits.count))
    }
}
