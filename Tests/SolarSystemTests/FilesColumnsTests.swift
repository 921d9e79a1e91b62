import Columns
import Foundation
import SolarSystem
import Testing

@Suite("Orbits in the schema's columns")
struct FilesColumnsTests {
    static func table() throws -> Table {
        let asteroids = try MPCORBFile.read(try OrbitFiles.write("\(OrbitFiles.numbered)\n\(OrbitFiles.single)\n")).orbits
        let comets = try CometElementsFile.read(try OrbitFiles.write("\(OrbitTexts.borisov)\n\(OrbitTexts.parabola)\n")).orbits
        return asteroids.appending(comets)
    }

    @Test("what the readers make of the MPC's files is read back from the columns, orbit by orbit")
    func readBack() throws {
        let table = try Self.table()
        let orbits = try OrbitColumns.read(table, path: "orbits")
        #expect(orbits.map(\.designation.unpacked) == ["216173", "2020 AV2", "2I", "C/1843 D1"])
        #expect(orbits.map(\.orbit.q) == table["q"]?.doubles && orbits.map(\.orbit.perihelionTime) == table["peri_time"]?.doubles)
        #expect(orbits.map(\.orbit.e) == table["e"]?.doubles && orbits.map(\.orbit.inclination) == table["i"]?.doubles)
    }

    @Test(
        "a null, an impossible element and a designation that comes twice are named with the row",
        arguments: ["null", "impossible", "twice"])
    func faults(kind: String) throws {
        var table = try Self.table()
        var nodes = try #require(table["node"]?.doubles)
        switch kind {
        case "null": table.set(Column("node", .double(nodes), validity: Validity([true, true, false, true])))
        case "impossible":
            nodes[2] = 361
            table.set(Column("node", .double(nodes)))
        default:
            let names = ["216173", "2020 AV2", "(216173)", "C/1843 D1"]
            table.set(Column("unpacked_primary_provisional_designation", .string(ByteStrings(names))))
        }
        let error = #expect(throws: OrbitFileError.self) { try OrbitColumns.read(table, path: "orbits.parquet") }
        #expect(error?.line == 3 && error?.description.hasPrefix("orbits.parquet, row 3: ") == true)
    }

    @Test("a table without a column that is needed is refused with the column's name")
    func missing() throws {
        var table = try Self.table()
        table.remove("peri_time")
        let error = #expect(throws: OrbitFileError.self) { try OrbitColumns.read(table, path: "orbits.csv") }
        #expect(error?.reason.contains("peri_time") == true)
    }
}
