import Foundation
import SolarSystem
import Testing

/// Comets and records that the tests write to files.
enum OrbitTexts {
    /// The MPC's columns 1 to 168; elements as published for Borisov, Hale-Bopp and Halley.
    static func line(
        _ head: String, _ date: String, _ q: Double, _ e: Double, _ w: Double, _ node: Double, _ i: Double, _ epoch: String, _ name: String
    )
        -> String
    {
        let elements = String(format: "%9.6f  %8.6f  %8.4f  %8.4f  %8.4f", q, e, w, node, i)
        return head.padding(toLength: 14, withPad: " ", startingAt: 0) + date + " " + elements + "  " + epoch + "  11.0  4.0  "
            + name.padding(toLength: 56, withPad: " ", startingAt: 0) + " MPC 12345"
    }

    static let borisov = line("0002I", "2019 12 08.5551", 2.006521, 3.356476, 209.1251, 308.1477, 44.0535, "20191208", "2I/Borisov")
    static let haleBopp = line(
        "    CJ95O010", "1997 03 31.4141", 0.914142, 0.994929, 130.5910, 282.4707, 89.4300, "19970313", "C/1995 O1 (Hale-Bopp)")
    static let parabola = line(
        "    CI43D010", "1843 02 27.9100", 0.005527, 1.0, 82.6390, 2.8300, 144.3484, "        ", "C/1843 D1 (Great March comet)")

    static let asteroid = """
        {"Number": "(594913)", "Name": "'Ayl\\u00f3'chaxnim", "Principal_desig": "2020 AV2", "Other_desigs": ["2019 YZ9"], "H": 16.16,
         "G": 0.15,
         "Epoch": 2459112.5, "M": 79.11167, "Peri": 187.32482, "Node": 6.70942, "i": 15.8681, "e": 0.1769572, "n": 2.38090378,
         "a": 0.5554454, "Num_obs": 53, "Num_opps": 1, "Arc_length": 20, "U": "6", "rms": 0.42, "Orbit_type": "Atira",
         "more": {"a": [1, {}]}}
        """
    static let comet = """
        {"Comet_num": 2, "Orbit_type": "I", "Year_of_perihelion": 2019, "Month_of_perihelion": 12, "Day_of_perihelion": 8.5551,
         "Perihelion_dist": 2.006521, "e": 3.356476, "Peri": 209.1251, "Node": 308.1477, "i": 44.0535, "Epoch_year": 2019,
         "Epoch_month": 12,
         "Epoch_day": 8, "H": 11.0, "G": 4.0, "Designation_and_name": "2I/Borisov"}
        """

    static let faults: [(old: String, new: String, says: String)] = [
        ("\"e\": 0.1769572,", "", "e is missing"), ("\"a\": 0.5554454", "\"a\": null", "a is missing"),
        ("0.5554454", "-0.5554454", "no orbit"),
        ("15.8681", "nan", "no value of JSON"), ("15.8681", "\"x\"", "no number"), ("2020 AV2", "2I", "already at 1"),
        ("2020 AV2", "2020 IV2", "no designation"), ("2019 YZ9", "S/2003 J 2", "satellites"), ("53", "5.3", "no count"),
        ("2459112.5", "1e300", "epoch"),
    ]
}

@Suite("Orbits of comets and JSON")
struct FilesCometTests {
    @Test("a hyperbola, a long ellipse and a parabola are read, with what has no meaning left null")
    func comets() throws {
        let path = try OrbitFiles.write("\(OrbitTexts.borisov)\n\(OrbitTexts.haleBopp)\n\(OrbitTexts.parabola)\n")
        let orbits = try CometElementsFile.read(path).orbits
        #expect((0..<3).map { OrbitFiles.text(orbits, "designation", $0) } == ["2I", "C/1995 O1", "C/1843 D1"])
        #expect((0..<3).map { OrbitFiles.number(orbits, "e", $0) } == [3.356476, 0.994929, 1])
        #expect(abs(try #require(OrbitFiles.number(orbits, "a")) - 2.006521 / (1 - 3.356476)) < 1e-12)
        #expect((0..<3).map { orbits["period"]!.isNull($0) } == [true, false, true])
        #expect((0..<3).map { orbits["a"]!.isNull($0) } == [false, false, true])
        #expect((0..<3).map { orbits["h"]!.isNull($0) } == [true, true, true])
        #expect(abs(try #require(OrbitFiles.number(orbits, "peri_time")) - 58825.5551) < 1e-9)
        #expect(OrbitFiles.number(orbits, "epoch_mjd") == 58825 && OrbitFiles.number(orbits, "epoch_mjd", 1) == 50520)
        #expect(OrbitFiles.number(orbits, "epoch_mjd", 2) == OrbitFiles.number(orbits, "peri_time", 2))
    }

