import Catalog
import Foundation

/// Writes the alerts of a span of time into object containers: one for each schema, those of others apart. In each the records are in the
/// order of the chain. The files appear whole or not at all.
///
///     let files = try LedgerExport(reader, packets).run(night, named: "2026-08-01", into: directory)
///
/// The memory needed is that of some hundred packets. A file's bytes depend on the alerts, its name and zlib's version alone.
public struct LedgerExport {
    public struct File: Sendable, Equatable {
        public var path: String
        public var schemaId: Int32
        public var isForeign: Bool
        public var count: Int
    }

    private let reader: LedgerReader
    private let packets: LedgerPackets

    public init(_ reader: LedgerReader, _ packets: LedgerPackets) {
        self.reader = reader
        self.packets = packets
    }

    /// - Parameters:
    ///   - span: of the time of issue, MJD TAI.
    ///   - name: what the files are called by: "alerts-NAME-1100.avro", "alerts-NAME-foreign-9f3c21aa.avro" with the digits of the schema's
    ///     number in 32 bits.
    ///   - progress: told the alerts that were written; false ends the run without files.
    /// - Returns: the files, by name; none where the span has no alerts or the run was ended.
    /// - Throws: `ExportError`, `LedgerError`, `PostgresError`; no file is left then.
    public func run(
        _ span: Range<Double>, named name: String, into directory: String, progress: (Int) -> Bool = { _ in true }
    ) throws -> [File] {
        var open: [Key: ExportFile] = [:]
        struct Stopped: Error {}
        do {
            var done = 0
            try reader.export(issuedMjdTai: span) { entry, packet in
                let key = Key(schemaId: entry.alert.schemaId, isForeign: ForeignImport.isForeign(entry.key))
                if open[key] == nil {
                    open[key] = try ExportFile(
                        "\(directory)/alerts-\(name)-\(key.suffix).avro", schema: packets.schema(key.schemaId),
                        name: "\(name) \(key.suffix)")
                }
                try open[key]?.append(packets.body(entry, packet))
                done += 1
                guard progress(done) else { throw Stopped() }
            }
            for file in open.values { try file.finish() }
        } catch {
            for file in open.values { file.discard() }
            if error is Stopped { return [] }
            throw error
        }
        return try open.sorted { $0.value.path < $1.value.path }.map { key, file in
            try file.publish()
            return File(path: file.path, schemaId: key.schemaId, isForeign: key.isForeign, count: file.count)
        }
    }

    private struct Key: Hashable {
        var schemaId: Int32
        var isForeign: Bool

        var suffix: String {
            isForeign ? "foreign-" + String(UInt32(bitPattern: schemaId), radix: 16) : "\(schemaId)"
        }
    }
}

/// A file that cannot be written. Prints as one sentence.
public struct ExportError: Error, Sendable, Equatable, CustomStringConvertible {
    public var path: String
    public var reason: String

    public var description: String { "\(path) cannot be written: \(reason)" }
}

/// One container on its way: under another name until all of it is on the disk.
private final class ExportFile {
    let path: String
    private(set) var count = 0
    private let temporary: String
    private let handle: FileHandle
    private var writer: AvroContainerWriter

    init(_ path: String, schema: AvroSchema, name: String) throws {
        self.path = path
        let temporary = "\(path).writing-\(getpid())"
        guard FileManager.default.createFile(atPath: temporary, contents: nil), let handle = FileHandle(forWritingAtPath: temporary) else {
            throw ExportError(path: path, reason: String(cString: strerror(errno)))
        }
        (self.temporary, self.handle) = (temporary, handle)
        let sync = LedgerDigest().of(Array("skyledger export \(name) \(schema.fingerprint)".utf8))
        writer = AvroContainerWriter(schema: schema, sync: Array(sync.prefix(AvroContainer.syncSizeBytes))) { bytes in
            do { try handle.write(contentsOf: bytes) } catch { throw ExportError(path: path, reason: error.localizedDescription) }
        }
    }

    func append(_ body: [UInt8]) throws {
        try writer.append(body)
        count += 1
    }

    func finish() throws {
        try writer.finish()
        do {
            try handle.synchronize()
            try handle.close()
        } catch { throw ExportError(path: path, reason: error.localizedDescription) }
    }

    func publish() throws {
        guard rename(temporary, path) == 0 else {
            let reason = String(cString: strerror(errno))
            discard()
            throw ExportError(path: path, reason: reason)
        }
    }

    func discard() { unlink(temporary) }
}
