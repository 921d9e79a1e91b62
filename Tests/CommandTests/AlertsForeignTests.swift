import Alerts
import Foundation
import TestSupport
import Testing

@Suite("Alerts of others, through the program", .serialized) struct AlertsForeignTests {
    static let dependencies = PackageFolder.dependencies.path
    static let data = PackageFolder.data.path
    static let hasData = PackageFolder.hasData("ztf-alerts")
    static let noData: Comment = "needs the real alerts (SKYLEDGER_DATA)"

    /// The schemas of lsst-alert-packet, wherever the Python packages are.
    static let schemas: String? = {
        let library = dependencies + "/python/lib"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: library)) ?? []
        return versions.map { "\(library)/\($0)/site-packages/lsst/alert/packet/schema" }.first(where: FileManager.default.fileExists)
    }()

    private func inspect(_ arguments: String...) throws -> Program.Outcome {
        try Program.run(["alerts", "inspect"] + arguments, environment: Self.schemas.map { ["SKYLEDGER_ALERT_SCHEMAS": $0] } ?? [:])
    }

    private func bytes(_ path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) }

    @Test(
        "all real ZTF packets are imported once, come back equal to their files, and their stamps are gzip files",
        .enabled(if: hasData, noData))
    func ztf() throws {
        let sky = try AlertsFixture()
        let archive = Process()
        archive.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        archive.arguments = ["tar", "-xzf", Self.data + "/ztf-alerts/ampel/ztf_public_20180819_mod1000.tar.gz", "-C", sky.folder]
        try archive.run()
        archive.waitUntilExit()
        let files = (FileManager.default.enumerator(atPath: sky.folder)?.compactMap { $0 as? String } ?? [])
            .filter { $0.hasSuffix(".avro") && !$0.hasPrefix("sky/") }.sorted().map { sky.folder + "/" + $0 }
        #expect(files.count == 30)
        let first = try Program.run(["alerts", "import", "--instance", sky.directory, "--source", "ztf"] + files)
        #expect(first.status == 0 && first.output.hasPrefix("30 files, 30 alerts stored, 0 were"), "\(first.errors)")
        let again = try Program.run(["alerts", "import", "--instance", sky.directory, "--source", "ztf"] + files)
        #expect(again.status == 0 && again.output.hasPrefix("30 files, 0 alerts stored, 30 were"), "\(again.errors)")
        for file in files.prefix(5) {
            let id = try AvroContainer(reading: bytes(file)).values()[0]["candid"]?.integer ?? 0
            #expect(try sky.run("get", "\(id)", "--raw", "--output", sky.folder + "/raw").status == 0)
            #expect(try bytes(sky.folder + "/raw") == bytes(file))
            #expect(try sky.run("get", "\(id)", "--cutouts", sky.folder).status == 0)
            for name in ["difference", "science", "template"] {
                #expect(try bytes("\(sky.folder)/\(id)_\(name).fits.gz").starts(with: [0x1F, 0x8B]))
            }
        }
        #expect(try sky.run("list", "--format", "csv").output.split(separator: "\n").count == 31)
        #expect(try sky.run("schemas").output.contains("ztf.alert"))
        #expect(try sky.run("verify").status == 0)
    }

    @Test("a container that is cut off is refused by name, and nothing of it is stored", .enabled(if: hasData, noData))
    func truncated() throws {
        let sky = try AlertsFixture()
        let whole = try bytes(Self.data + "/ztf-alerts/fink/fink-client_part-3-305711.avro")
        let path = sky.folder + "/cut.avro"
        for size in [10, 5000, whole.count / 2, whole.count - 1] {
            try Data(whole.prefix(size)).write(to: URL(fileURLWithPath: path))
            try sky.expect(["import", path], status: 2, saying: "cut.avro")
            let inspected = try inspect(path)
            #expect(inspected.status == 2 && inspected.errors.split(separator: "\n").count == 1, "\(inspected.errors)")
        }
        #expect(try sky.run("list", "--format", "csv").output.split(separator: "\n").count == 1)
    }

    @Test("containers, wire forms and bare bodies are recoded to the same bytes", .enabled(if: hasData && schemas != nil, noData))
    func recode() throws {
        let folder = Program.temporary()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let wire = Self.data + "/lsst-alert-wire/boom_7912941781254298.v9.confluent.avro"
        let bare = folder + "/bare"
        try Data(bytes(wire).dropFirst(5)).write(to: URL(fileURLWithPath: bare))
        for file in [Self.data + "/ztf-alerts/fink/fink-client_part-3-305711.avro", wire, bare] {
            let outcome = try inspect(file, "--recode", folder + "/again")
            #expect(outcome.status == 0 && outcome.output.contains("the same bytes"), "\(outcome.output)\(outcome.errors)")
            #expect(try bytes(folder + "/again") == bytes(file))
        }
        let json = try inspect(wire, "--json")
        let values = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
        #expect(values.count == 1 && values[0]["diaSourceId"] as? Int64 == 7_912_941_781_254_298)
    }

    @Test("a file that is no packet is one sentence and exit code 2")
    func noPacket() throws {
        for (text, word) in [("hello", "neither a container"), ("", "empty")] {
            let path = Program.temporary(".txt")
            defer { try? FileManager.default.removeItem(atPath: path) }
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let outcome = try inspect(path)
            #expect(outcome.status == 2 && outcome.output.isEmpty)
            #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.errors.contains(word), "\(outcome.errors)")
        }
    }
}