    @Test(
        "a comet's faults are named with the line", arguments: [("12 08.5551", "13 08.5551"), ("2.006521", "0.000000"), ("0002I", "0002S")])
    func faults(old: String, new: String) throws {
        let path = try OrbitFiles.write("\(OrbitTexts.haleBopp)\n\(OrbitTexts.borisov.replacingOccurrences(of: old, with: new))\n")
        let error = #expect(throws: OrbitFileError.self) { try CometElementsFile.read(path) }
        #expect(error?.line == 2)
    }

    @Test("JSON gives the same orbits as the fixed-width files")
    func sameAsFixed() throws {
        let json = try MPCJSONFile.read(try OrbitFiles.write("[\(OrbitTexts.asteroid),\n\(OrbitTexts.comet)]\n")).orbits
        let fixed = try MPCORBFile.read(try OrbitFiles.write(OrbitFiles.single + "\n")).orbits
        let comets = try CometElementsFile.read(try OrbitFiles.write(OrbitTexts.borisov + "\n")).orbits
        #expect(json.gather([0]).columns.map(\.values) == fixed.columns.map(\.values))
        #expect(json.gather([1]).columns.map(\.values) == comets.columns.map(\.values))
    }

    @Test("numbers and further designations become the identification tables")
    func identifications() throws {
        let tables = try MPCJSONFile.read(try OrbitFiles.write("[\(OrbitTexts.asteroid)]"))
        #expect(OrbitFiles.text(tables.numbered, "permid") == "594913" && OrbitFiles.text(tables.numbered, "iau_name") == "'Ayló'chaxnim")
        #expect(OrbitFiles.text(tables.numbered, "packed_primary_provisional_designation") == "K20A02V")
        #expect(
            (0..<2).map { OrbitFiles.text(tables.identifications, "packed_secondary_provisional_designation", $0) } == [
                "K20A02V", "K19Y09Z",
            ])
        #expect(tables.identifications["numbered"]?.bools == [true, true])
    }

    @Test("an array that ends anywhere before its bracket is refused, and so is what follows it")
    func cut() throws {
        let whole = "[\(OrbitTexts.asteroid), \(OrbitTexts.comet)]"
        for length in stride(from: 0, to: whole.utf8.count, by: 7) {
            let path = try OrbitFiles.write(String(decoding: Array(whole.utf8.prefix(length)), as: UTF8.self))
            #expect(throws: OrbitFileError.self) { try MPCJSONFile.read(path) }
        }
        #expect(throws: OrbitFileError.self) { try MPCJSONFile.read(try OrbitFiles.write(whole + "]")) }
        #expect(throws: OrbitFileError.self) { try MPCJSONFile.read(try OrbitFiles.write("[]")) }
    }

    @Test("a fault in a record is named with its number", arguments: OrbitTexts.faults)
    func faulty(fault: (old: String, new: String, says: String)) throws {
        let path = try OrbitFiles.write(
            "[\(OrbitTexts.comet), \(OrbitTexts.asteroid.replacingOccurrences(of: fault.old, with: fault.new))]")
        let error = #expect(throws: OrbitFileError.self) { try MPCJSONFile.read(path) }
        #expect(error?.line == 2 && error?.description.contains("record 2") == true)
        #expect(try #require(error?.reason).contains(fault.says))
    }
}
