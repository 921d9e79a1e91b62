import SolarSystem
import Testing

@Suite("Solar system object ids")
struct DesignationIdTests {
    /// All pairs of `ssSource.ssObjectId` and `mpc_orbits` designation in twelve files of real Rubin alerts (Fink's data transfer).
    static let real: [(id: Int64, unpacked: String, packed: String)] = [
        (21_163_633_152_112_203, "2006 TK6", "K06T06K"), (20_890_966_901_666_384, "1989 EP2", "J89E02P"),
        (21_163_624_327_558_210, "2004 FB44", "K04F44B"), (21_163_611_628_319_314, "2001 QR142", "K01QE2R"),
        (20_892_066_564_355_412, "1999 NT15", "J99N15T"), (21_163_615_973_357_658, "2002 TZ108", "K02TA8Z"),
        (21_164_706_643_587_921, "2010 EQ133", "K10ED3Q"), (21_163_611_643_917_378, "2001 RB34", "K01R34B"),
        (21_163_611_677_601_859, "2001 TC50", "K01T50C"), (21_163_628_689_371_972, "2005 JD3", "K05J03D"),
        (21_163_624_629_350_741, "2004 XU11", "K04X11U"), (20_892_066_632_708_950, "1999 RV133", "J99RD3V"),
        (21_163_611_711_157_328, "2001 VP54", "K01V54P"), (20_892_066_380_854_871, "1999 CW106", "J99CA6W"),
        (21_163_607_064_917_061, "2000 AE144", "K00AE4E"),
    ]

    @Test("the ids in real alerts are the packed designation's bytes, the first the most significant", arguments: real)
    func realIds(row: (id: Int64, unpacked: String, packed: String)) throws {
        let designation = try Designation(row.unpacked)
        #expect(designation.packed == row.packed)
        #expect(designation.ssObjectId == row.id)
        #expect(try Designation(ssObjectId: row.id) == designation)
    }

    @Test("a numbered comet's fragment has no id, since its twelve characters pass 64 bits")
    func fragments() throws {
        #expect(try Designation("73P-C").ssObjectId == nil)
        #expect(try Designation("73P").ssObjectId != nil)
    }

    @Test("integers that hold no designation are refused", arguments: [0, -1, 1, 0x4b_3036_5430_3621])
    func refused(id: Int64) {
        #expect(throws: DesignationError.self) { try Designation(ssObjectId: id) }
    }
}
