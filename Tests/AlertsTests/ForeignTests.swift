import Alerts
import Foundation
import Testing

extension LedgerTests {
    @Suite("Alerts of others in the ledger") struct ForeignTests {
        private func importer(_ fixture: LedgerFixture, source: String? = nil) throws -> ForeignImport {
            let instance = fixture.instance
            return try ForeignImport(
                connection: fixture.connection, pixelization: instance.pixelization(on: fixture.connection), source: source
            ) { try instance.connect(as: .ingest) }
        }

        /// A container of alerts as ZTF names their fields.
        static func container(_ ids: [Int64], dec: Double = -30, codec: AvroContainer.Codec = .null) throws -> [UInt8] {
            let schema = try AvroSchema(
                """
                {"type": "record", "name": "alert", "fields": [{"name": "candid", "type": "long"}, {"name": "candidate", "type":
                {"type": "record", "name": "candidate", "fields": [{"name": "ra", "type": "double"}, {"name": "dec", "type": "double"}]}}]}
                """)
            var container = AvroContainer(schema: schema, codec: codec, sync: [UInt8](repeating: 7, count: 16))
            try container.append(
                ids.map { id in
                    .record(
                        AvroFields(
                            names: ["candid", "candidate"],
                            values: [.long(id), .record(AvroFields(names: ["ra", "dec"], values: [.double(150), .double(dec)]))]))
                })
            return container.bytes
        }

        @Test(
            "every real ZTF packet that is a file comes back byte for byte, and a second import stores nothing",
            .enabled(if: AvroScript.hasData))
        func files() throws {
            let fixture = try LedgerFixture.fresh()
            let (folder, paths) = try AvroRealFiles.unpackAmpel()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let foreign = try importer(fixture, source: "ztf")
            let reader = LedgerReader(fixture.connection)
            var batches: [LedgerBatch?] = []
            for path in paths {
                let bytes = try AvroScript.bytes(path)
                let file = try ForeignFile(bytes, path: path)
                batches.append(try foreign.store(file).batch)
                let found = try reader.alert(file.packets[0].alert.alertId)
                #expect(found?.packet == bytes, "\(path)")
                #expect(found?.entry.key.kind == "foreign:ztf" && found?.entry.alert.schemaId ?? 0 < 0)
                let again = try foreign.store(file)
                #expect(again.batch == nil && again.alreadyIssued == 1)
            }
            #expect(batches.count == 30 && !batches.contains(nil))
            #expect(try fixture.count("Alert") == 30 && fixture.verify().isSound)
        }

        @Test("each record of a container with several comes back with its encoded bytes behind a frame", .enabled(if: AvroScript.hasData))
        func records() throws {
            let fixture = try LedgerFixture.fresh()
            let packets = LedgerPackets(LedgerRegistry(fixture.connection))
            for path in AvroRealFiles.containers {
                let bytes = try AvroScript.bytes(path)
                let file = try ForeignFile(bytes, path: path)
                let container = try AvroContainer(reading: bytes)
                let values = try container.values()
                let outcome = try importer(fixture).store(file)
                #expect(Int(outcome.batch?.count ?? 0) == values.count && values.count > 1)
                for (packet, value) in zip(file.packets, values) {
                    let found = try #require(try LedgerReader(fixture.connection).alert(packet.alert.alertId))
                    let frame = try ConfluentFrame(reading: found.packet)
                    #expect(frame.schemaId == UInt32(bitPattern: file.schema.schemaId))
                    #expect(try frame.body == AvroEncoder(container.schema).encode(value))
                    #expect(try packets.value(found.entry, found.packet) == value)
                }
                #expect(try importer(fixture, source: "again").store(file).alreadyIssued == values.count)
            }
        }

