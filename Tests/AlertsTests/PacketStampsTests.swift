import Alerts
import Foundation
import Testing

@Suite("Stamps are found in packets")
struct PacketStampsTests {
    @Test(
        "real alerts of LSST and ZTF carry three stamps each: FITS, gzipped by ZTF",
        .enabled(
            if: AvroRealFiles.containers.allSatisfy { FileManager.default.fileExists(atPath: $0) }, "needs the alerts: SKYLEDGER_DATA"),
        arguments: zip(AvroRealFiles.containers, [Array("SIMPLE  =".utf8), [0x1f, 0x8b]]))
    func real(path: String, start: [UInt8]) throws {
        let stamps = try PacketStamps(packet: try AvroScript.bytes(path), schema: nil)
        for name in PacketStamps.names { #expect(try #require(stamps[name]).starts(with: start)) }
    }

    @Test(
        "an alert on the wire, with its frame or without, has the stamps that its schema tells",
        .enabled(if: !AvroRealFiles.wires.isEmpty, "needs lsst-alert-wire: SKYLEDGER_DATA"))
    func wire() throws {
        let wire = try #require(AvroRealFiles.wires.first { $0.description.hasPrefix("boom") })
        let (bytes, schema) = (try AvroScript.bytes(wire.path), try AvroSchema(file: wire.schemaFile))
        let framed = try PacketStamps(packet: bytes, schema: schema)
        #expect(framed.stamps.map(\.name) == PacketStamps.names)
        #expect(try PacketStamps(packet: Array(bytes[5...]), schema: schema) == framed)
        #expect(throws: AvroError.self) { try PacketStamps(packet: bytes, schema: nil) }
        #expect(throws: AvroError.self) { try PacketStamps(packet: bytes, schema: schema, number: 2) }
    }
}
