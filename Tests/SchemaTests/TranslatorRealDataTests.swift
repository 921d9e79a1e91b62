import Columns
import Foundation
import Schema
import TestSupport
import Testing

/// The shipped maps on real files, which python reads for these tests.
@Suite(.enabled(if: RealDocuments.areThere && PackageFolder.hasPython, "the real data (SKYLEDGER_DATA) or python are not there"))
struct TranslationRealDataTests {
    /// The columns of a table that the script prints as JSON: name to [type, values], null for nulls.
    static func table(_ script: String) throws -> Table {
        let root = try JSONSerialization.jsonObject(with: Data(GoldenScript.program(script).utf8)) as! [[Any]]
        return Table(
            root.map { entry in
                let values = entry[2] as! [Any]
                let validity = values.contains { $0 is NSNull } ? Validity(values.map { !($0 is NSNull) }) : nil
                let numbers = values.map { $0 as? NSNumber ?? 0 }
                let kept: ColumnValues
                switch entry[1] as! String {
                case "bool": kept = .bool(numbers.map(\.boolValue))
                case "int16": kept = .int16(numbers.map(\.int16Value))
                case "int32": kept = .int32(numbers.map(\.int32Value))
                case "int64": kept = .int64(numbers.map(\.int64Value))
                case "float": kept = .float(numbers.map(\.floatValue))
                case "double": kept = .double(numbers.map(\.doubleValue))
                default: kept = .string(ByteStrings(values.map { $0 as? String ?? "" }))
                }
                return Column(entry[0] as! String, kept, validity: validity)
            })
    }

    static let dump = """
        import json, math
        def dump(names, types, columns):
            clean = lambda v: None if isinstance(v, float) and not math.isfinite(v) else v
            print(json.dumps([[n, t, [clean(v) for v in c]] for n, t, c in zip(names, types, columns)]))

        """

    @Test("every column that HiTS files share with the newest document keeps its values", arguments: ["411420", "419802"])
    func hits(visit: String) throws {
        let file = "\(PackageFolder.data.path)/hits2015/preloaded_dia_source_DECam_\(visit)_S22_dia_catalogs_apdb.parq"
        let input = try Self.table(
            Self.dump + """
                import pyarrow.parquet as pq
                t = pq.read_table('\(file)')
                n = t.column_names
                dump(n, [str(t.schema.field(i).type) for i in range(len(n))], [t[c].to_pylist() for c in n])
                """)
        #expect(input.rowCount > 100)
        let map = try TranslationMap(contentsOf: PackageFolder.root.path + "/maps/hits2015.yaml")
        let target = try RealDocuments.read("v10.0.0")[table: "DiaSource"]!
        let translator = try Translator(map: map, target: target, bands: ["u", "g", "r", "i", "z", "y"])
        let (out, report) = try translator.translateReporting(input, source: file)
        var shared = 0
        for column in input.columns {
            guard let definition = target[column: column.name], let made = out[column.name] else { continue }
            shared += 1
            #expect(made.type == definition.datatype.columnType)
            let zeroIsNull = ["diaObjectId", "ssObjectId"].contains(column.name)
            for (before, after) in zip(texts(column), texts(made)) {
                if zeroIsNull && before == "0" {
                    #expect(after == nil)
                } else if column.type == .double && made.type == .float {
                    #expect(before.map { "\(Float(Double($0)!))" } == after)
                } else {
                    #expect(before == after, "\(column.name)")
                }
            }
        }
        #expect(shared == input.columnNames.filter { target[column: $0] != nil }.count)
        #expect(report.dropped.sorted() == input.columnNames.filter { target[column: $0] == nil }.sorted())
    }

    @Test("real ZTF candidates give the fluxes and times that numpy and astropy compute")
    func ztf() throws {
        let folder = "\(PackageFolder.data.path)/ztf-detections-finkmm"
        let input = try Self.table(
            Self.dump + """
                import pyarrow.parquet as pq, glob, numpy as np
                from astropy.time import Time
                import astropy.units as u
                rows = [r for f in sorted(glob.glob('\(folder)/part-*.parquet')) for r in pq.read_table(f)['candidate'].to_pylist()]
                types = {'candid': 'int64', 'pid': 'int64', 'rcid': 'int32', 'fid': 'int32', 'isdiffpos': 'string', 'jd': 'double',
                         'ra': 'double', 'dec': 'double', 'scorr': 'double'}
                names = list(types) + ['magpsf', 'sigmapsf', 'magap', 'sigmagap', 'xpos', 'ypos', 'rb', 'exptime', 'classtar']
                columns = [[r[n] for r in rows] for n in names]
                mag, err = (np.array([r[n] for r in rows]) for n in ('magpsf', 'sigmapsf'))
                flux = (mag * u.ABmag).to(u.nJy).value
                sign = np.where([r['isdiffpos'] in ('t', '1') for r in rows], 1, -1)
                jd = np.array([r['jd'] for r in rows])
                mid = (Time(jd, format='jd', scale='utc').tai + 15 * u.s).mjd
                e = flux * (10 ** (0.4 * err * 1e-6) - 1) * 1e6
                dump(names + ['flux', 'fluxErr', 'mid'], [types.get(n, 'float') for n in names] + ['double'] * 3,
                     columns + [(flux * sign).tolist(), e.tolist(), mid.tolist()])
                """)
        #expect(input.rowCount > 400)
        let map = try TranslationMap(contentsOf: PackageFolder.root.path + "/maps/ztf-alerts.yaml")
        let target = try RealDocuments.read("v10.0.0")[table: "DiaSource"]!
        let out = try Translator(map: map, target: target, bands: ["u", "g", "r", "i", "z", "y"]).translate(input, source: "ztf")
        func double(_ name: String, _ row: Int) -> Double { out[name]!.doubles?[row] ?? Double(out[name]!.floats![row]) }
        for row in 0..<input.rowCount {
            let flux = input["flux"]!.doubles![row]
            #expect(abs(double("psfFlux", row) / flux - 1) < 1e-6)
            #expect(abs(double("psfFluxErr", row) / input["fluxErr"]!.doubles![row] - 1) < 1e-5)
            #expect(abs(double("midpointMjdTai", row) - input["mid"]!.doubles![row]) * 86_400 < 1e-4)
            #expect(out["visit"]!.int64s![row] == input["pid"]!.int64s![row] / 10_000)
            #expect(out["band"]!.strings![row] == ["", "g", "r", "i"][Int(input["fid"]!.int32s![row])])
            #expect(out["isNegative"]!.bools![row] == (flux < 0))
        }
    }
}
