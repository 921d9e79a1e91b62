import Alerts
import ArgumentParser
import Foundation

struct AlertsGet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "One alert as it was issued.",
        discussion: """
            Without a flag a summary is printed. --raw gives the bytes that were issued; of a foreign alert they are the file that was imported,
            or its record in a Confluent frame where the file had several. --json gives the decoded packet: byte strings as texts in base 64,
            numbers that are none as the texts "NaN", "Infinity" and "-Infinity". --cutouts writes the stamps as ID_difference.fits and so
            on, those compressed with gzip as .fits.gz. --proof gives what shows that the alert is in its batch (RFC 6962).
            Example: skyledger alerts get 170032933619892227 --raw --output alert.avro
            """)

    @Argument(help: "The alert's number.") var id: Int64
    @Flag(help: "The bytes as they were issued.") var raw = false
    @Flag(help: "The decoded packet.") var json = false
    @Flag(help: "The Merkle proof, as JSON.") var proof = false
    @Option(help: "Write the stamps into this directory.") var cutouts: String?
    @Option(name: [.short, .long], help: "Write to this file instead of standard output.") var output: String?
    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        guard [raw, json, proof, cutouts != nil].count(where: { $0 }) <= 1 else {
            throw ValidationError("choose one of --raw, --json, --proof and --cutouts")
        }
        if cutouts != nil, output != nil { throw ValidationError("--cutouts names its files itself: leave out --output") }
    }

    func run() throws {
        let request = OutputRequest(format: .table, path: output)
        let ledger = try LedgerAccess(instance)
        if proof {
            guard let proof = try ledger.reader.proof(id) else { throw NoAlert(alertId: id) }
            return try RowOutput.text(AlertReports.json(of: proof) + "\n", request)
        }
        let (entry, packet) = try ledger.alert(id)
        if raw {
            guard output != nil || isatty(1) == 0 else {
                throw RequestError("a packet is binary: name a file with --output, or send standard output to one")
            }
            return try RowOutput.bytes(packet, request)
        }
        let value = try ledger.packets.value(entry, packet)
        if json { return try RowOutput.text(AvroJSON(bytes: .base64, indentation: 1).text(value) + "\n", request) }
        if let cutouts { return try write(PacketStamps(value), to: cutouts) }
        let summary = AlertSummary(entry, value, schemaName: try ledger.packets.schema(entry.alert.schemaId).root.name)
        try RowOutput.text(summary.text, request)
    }

    private func write(_ stamps: PacketStamps, to directory: String) throws {
        guard !stamps.stamps.isEmpty else { throw NoCutouts(alertId: id) }
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch { throw RequestError("\(directory) cannot be made a directory: \(error.localizedDescription)") }
        for stamp in stamps.stamps {
            let path = "\(directory)/\(id)_\(stamp.fileSuffix)"
            try RowOutput.bytes(stamp.bytes, OutputRequest(format: .table, path: path))
            print(path)
        }
    }
}

/// An alert whose stamps were asked for and that has none.
struct NoCutouts: Error, CustomStringConvertible {
    var alertId: Int64

    var description: String { "alert \(alertId) was issued without cutouts" }
}
