import Foundation
import SolarSystem
import TestSupport
import Testing

@Suite("Observatories and time scales")
struct ObservatoryTests {
    static let text = """
        Code  Long.   cos      sin    Name
        000   0.0000 0.62411 +0.77873 Greenwich
        250                           Hubble Space Telescope
        500   0.000000.000000 0.000000Geocentric
        W84 289.193580.865572-0.499793Cerro Tololo-DECam
        """

    @Test("Longitudes and constants are read from their columns, also where they touch")
    func columns() throws {
        let list = try ObservatoryList(text: Self.text)
        #expect(list.count == 3)
        let place = try list.observatory("W84")
        #expect(
            place == Observatory(code: "W84", name: "Cerro Tololo-DECam", longitude: 289.19358, rhoCosPhi: 0.865572, rhoSinPhi: -0.499793))
    }

    @Test("The geocentre is at the Earth's centre")
    func geocentre() throws {
        let state = try ObservatoryList(text: Self.text).observatory("500").geocentric(at: Moment(utc: 60_000))
        #expect(state.position == .zero)
    }

    @Test("A satellite and an unknown code are refused by name")
    func refused() throws {
        let list = try ObservatoryList(text: Self.text)
        #expect(throws: EphemerisError.observatoryWithoutPlace(code: "250", name: "Hubble Space Telescope")) { try list.observatory("250") }
        #expect(throws: EphemerisError.unknownObservatory(code: "ZZZ")) { try list.observatory("ZZZ") }
    }

    @Test(
        "A line that is damaged is named by its number",
        arguments: ["X05 289.25058", "X05 289.2505x0.864981-0.500958Rubin", "X05 999.250580.864981-0.500958Rubin"])
    func damaged(_ line: String) {
        let thrown = #expect(throws: EphemerisError.self) { try ObservatoryList(text: Self.text + "\n" + line) }
        guard case .observatoryLine(number: 6, _)? = thrown else {
            Issue.record("\(String(describing: thrown))")
            return
        }
    }

    @Test("The whole list of the Minor Planet Center is read", .enabled(if: PackageFolder.hasData("ephemerides"), "needs data"))
    func whole() throws {
        let file = PackageFolder.data.appendingPathComponent("ephemerides/obscodes.txt")
        #expect(try ObservatoryList(text: String(contentsOf: file, encoding: .utf8)).count > 2300)
    }

    @Test("UTC and TAI differ by the leap seconds of their day, and both ways agree")
    func leapSeconds() throws {
        for (mjd, seconds) in [(41_500.0, 11.0), (51_544, 32), (57_753, 36), (57_754, 37), (61_000, 37)] {
            let moment = try Moment(utc: mjd)
            #expect(abs((moment.tai - moment.utc) * 86_400 - seconds) < 2e-6)
            #expect(abs(try Moment(tai: moment.tai).utc - mjd) < 2e-11)
            #expect(abs(moment.tdb - moment.tt) * 86_400 < 0.002)
        }
    }

    @Test("A time that is no number or before UTC is refused", arguments: [Double.nan, .infinity, 0])
    func impossible(_ mjd: Double) {
        #expect(throws: EphemerisError.self) { try Moment(utc: mjd) }
        #expect(throws: EphemerisError.self) { try Moment(tai: mjd) }
    }
}