        @Test(
            "wire forms of LSST are kept as they came, under a number that is none of LSST's",
            .enabled(if: AvroScript.hasData && AvroScript.hasPython))
        func wires() throws {
            for wire in AvroRealFiles.wires {
                let fixture = try LedgerFixture.fresh()
                let bytes = try AvroScript.bytes(wire.path)
                let file = try ForeignFile(bytes, path: wire.path) { _ in try AvroSchema(file: wire.schemaFile) }
                try importer(fixture).store(file)
                let found = try #require(try LedgerReader(fixture.connection).alert(file.packets[0].alert.alertId))
                #expect(found.packet == bytes && found.entry.alert.schemaId < 0, "\(wire)")
                let value = try LedgerPackets(LedgerRegistry(fixture.connection)).value(found.entry, found.packet)
                #expect(value["diaSource"]?["ra"]?.real == found.entry.alert.ra, "\(wire)")
            }
        }

        @Test("an alert that is in the ledger with other bytes stops its file before anything of it is stored, and is recorded")
        func otherBytes() throws {
            let fixture = try LedgerFixture.fresh()
            let foreign = try importer(fixture)
            try foreign.store(ForeignFile(Self.container([1, 2]), path: "a.avro"))
            let error = #expect(throws: ForeignError.self) {
                try foreign.store(ForeignFile(Self.container([3, 2], dec: -31), path: "b.avro"))
            }
            #expect(error == .otherBytes(path: "b.avro", alertId: 2, isRecorded: true))
            #expect(try fixture.count("Alert") == 2 && fixture.count("Refused") == 1)
            #expect(error?.description.contains("b.avro: alert 2 is in the ledger with other bytes") == true)
        }

        @Test("alerts that are known and alerts that are new may come in one file")
        func mixed() throws {
            let fixture = try LedgerFixture.fresh()
            try importer(fixture).store(ForeignFile(Self.container([1, 2]), path: "a.avro"))
            let outcome = try importer(fixture).store(ForeignFile(Self.container([1, 2, 3], codec: .deflate), path: "b.avro"))
            #expect(outcome.alreadyIssued == 2 && outcome.batch?.count == 1)
        }
    }
}

@Suite("Files of foreign alerts") struct ForeignFileTests {
    @Test("an alert twice in a file, a position off the sky and a record without number are named with file and record")
    func refusals() throws {
        let error = #expect(throws: ForeignError.self) {
            try ForeignFile(LedgerTests.ForeignTests.container([1, 2], dec: 91), path: "a.avro")
        }
        #expect(error?.description == "a.avro: record 1 is no alert: its position (150.0, 91.0) is none on the sky")
        let zero = #expect(throws: ForeignError.self) { try ForeignFile(LedgerTests.ForeignTests.container([1, 0]), path: "a.avro") }
        #expect(zero?.description.hasPrefix("a.avro: record 2 is no alert: it has no number") == true)
        #expect(throws: ForeignError.self) { try ForeignFile(LedgerTests.ForeignTests.container([]), path: "a.avro") }
        #expect(throws: ForeignError.self) { try ForeignFile(Array("hello".utf8), path: "a.txt") }
        #expect(throws: ForeignError.self) { try ForeignFile([0, 0, 0, 3, 0x84, 1], path: "a.bin") }
    }

    @Test("every truncation of a file is refused, or holds whole blocks", arguments: AvroContainer.Codec.allCases)
    func truncations(codec: AvroContainer.Codec) throws {
        let bytes = try LedgerTests.ForeignTests.container([1, 2, 3], codec: codec)
        for count in 0..<bytes.count {
            #expect(throws: ForeignError.self) { try ForeignFile(Array(bytes[..<count]), path: "cut.avro") }
        }
    }

    @Test("schemas with different texts have different numbers, all negative")
    func schemaIds() throws {
        let schemas = try (0..<500).map { i in
            ForeignSchema(try AvroSchema("{\"type\": \"fixed\", \"name\": \"f\", \"size\": \(i), \"doc\": \"x\"}"))
        }
        #expect(Set(schemas.map(\.schemaId)).count == 500 && schemas.allSatisfy { $0.schemaId < 0 })
    }
}
