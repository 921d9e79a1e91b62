import Alerts
import Foundation
import Testing

@Suite("Containers piece by piece") struct AvroContainerWriterTests {
    @Test(
        "a container that is written record by record holds them in their order, in blocks of bounded size",
        arguments: AvroContainer.Codec.allCases)
    func blocks(codec: AvroContainer.Codec) throws {
        let schema = try AvroSchema("\"bytes\"")
        let values = (0..<9).map { AvroValue.bytes([UInt8](repeating: UInt8($0), count: 300_000)) }
        var file: [UInt8] = []
        var writer = AvroContainerWriter(schema: schema, codec: codec, sync: [UInt8](0..<16)) { file += $0 }
        for value in values { try writer.append(AvroEncoder(schema).encode(value)) }
        try writer.finish()
        let container = try AvroContainer(reading: file)
        #expect(try container.values() == values)
        #expect(container.blocks.map(\.valueCount) == [4, 4, 1])
    }

    @Test("a container without records is a header")
    func empty() throws {
        var file: [UInt8] = []
        var writer = AvroContainerWriter(schema: try AvroSchema("\"long\""), sync: [UInt8](0..<16)) { file += $0 }
        try writer.finish()
        #expect(try AvroContainer(reading: file).blocks.isEmpty)
    }
}

extension LedgerTests {
    @Suite("A night as files") struct LedgerExportTests {
        private func folder() throws -> String {
            let path = NSTemporaryDirectory() + "/export-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            return path
        }

        private func export(_ fixture: LedgerFixture, _ folder: String, progress: (Int) -> Bool = { _ in true }) throws -> [LedgerExport
            .File]
        {
            try LedgerExport(LedgerReader(fixture.connection), LedgerPackets(LedgerRegistry(fixture.connection)))
                .run(61360..<61361, named: "night", into: folder, progress: progress)
        }

        /// Alerts of a visit as frames of a schema of bytes.
        private func issue(_ fixture: LedgerFixture, _ visit: Int64, schemaId: Int32, at time: Double = 61360.3) throws -> [[UInt8]] {
            let bodies = try (0..<300).map { i in
                try AvroEncoder(AvroSchema("\"bytes\"")).encode(.bytes([UInt8](repeating: UInt8(i & 0xFF), count: i)))
            }
            let alerts = bodies.enumerated().map { i, body in
                IssuedAlert(
                    LedgerAlert(
                        alertId: visit * 1000 + Int64(i), diaSourceId: nil, ra: 1, dec: 1, pixelId: 1, schemaId: schemaId),
                    packet: ConfluentFrame(schemaId: UInt32(schemaId), body: body).bytes)
            }
            try fixture.connection.transaction {
                _ = try fixture.writer.append(LedgerBatchKey(generation: 1, visit: visit, detector: 1), issuedMjdTai: time, alerts)
            }
            return bodies
        }

        @Test("a file for each schema, its records in the order of the chain, and nothing of other nights")
        func schemas() throws {
            let fixture = try LedgerFixture.fresh()
            try LedgerRegistry(fixture.connection).add(schemaId: 1001, text: "\"bytes\"")
            var first = try issue(fixture, 5, schemaId: 1000)
            let second = try issue(fixture, 3, schemaId: 1001)
            first += try issue(fixture, 4, schemaId: 1000, at: 61360.2)
            _ = try issue(fixture, 6, schemaId: 1000, at: 61361.2)
            let folder = try folder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let files = try export(fixture, folder)
            #expect(files.map { ($0.path as NSString).lastPathComponent } == ["alerts-night-1000.avro", "alerts-night-1001.avro"])
            #expect(files.map(\.count) == [600, 300])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
            for (file, bodies) in zip(files, [first, second]) {
                let container = try AvroContainer(reading: AvroScript.bytes(file.path))
                #expect(container.codec == .deflate)
                #expect(try container.blocks.indices.flatMap { try container.body(ofBlock: $0) } == bodies.flatMap { $0 })
            }
        }

        @Test("a run that is ended, or fails, leaves no file, and what was there before stays")
        func nothing() throws {
            let fixture = try LedgerFixture.fresh()
            _ = try issue(fixture, 5, schemaId: 1000)
            let folder = try folder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let before = try export(fixture, folder)
            let bytes = try AvroScript.bytes(before[0].path)
            #expect(try export(fixture, folder) { $0 < 100 }.isEmpty)
            // A packet that is no frame of its schema's number.
            try fixture.issue(9, issuedMjdTai: 61360.4)
            #expect(throws: LedgerError.self) { try export(fixture, folder) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
            #expect(try AvroScript.bytes(before[0].path) == bytes)
            #expect(throws: ExportError.self) { try export(fixture, folder + "/none") }
        }

        @Test(
            "fastavro reads exported foreign alerts to the values that it reads from the files they came in",
            .enabled(if: AvroScript.hasData && AvroScript.hasPython))
        func fastavro() throws {
            let fixture = try LedgerFixture.fresh()
            let (ampel, paths) = try AvroRealFiles.unpackAmpel()
            let folder = try folder()
            defer { for path in [ampel, folder] { try? FileManager.default.removeItem(atPath: path) } }
            let instance = fixture.instance
            let foreign = try ForeignImport(
                connection: fixture.connection, pixelization: instance.pixelization(on: fixture.connection)
            ) { try instance.connect(as: .ingest) }
            for path in paths + AvroRealFiles.containers {
                try foreign.store(ForeignFile(AvroScript.bytes(path), path: path), issuedMjdTai: 61360.5)
            }
            let files = try export(fixture, folder)
            #expect(files.count == 3 && files.allSatisfy(\.isForeign))
            func bodies(_ paths: [String]) throws -> [String] {
                try AvroScript.output(of: AvroScript.python, [AvroScript.root.path + "/tools/golden/avro_bodies.py"] + paths)
                    .split(separator: "\n").map(String.init)
            }
            let exported = try bodies(files.map(\.path))
            let originals = try bodies(paths + AvroRealFiles.containers)
            #expect(exported.count == 68 && exported.sorted() == originals.sorted())
        }
    }
}
