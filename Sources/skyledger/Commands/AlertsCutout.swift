import Alerts
import ArgumentParser
import Catalog
import Foundation
import Images

struct AlertsCutout: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cutout", abstract: "The stamps of an alert for eyes: difference, science and template side by side, as PNG.",
        discussion: """
            Each stamp is stretched for itself (asinh above the noise), its first row at the bottom; a missing one is an empty frame. With --file
            any packet or container is shown instead of an alert of the ledger; wire forms and bare bodies need their schema by --schema.
            Example: skyledger alerts cutout 170032933619892227 --png stamps.png
            """)

    @Argument(help: "The alert's number in the ledger.") var id: Int64?
    @Option(help: "A file of a packet or container, instead of a number.") var file: String?
    @Option(help: "Which alert of a container, from 1.") var number = 1
    @Option(help: "Avro schema (.avsc) of a wire form or bare body; types that it lacks are read from files beside it.") var schema: String?
    @Option(help: "The picture to write.") var png: String
    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        guard (id == nil) != (file == nil) else { throw ValidationError("name an alert or a file with --file, one of the two") }
        guard file != nil || (schema == nil && number == 1) else { throw ValidationError("--schema and --number belong to --file") }
    }

    func run() throws {
        let (stamps, name) = try file.map { (try ofFile($0), $0) } ?? (ofLedger(id!), "alert \(id!)")
        guard !stamps.stamps.isEmpty else { throw NoStamps(name: name) }
        let images = try PacketStamps.names.map { stamp in
            try stamps[stamp].map { try StampImage(bytes: $0, place: "\(name), \(stamp) stamp") }
        }
        let picture = StampPNG.sideBySide(images)
        do { try Data(picture).write(to: URL(fileURLWithPath: png), options: .atomic) } catch {
            throw RequestError("\(png) cannot be written: \(error.localizedDescription)")
        }
    }

    private func ofFile(_ path: String) throws -> PacketStamps {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw RequestError("\(path) cannot be read: name a file of a packet")
        }
        do {
            return try PacketStamps(packet: [UInt8](data), schema: schema.map { try AvroSchema(file: $0) }, number: number)
        } catch let error as AvroError {
            throw RequestError("\(path): \(error)")
        }
    }

    private func ofLedger(_ id: Int64) throws -> PacketStamps {
        let connection = try instance.open().connect(as: .reader)
        guard let found = try LedgerReader(connection).alert(id) else {
            throw NoStamps(name: "alert \(id), which was never issued by this instance,")
        }
        let schema = try AvroSchema(LedgerRegistry(connection).schema(found.entry.alert.schemaId))
        return try PacketStamps(packet: found.packet, schema: schema)
    }
}

/// Stamps were asked for and there are none: the work cannot be done (exit code 1).
struct NoStamps: Error, CustomStringConvertible {
    var name: String

    var description: String { "\(name) has no stamps" }
}
