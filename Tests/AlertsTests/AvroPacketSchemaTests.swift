import Alerts
import Foundation
import Testing

@Suite("The schemas of lsst-alert-packet", .enabled(if: AvroScript.hasPython, AvroScript.missingPython))
struct AvroPacketSchemaTests {
    static let folder = try? AlertSchemaFolder(AvroScript.packetSchemas)
    static let versions = (folder?.versions ?? []).filter { $0.major >= 7 }

    @Test("every version has the canonical form and fingerprint that fastavro finds", arguments: versions)
    func canonicalForms(version: AlertSchemaFolder.Version) throws {
        let schema = try #require(Self.folder).schema(of: version)
        let expected = try AvroScript.chunks("canonical", [AvroRealFiles.schemaFile(version)]).map(AvroScript.text)
        #expect(schema.canonicalForm == expected.first)
        let bits = String(schema.fingerprint.byteSwapped, radix: 16)
        #expect(String(repeating: "0", count: 16 - bits.count) + bits == expected.last)
    }

    @Test("the sample alerts that the package carries come back byte for byte", arguments: versions)
    func samples(version: AlertSchemaFolder.Version) throws {
        let path = try #require(Self.folder).path + "/\(version.major)/\(version.minor)/sample_data/fakeAlert.avro"
        guard FileManager.default.fileExists(atPath: path) else { return }
        let found = try AvroInspection(AvroScript.bytes(path))
        #expect(found.kind == .container)
        #expect(!found.values.isEmpty)
        #expect(found.isRecodedEqual)
        #expect(try found.values.map(\.tokens) == AvroScript.chunks("read", [path]).map(AvroScript.text))
    }

    @Test("the sample alerts in JSON are encoded to fastavro's bytes, with defaults where they lack fields", arguments: versions)
    func samplesInJSON(version: AlertSchemaFolder.Version) throws {
        let path = try #require(Self.folder).path + "/\(version.major)/\(version.minor)/sample_data/alert.json"
        guard FileManager.default.fileExists(atPath: path) else { return }
        let schema = try #require(Self.folder).schema(of: version)
        let value = try #require(schema.value(of: OrderedJSON(reading: AvroScript.text(AvroScript.bytes(path))), schema.root))
        #expect(try [AvroEncoder(schema).encode(value)] == AvroScript.chunks("sample", [AvroRealFiles.schemaFile(version), path]))
    }

    @Test("the text of a schema of several files reads alone as the same schema", arguments: versions)
    func selfContained(version: AlertSchemaFolder.Version) throws {
        let schema = try #require(Self.folder).schema(of: version)
        #expect(!schema.isOneText)
        let alone = try AvroSchema(schema.selfContainedText)
        #expect(alone.root == schema.root && alone.isOneText)
    }

    @Test("the newest version is the highest, and a number finds its schema")
    func newest() throws {
        let folder = try #require(Self.folder)
        #expect(folder.newest >= .init(major: 11, minor: 0))
        #expect(try folder.schema(ofId: 701)?.root.name == "lsst.v7_1.alert")
        #expect(try folder.schema(ofId: 9999) == nil)
    }
}
