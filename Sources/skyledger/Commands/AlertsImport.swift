import Alerts
import ArgumentParser
import Catalog
import Foundation

struct AlertsImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take alerts of others into the ledger: Avro containers and wire forms, of ZTF, LSST and alike.",
        discussion: """
            A file is stored in one transaction, as a batch of the kind "foreign" that is never changed either. What is in the ledger already is
            recognised and left out. A container with one record, or a wire form, comes back byte for byte; of a container with several the
            encoded bytes of each record do, in a Confluent frame. The first file that cannot be stored ends the command; files before it
            stay stored.
            Example: skyledger alerts import ztf/*.avro --source ztf
            """)

    @Argument(help: "Files of alerts.") var files: [String]
    @Option(help: "Who issued them: letters, digits, '-' and '_', at most 20.") var source: String?
    @Option(help: "table or json.") var format: OutputFormat = .table
    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        if files.isEmpty { throw ValidationError("name at least one file") }
        guard format == .table || format == .json else { throw ValidationError("the summary is printed as table or json") }
    }

    func run() throws {
        let instance = try instance.open()
        let connection = try instance.connect(as: .ingest)
        let foreign = try ForeignImport(
            connection: connection, pixelization: instance.pixelization(on: connection), source: source
        ) { try instance.connect(as: .ingest) }
        let bar = ProgressBar("files")
        defer { bar.end() }
        let interruption = Interruption("stopping after this file; run the same command again to import the rest")
        var summary = Summary()
        for (index, path) in files.enumerated() where !interruption.isRequested {
            let file = try ForeignFile(PacketFile.read(path), path: path) { id in
                try? DefaultSchema.alertFolder().schema(ofId: id)
            }
            let outcome = try foreign.store(file)
            summary.files += 1
            summary.alreadyIssued += outcome.alreadyIssued
            summary.stored += file.packets.count - outcome.alreadyIssued
            bar.update(done: index + 1, total: files.count)
        }
        bar.end()
        if format == .json {
            print(try AlertReports.json(summary))
        } else {
            print("\(summary.files) files, \(summary.stored) alerts stored, \(summary.alreadyIssued) were in the ledger already")
        }
        if interruption.isRequested { throw ExitCode(130) }
    }

    private struct Summary: Encodable {
        var files = 0
        var stored = 0
        var alreadyIssued = 0
    }
}

/// A file of packets, in memory.
enum PacketFile {
    static let sizeBytesMax = 1 << 31

    /// - Throws: `AvroError.file`
    static func read(_ path: String) throws -> [UInt8] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw AvroError.file(path: path, reason: "there is no such file")
        }
        if isDirectory.boolValue { throw AvroError.file(path: path, reason: "it is a directory: name the files in it") }
        guard let handle = FileHandle(forReadingAtPath: path), let size = try? handle.seekToEnd(), (try? handle.seek(toOffset: 0)) != nil
        else { throw AvroError.file(path: path, reason: "it may not be read") }
        guard size <= sizeBytesMax else {
            throw AvroError.file(path: path, reason: "it has \(size) bytes, at most \(sizeBytesMax) are read")
        }
        guard let data = try? handle.readToEnd(), !data.isEmpty else { throw AvroError.file(path: path, reason: "it is empty") }
        return [UInt8](data)
    }
}
