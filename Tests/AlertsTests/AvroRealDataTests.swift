import Alerts
import Foundation
import Testing

@Suite("Real alerts", .enabled(if: AvroScript.hasData, AvroScript.missingData))
struct AvroRealDataTests {
    @Test("containers of real alerts come back byte for byte", arguments: AvroRealFiles.containers)
    func containers(path: String) throws {
        let bytes = try AvroScript.bytes(path)
        let container = try AvroContainer(reading: bytes)
        #expect(container.bytes == bytes)
        #expect(try container.recoded().bytes == bytes)
        #expect(try container.values().count == (path.contains("lsst") ? 7 : 31))
    }

    @Test("the ZTF packets of one night come back with their schema, value for value")
    func ampel() throws {
        let (folder, paths) = try AvroRealFiles.unpackAmpel()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(paths.count == 30)
        for path in paths {
            let bytes = try AvroScript.bytes(path)
            let found = try AvroInspection(bytes)
            #expect(found.isRecodedEqual, "\(path)")
            #expect(found.values.first?["candid"]?.integer != nil)
        }
    }

    @Test(
        "containers hold what fastavro reads", .enabled(if: AvroScript.hasPython, AvroScript.missingPython),
        arguments: AvroRealFiles.containers)
    func containersBesideFastavro(path: String) throws {
        let container = try AvroContainer(reading: AvroScript.bytes(path))
        #expect(try container.values().map(\.tokens) == AvroScript.chunks("read", [path]).map(AvroScript.text))
        let encoder = AvroEncoder(container.schema)
        #expect(try container.values().map(encoder.encode) == AvroScript.chunks("recode", [path]))
    }

    @Test(
        "wire forms of all versions hold what fastavro reads and come back byte for byte",
        .enabled(if: AvroScript.hasPython, AvroScript.missingPython), arguments: AvroRealFiles.wires)
    func wires(wire: AvroRealFiles.Wire) throws {
        let bytes = try AvroScript.bytes(wire.path)
        let found = try AvroInspection(bytes) { _ in try AvroSchema(file: wire.schemaFile) }
        #expect(found.kind == .confluent(schemaId: wire.version.schemaId))
        #expect(found.isRecodedEqual)
        #expect(try found.values.map(\.tokens) == AvroScript.chunks("read", [wire.path, wire.schemaFile]).map(AvroScript.text))
    }

    @Test("the wire forms are of the versions 7.0 to 11.1")
    func versions() {
        #expect(
            Set(AvroRealFiles.wires.map(\.version.description)).sorted() == [
                "10.0", "11.0", "11.1", "7.0", "7.1", "7.2", "7.3", "7.4", "8.0", "9.0",
            ])
    }

    @Test(
        "packets read by the schema of every other version become what fastavro makes of them, or are refused as there",
        .enabled(if: AvroScript.hasPython, AvroScript.missingPython), arguments: AvroRealFiles.wires)
    func resolution(wire: AvroRealFiles.Wire) throws {
        let readers = AvroRealFiles.wires.dropFirst().map(\.schemaFile)
        let writer = try AvroSchema(file: wire.schemaFile)
        let value = try AvroDecoder(writer).decode(AvroScript.bytes(wire.path), from: ConfluentFrame.headerSizeBytes)
        let expected = try AvroScript.chunks("resolve", [wire.path, wire.schemaFile] + readers).map(AvroScript.text)
        let resolved = try readers.map { file -> String in
            let reader = try AvroSchema(file: file)
            do { return try AvroResolution(from: writer, to: reader).resolve(value).tokens } catch is AvroError { return "" }
        }
        for (index, file) in readers.enumerated() { #expect(resolved[index] == expected[index], "\(file)") }
        #expect(resolved.contains { !$0.isEmpty })
    }
}
