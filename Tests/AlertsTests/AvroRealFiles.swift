import Alerts
import Foundation

/// The real packets: containers and wire forms of the data folder, and the schemas of lsst-alert-packet.
enum AvroRealFiles {
    static let containers = ["lsst-alerts-fink/fink-client_part-2-918301.avro", "ztf-alerts/fink/fink-client_part-3-305711.avro"]
        .map { AvroScript.data + "/" + $0 }

    /// One wire form with the schema that its number names.
    struct Wire: CustomStringConvertible, Sendable {
        let path: String
        let version: AlertSchemaFolder.Version

        var description: String { (path as NSString).lastPathComponent }
        var schemaFile: String { AvroRealFiles.schemaFile(version) }
    }

    static let wires: [Wire] = {
        let folder = AvroScript.data + "/lsst-alert-wire/"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "pittgoogle")) ?? []
        let paths = ["boom_7912941781254298.v9.confluent.avro"] + names.sorted().filter { $0.hasSuffix(".avro") }.map { "pittgoogle/" + $0 }
        return paths.compactMap { path in
            (try? ConfluentFrame(reading: AvroScript.bytes(folder + path))).map { Wire(path: folder + path, version: $0.lsstVersion) }
        }
    }()

    /// From the package; the newest may be in the data folder alone.
    static func schemaFile(_ version: AlertSchemaFolder.Version) -> String {
        let name = "lsst.v\(version.major)_\(version.minor).alert.avsc"
        let packaged = "\(AvroScript.packetSchemas)/\(version.major)/\(version.minor)/\(name)"
        if FileManager.default.fileExists(atPath: packaged) { return packaged }
        return AvroScript.data + "/lsst-alert-wire/pittgoogle/schema-\(version)/\(name)"
    }

    /// The 30 packets of the AMPEL archive, unpacked into a folder that the caller removes.
    static func unpackAmpel() throws -> (folder: String, paths: [String]) {
        let folder = NSTemporaryDirectory() + "/avro-ampel-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try AvroScript.output(
            of: "/usr/bin/env", ["tar", "-xzf", AvroScript.data + "/ztf-alerts/ampel/ztf_public_20180819_mod1000.tar.gz", "-C", folder])
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return (folder, files.filter { $0.hasSuffix(".avro") }.sorted().map { folder + "/" + $0 })
    }
}
