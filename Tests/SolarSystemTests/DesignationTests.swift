import SolarSystem
import Testing

@Suite("Designations")
struct DesignationTests {
    /// Pairs from the MPC's documents on packed designations, and from the list of test cases at projectpluto.com/packed.htm.
    static let published: [(packed: String, unpacked: String)] = [
        ("J95X00A", "1995 XA"), ("J95X01L", "1995 XL1"), ("J95F13B", "1995 FB13"), ("J98SA8Q", "1998 SQ108"),
        ("J98SC7V", "1998 SV127"), ("J98SG2S", "1998 SS162"), ("K99AJ3Z", "2099 AZ193"), ("K08Aa0A", "2008 AA360"),
        ("K07Tf8A", "2007 TA418"), ("K23A12B", "2023 AB12"), ("I98P00A", "A898 PA"),
        ("PLS2040", "2040 P-L"), ("T1S3138", "3138 T-1"), ("T2S1010", "1010 T-2"), ("T3S4101", "4101 T-3"),
        ("_QC0000", "2026 CA620"), ("_QC0aEM", "2026 CZ6190"), ("_QCzzzz", "2026 CL591673"), ("_AH9fZ7", "2010 HJ92809"),
        ("_cRAZaz", "2038 RO101424"), ("_xMDZ3v", "2059 MX129941"),
        ("00433", "433"), ("G4060", "164060"), ("n1415", "491415"), ("~0000", "620000"), ("~000a", "620036"),
        ("~AZaz", "3140113"), ("~zzzz", "15396335"),
        ("CJ95O010", "C/1995 O1"), ("CJ94P01b", "C/1994 P1-B"), ("CK48X130", "C/2048 X13"), ("PK33L89c", "P/2033 L89-C"),
        ("CK88AA30", "C/2088 A103"), ("XJ65K810", "X/1965 K81"), ("DJ65Az9c", "D/1965 A619-C"), ("CK14UR1N", "C/2014 UN271"),
        ("P_WY0Mpc", "P/2032 YT4130"), ("C_MPCmpc", "C/2022 PY122525"),
        ("0041P", "41P"), ("0001I", "1I"), ("3141P      e", "3141P-E"), ("3141P     az", "3141P-AZ"), ("0073P      c", "73P-C"),
    ]

    @Test("designations of the published lists pack and unpack as published", arguments: published)
    func publishedPairs(pair: (packed: String, unpacked: String)) throws {
        let fromPacked = try Designation(packed: pair.packed)
        let fromText = try Designation(pair.unpacked)
        #expect(fromPacked == fromText)
        #expect(fromPacked.packed == pair.packed)
        #expect(fromPacked.unpacked == pair.unpacked)
    }

    @Test("every number near a change of form, and every thousandth, comes back from both forms")
    func numbers() throws {
        var numbers = Array(stride(from: 1, through: Designation.largestNumber, by: 9973))
        for edge in [99_999, 619_999, 359_999, Designation.largestNumber - 3] { numbers += (edge - 2)...(edge + 3) }
        for number in numbers {
            let designation = Designation.number(number)
            #expect(try Designation(packed: designation.packed) == designation && Designation(designation.unpacked) == designation)
        }
    }

    @Test("every half-month, letter and cycle of plain packing comes back, and no two share a packed form")
    func everyProvisional() throws {
        let letters = Array("ABCDEFGHJKLMNOPQRSTUVWXYZ")
        var seen = Set<String>()
        var count = 0
        for halfMonth in letters.dropLast() {
            for letter in letters {
                for cycle in Array(stride(from: 0, through: 660, by: 13)) + [99, 100, 619, 620] {
                    let one = try ProvisionalDesignation(year: 2024, halfMonth: halfMonth, letter: letter, cycle: cycle)
                    let designation = Designation.provisional(one)
                    #expect(try Designation(packed: designation.packed) == designation && Designation(designation.unpacked) == designation)
                    seen.insert(designation.packed)
                    count += 1
                }
            }
        }
        #expect(seen.count == count)
    }

    @Test("comets of every kind, year and fragment come back from both forms and from the integer")
    func everyComet() throws {
        for kind in Designation.CometKind.allCases {
            for year in [1066, 1811, 1995, 2026] {
                for (order, fragment) in [(1, ""), (99, "B"), (100, "Z"), (619, "")] {
                    let designation = Designation.comet(kind, .order(year: year, halfMonth: "F", order: order, fragment: fragment))
                    #expect(try Designation(packed: designation.packed) == designation && Designation(designation.unpacked) == designation)
                    #expect(try Designation(ssObjectId: #require(designation.ssObjectId)) == designation)
                }
            }
        }
    }

    @Test(
        "names and brackets are ignored",
        arguments: [
            ("(433) Eros", "433"), ("433 Eros (A898 PA)", "433"), ("1P/Halley", "1P"), ("C/1995 O1 (Hale-Bopp)", "C/1995 O1"),
            ("73P-C/Schwassmann-Wachmann", "73P-C"), ("1I/'Oumuamua (A/2017 U1)", "1I"), ("2020 AV2", "2020 AV2"),
            ("4179 Toutatis", "4179"),
        ])
    func names(text: String, bare: String) throws {
        #expect(try Designation(text).unpacked == bare)
    }

    @Test(
        "what is no designation is refused",
        arguments: [
            "", "Eros", "0", "15396336", "2020 IV2", "2020 AI2", "2020 ZA", "1898 PA", "A925 AA", "2020 AV02", "1999 AA620", "S/2003 J 2",
            "Q/1995 O1", "C/1995", "C/1995 O0", "C/1995 O1-", "C/1995 O620", "0 P-L", "73P-", "73P-c", "12345P", "433S",
        ])
    func refused(text: String) {
        #expect(throws: DesignationError.self) { try Designation(text) }
    }

    @Test(
        "what is no packed designation is refused",
        arguments: [
            "", "0000", "00000", "K20A02", "K20I02V", "J95O010", "J94P01b", "SK03J020", "U024S", "~00?0", "_Q?0000", "999X99A", "PLS0000",
            "QJ95O010", "0073P  c", "K20A0xV",
        ])
    func refusedPacked(text: String) {
        #expect(throws: DesignationError.self) { try Designation(packed: text) }
    }
}
