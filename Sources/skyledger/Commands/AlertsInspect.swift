import Alerts
import ArgumentParser
import Foundation

struct AlertsInspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "What a packet or container from anywhere holds; no instance is needed.",
        discussion: """
            Containers carry their schema. For LSST's wire forms and bare bodies it is looked for in the alert schemas that tools/bootstrap
            installed (SKYLEDGER_ALERT_SCHEMAS names another folder); for others name it with --schema. A bare body is taken to be of
            the newest version that reads it to its last byte. --json prints byte strings by their length and SHA-256.
            Example: skyledger alerts inspect alert.avro --recode again.avro
            """)

    @Argument(help: "The file.") var file: String
    @Option(help: "Avro schema (.avsc) of a wire form or a bare body; types that it lacks are read from files beside it.") var schema:
        String?
    @Flag(help: "The decoded values, a JSON array.") var json = false
    @Option(help: "Write the values, encoded again, to this file, and say whether its bytes are the same.") var recode: String?
    @Option(name: [.short, .long], help: "Write to this file instead of standard output.") var output: String?

    func run() throws {
        let bytes = try PacketFile.read(file)
        let found: AvroInspection
        var others: [AlertSchemaFolder.Version] = []
        do { found = try inspect(bytes, others: &others) } catch let error as AvroError {
            throw AvroError.file(path: file, reason: error.reason)
        }
        if let recode { try RowOutput.bytes(found.recoded, OutputRequest(format: .table, path: recode)) }
        let request = OutputRequest(format: .table, path: output)
        if json {
            let texts = found.values.map { AvroJSON(indentation: 1).text($0) }
            try RowOutput.text("[" + texts.joined(separator: ",\n") + "]\n", request)
        } else {
            try RowOutput.text(summary(found, bytes, others), request)
        }
        if let recode, !found.isRecodedEqual {
            remark("\(recode) is not byte for byte \(file): the first difference is at byte \(found.firstDifference ?? 0)")
            throw ExitCode(1)
        }
    }

    /// - Parameter others: older versions that read a bare body to its last byte too.
    private func inspect(_ bytes: [UInt8], others: inout [AlertSchemaFolder.Version]) throws -> AvroInspection {
        if let schema {
            let given = try AvroSchema(file: schema)
            // A bare body may begin as a frame does.
            if let framed = try? AvroInspection(bytes, schemaOfId: { _ in given }) { return framed }
            return try AvroInspection(bytes, bodySchema: given)
        }
        if AvroFileKind(bytes) == .container { return try AvroInspection(bytes) }
        let folder = try DefaultSchema.alertFolder()
        if case .confluent(let id) = AvroFileKind(bytes), let known = try folder.schema(ofId: id) {
            return try AvroInspection(bytes) { _ in known }
        }
        var newest: AvroInspection?
        for version in folder.versions.reversed() {
            guard let found = try? AvroInspection(bytes, bodySchema: folder.schema(of: version)) else { continue }
            if newest == nil { newest = found } else { others.append(version) }
        }
        if let newest { return newest }
        throw AvroError.frame(
            reason:
                "it is neither a container nor of any alert schema from \(folder.versions[0]) to \(folder.newest): name its schema with --schema"
        )
    }

    private func summary(_ found: AvroInspection, _ bytes: [UInt8], _ others: [AlertSchemaFolder.Version]) -> String {
        let kind =
            switch found.kind {
            case .container: "object container" + (found.isCompressed ? ", compressed" : "")
            case .confluent(let id): "wire form of schema \(id)"
            case .body: "bare body"
            }
        var lines = [
            "\(file)", "  kind      \(kind), \(bytes.count) bytes", "  schema    \(found.schema.root.name)",
            "  records   \(found.values.count)",
            "  recoded   "
                + (found.firstDifference.map { "not the same: the first difference is at byte \($0)" }
                    ?? (found.isCompressed ? "the same bytes, blocks compared decompressed" : "the same bytes")),
        ]
        if !others.isEmpty {
            let names = others.map { "\($0)" }.joined(separator: ", ")
            lines.append("  or        of version \(names), which read it to its last byte too: name the schema with --schema")
        }
        for value in found.values.prefix(20) {
            let facts = PacketFacts(value)
            let id = ["alertId", "candid", "diaSourceId"].lazy.compactMap { value[$0]?.integer }.first
            let histories = facts.histories.map { history in "\(history.name) \(history.count.map { "\($0)" } ?? "none")" }
            let stamps = PacketStamps(value).stamps.map { "\($0.name) \($0.bytes.count) bytes" }
            let parts = [facts.brightness ?? "", histories.joined(separator: ", "), stamps.joined(separator: ", ")]
            lines.append("  alert     \(id.map { "\($0)" } ?? "-")  " + parts.filter { !$0.isEmpty }.joined(separator: "; "))
        }
        if found.values.count > 20 { lines.append("            and \(found.values.count - 20) more") }
        return lines.joined(separator: "\n") + "\n"
    }
}
