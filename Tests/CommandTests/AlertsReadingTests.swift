import Alerts
import Foundation
import Testing

@Suite("Alerts from the ledger", .serialized) struct AlertsReadingTests {
    @Test("get prints a summary, the bytes as they were issued, the decoded packet, the stamps and a proof that holds")
    func get() throws {
        let sky = try AlertsFixture()
        let stamp = Array("SIMPLE  =                    T".utf8)
        try sky.issue(visit: 5, at: (0..<5).map { (150 + Double($0), -30) }, stamp: stamp)
        let summary = try sky.run("get", "5001")
        #expect(summary.status == 0, "\(summary.errors)")
        for word in ["alert 5001", "late", "ra 151.0000000  dec -30.0000000", "prvDiaSources", "2 rows", "number 99", "visit 5", "place 1"]
        {
            let flat = word.split(separator: " ").joined(separator: " ")
            #expect(
                summary.output.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(flat), "\(word): \(summary.output)")
        }
        let file = sky.folder + "/raw"
        #expect(try sky.run("get", "5001", "--raw", "--output", file).status == 0)
        #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: file))) == AlertsFixture.packet(5001, stamp: stamp))
        let json = try AlertsFixture.json(sky.run("get", "5001", "--json").output)
        #expect(json["cutoutDifference"] as? String == Data(stamp).base64EncodedString())
        #expect((json["diaSource"] as? [String: Any])?["psfFlux"] as? String == "NaN")
        let cutouts = try sky.run("get", "5001", "--cutouts", sky.folder + "/stamps")
        #expect(cutouts.output == "\(sky.folder)/stamps/5001_difference.fits\n")
        #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: sky.folder + "/stamps/5001_difference.fits"))) == stamp)
        let proof = try AlertsFixture.json(sky.run("get", "5001", "--proof").output)
        let batch = try #require(proof["batch"] as? [String: Any])
        func bytes(_ value: Any?) throws -> [UInt8] {
            let digits = Array(try #require(value as? String))
            return try stride(from: 0, to: digits.count, by: 2).map { try #require(UInt8(String(digits[$0...$0 + 1]), radix: 16)) }
        }
        let siblings = try #require(proof["siblings"] as? [String]).map { try bytes($0) }
        #expect(try MerkleTree.holds(leaf: bytes(proof["leaf"]), at: 1, of: 5, proof: siblings, root: bytes(batch["root"])))
        #expect(try LedgerDigest().of(bytes(batch["previousLink"]), bytes(batch["root"]), bytes(batch["header"])) == bytes(batch["link"]))
    }

    @Test("list by region is what distances to each alert give, and the other conditions narrow it")
    func list() throws {
        let sky = try AlertsFixture()
        var generator = SystemRandomNumberGenerator()
        let places = (0..<900).map { _ in
            (ra: Double.random(in: 149...151, using: &generator), dec: Double.random(in: -31 ... -29, using: &generator))
        }
        for visit in 1...3 {
            try sky.issue(visit: Int64(visit), at: Array(places[300 * (visit - 1)..<300 * visit]), issuedMjdTai: 61360 + Double(visit))
        }
        func ids(_ arguments: String...) throws -> [Int64] {
            let outcome = try Program.run(["alerts", "list", "--format", "csv", "--instance", sky.directory] + arguments)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return outcome.output.split(separator: "\n").dropFirst().compactMap { Int64($0.prefix { $0 != "," }) }
        }
        /// Cosine of the angle to (150, -30).
        func separation(_ place: (ra: Double, dec: Double)) -> Double {
            let (d, e, a) = (place.dec * .pi / 180, -30 * Double.pi / 180, (place.ra - 150) * .pi / 180)
            return acos(sin(d) * sin(e) + cos(d) * cos(e) * cos(a)) * 180 / .pi * 3600
        }
        let inside = places.indices.filter { separation(places[$0]) < 1800 }.map { Int64(1000 * ($0 / 300 + 1) + $0 % 300) }
        #expect(!inside.isEmpty && inside.count < 900)
        #expect(try ids("--ra", "150", "--dec", "-30", "--radius-arcsec", "1800") == inside)
        #expect(try ids("--circle", "150 -30 0.5", "--visit", "2") == inside.filter { $0 / 1000 == 2 })
        #expect(try ids("--since", "61362", "--until", "61363", "--circle", "150 -30 0.5") == inside.filter { $0 / 1000 == 2 })
        #expect(try ids("--object", "3", "--circle", "150 -30 0.5") == inside.filter { $0 % 1000 % 7 == 2 })
        #expect(try ids("--visit", "1", "--limit", "5") == Array(1000..<1005))
        // Noon of Cerro Pachon's local mean time is 0.6965 of a day after midnight UTC.
        #expect(try ids("--night", "61361") == Array(2000..<2300))
        #expect(try ids("--night", "2026-11-16") == Array(1000..<1300))
    }

    @Test("verify ends with 1 where an alert was changed, and with 0 where none was; receipts show a chain that was cut")
    func verify() throws {
        let sky = try AlertsFixture()
        for visit in 1...3 {
            try sky.issue(visit: Int64(visit), at: (0..<20).map { (150 + Double($0) / 100, -30) }, issuedMjdTai: 61360 + Double(visit))
        }
        let receipt = sky.folder + "/receipt"
        let sound = try sky.run("verify", "--format", "json", "--save-receipt", receipt)
        #expect(sound.status == 0, "\(sound.errors)")
        let report = try AlertsFixture.json(sound.output)
        #expect(report["alerts"] as? Int == 60 && report["batches"] as? Int == 3 && report["faultCount"] as? Int == 0)
        #expect(
            try String(contentsOfFile: receipt, encoding: .utf8).hasPrefix(
                "skyledger-receipt-1 3 \(try #require(report["link"] as? String))"))
        #expect(try sky.run("verify", "--receipt", receipt).status == 0)
        #expect(try AlertsFixture.json(sky.run("verify", "--sample", "7", "--format", "json").output)["alerts"] as? Int == 7)
        #expect(try AlertsFixture.json(sky.run("verify", "--since", "3", "--format", "json").output)["alerts"] as? Int == 20)
        #expect(try AlertsFixture.json(sky.run("verify", "--since", "61361.5", "--format", "json").output)["alerts"] as? Int == 40)
        try sky.intrude(
            "UPDATE ledger.\"Alert\" SET \"packet\" = set_byte(\"packet\", 30, get_byte(\"packet\", 30) # 1) WHERE \"alertId\" = 2007")
        let changed = try sky.run("verify", "--format", "json", "--save-receipt", sky.folder + "/other")
        #expect(changed.status == 1)
        let faults = try #require(try AlertsFixture.json(changed.output)["faults"] as? [[String: Any]])
        #expect(faults.map { $0["alertId"] as? Int } == [2007] && faults[0]["kind"] as? String == "alertChanged")
        #expect(!FileManager.default.fileExists(atPath: sky.folder + "/other"))
        try sky.expect(["get", "2007"], status: 1, saying: "alerts verify")
        #expect(try sky.run("verify", "--since", "3").status == 0)
        try sky.intrude("DELETE FROM ledger.\"Alert\" WHERE \"visit\" = 3; DELETE FROM ledger.\"Batch\" WHERE \"visit\" = 3")
        let cut = try sky.run("verify", "--receipt", receipt)
        #expect(cut.status == 1 && cut.output.contains("batchMissing"), "\(cut.output)")
    }

    @Test("what does not exist or contradicts itself is one sentence: 1 where the work cannot be done, 2 where the request is wrong")
    func refusals() throws {
        let sky = try AlertsFixture()
        try sky.issue(visit: 1, at: [(150, -30)])
        for flag in ["--raw", "--json", "--proof"] { try sky.expect(["get", "7", flag], status: 1, saying: "no alert 7") }
        try sky.expect(["get", "7"], status: 1, saying: "no alert 7")
        try sky.expect(["trace", "7"], status: 1, saying: "no alert 7")
        try sky.expect(["get", "1000", "--cutouts", sky.folder], status: 1, saying: "without cutouts")
        try sky.expect(["export", "--night", "2020-01-01", "--output", sky.folder], status: 1, saying: "2020-01-01 (MJD 58849)")
        for night in ["2020-02-30", "yesterday", "1e5", "7"] {
            try sky.expect(["export", "--night", night], status: 2, saying: "'\(night)' is no night")
        }
        try sky.expect(["list", "--ra", "150"], status: 2, saying: "--radius-arcsec")
        try sky.expect(["list", "--circle", "150 -30 1", "--box", "1 1 2 2"], status: 2, saying: "one region")
        try sky.expect(["list", "--night", "61360", "--since", "1"], status: 2, saying: "not both")
        try sky.expect(["verify", "--since", "soon"], status: 2, saying: "soon")
        try sky.expect(["verify", "--receipt", sky.folder + "/none"], status: 2, saying: "none cannot be read")
        let bad = sky.folder + "/bad"
        try "hello".write(toFile: bad, atomically: true, encoding: .utf8)
        try sky.expect(["verify", "--receipt", bad], status: 2, saying: "receipt cannot be used")
        try sky.expect(["schemas", "--show", "5"], status: 1, saying: "no schema 5")
        try sky.expect(["dictionary", "--train", "10"], status: 2, saying: "no dictionary can be made")
        try sky.expect(["import", sky.folder + "/none.avro"], status: 2, saying: "none.avro")
        try sky.expect(["import", sky.folder], status: 2, saying: "directory")
        try sky.expect(["import", bad], status: 2, saying: "neither an Avro container")
        try sky.expect(["import", bad, "--source", "a b"], status: 2, saying: "'a b'")
    }
}
