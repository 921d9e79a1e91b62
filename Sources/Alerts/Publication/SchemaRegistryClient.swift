import Foundation

/// A Confluent-style schema registry over HTTP. Numbers of schemas are ours (major * 100 + minor), as Rubin registers them: they stand in
/// every packet, so a registry that knows the number by another schema is refused.
///
///     let registry = SchemaRegistryClient(url: "http://localhost:8081", settings)
///     try registry.ensure(1000, text, subject: "skyledger-alerts-v10.0-value")
struct SchemaRegistryClient {
    let url: String
    private let attempts: Int
    private let backoffSeconds: Double
    private let exchange: HTTPExchange

    init(url: String, _ settings: PublicationSettings) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        attempts = settings.registryAttempts
        backoffSeconds = settings.registryBackoffSeconds
        exchange = HTTPExchange(timeoutSeconds: settings.registryTimeoutSeconds)
    }

    /// Returns when the registry has said that it knows the number by this schema. Where it does not know it, it is registered.
    ///
    /// - Throws: `PublicationError.registry`, `.conflict`
    func ensure(_ schemaId: UInt32, _ text: String, subject: String) throws {
        if try isRegistered(schemaId, text) { return }
        let body = "{\"schema\":\(OrderedJSON.string(text).compact),\"schemaType\":\"AVRO\",\"id\":\(schemaId)}"
        let versions = "/subjects/\(escaped(subject))/versions"
        var answer = try ask("POST", versions, body)
        if answer.status == 422 || answer.status == 405 {
            // Numbers of one's own are taken in mode IMPORT only; other producers want the usual one back.
            let mode = try ask("PUT", "/mode/\(escaped(subject))?force=true", "{\"mode\":\"IMPORT\"}")
            guard mode.status == 200 else { throw failure("does not let numbers be given: PUT /mode answered \(mode.summary)") }
            let again = Result { try ask("POST", versions, body) }
            _ = try ask("PUT", "/mode/\(escaped(subject))", "{\"mode\":\"READWRITE\"}")
            answer = try again.get()
        }
        guard answer.status == 200 else { throw failure("refused schema \(schemaId): it answered \(answer.summary)") }
        guard answer.json["id"]?.integer == Int(schemaId) else {
            throw failure(
                "gave schema \(schemaId) the number \(answer.json["id"]?.compact ?? "?"), and packets say \(schemaId): use one that takes numbers (mode IMPORT)"
            )
        }
        guard try isRegistered(schemaId, text) else { throw failure("took schema \(schemaId) and does not know it") }
    }

    /// - Throws: `PublicationError.conflict` where the number is another schema's
    private func isRegistered(_ schemaId: UInt32, _ text: String) throws -> Bool {
        let answer = try ask("GET", "/schemas/ids/\(schemaId)", nil)
        if answer.status == 404 { return false }
        guard answer.status == 200 else { throw failure("answered \(answer.summary) for schema \(schemaId)") }
        guard let registered = answer.json["schema"]?.text else {
            throw failure("answered for schema \(schemaId) without a schema")
        }
        guard Self.areSame(registered, text) else {
            throw PublicationError.conflict(
                url: url, schemaId: schemaId, registered: Self.name(registered), own: Self.name(text))
        }
        return true
    }

    /// Whether packets of the two have the same bytes: by the texts, else by the Parsing Canonical Form (Avro 1.11), which registries keep.
    static func areSame(_ one: String, _ other: String) -> Bool {
        if one == other { return true }
        guard let first = try? AvroSchema(one), let second = try? AvroSchema(other) else { return false }
        return first.canonicalForm == second.canonicalForm
    }

    /// A schema in few characters: its name, if it has one, and its fingerprint.
    private static func name(_ text: String) -> String {
        guard let schema = try? AvroSchema(text) else { return "no Avro schema, \(text.utf8.count) bytes" }
        let json = try? OrderedJSON(reading: text)
        let name = [json?["namespace"]?.text, json?["name"]?.text].compactMap { $0 }.joined(separator: ".")
        return "\(name.isEmpty ? "without name" : name), fingerprint \(String(schema.fingerprint, radix: 16))"
    }

    private struct Answer {
        var status: Int
        var json: OrderedJSON

        var summary: String { "\(status)" + (json["message"]?.text.map { " (\($0.prefix(200)))" } ?? "") }
    }

    /// One request, repeated where the registry is away, in trouble or incomprehensible.
    private func ask(_ method: String, _ path: String, _ body: String?) throws -> Answer {
        guard let address = URL(string: url + path) else { throw failure("has an address that is none: \(path)") }
        var reason = ""
        for attempt in 0..<attempts {
            if attempt > 0 { Thread.sleep(forTimeInterval: min(60, backoffSeconds * pow(2, Double(attempt - 1)))) }
            do {
                let answer = try exchange.send(method, address, body: body)
                let json = try? OrderedJSON(reading: String(decoding: answer.body, as: UTF8.self))
                if answer.status >= 500 {
                    reason = "answered \(Answer(status: answer.status, json: json ?? .null).summary)"
                } else if let json, case .object = json {
                    return Answer(status: answer.status, json: json)
                } else if answer.status >= 400 {
                    return Answer(status: answer.status, json: .null)
                } else {
                    reason = "answered what is no JSON object"
                }
            } catch let failed as HTTPExchange.Failed {
                reason = failed.reason
            }
        }
        throw failure(reason + (attempts > 1 ? " (\(attempts) attempts)" : ""))
    }

    private func failure(_ reason: String) -> PublicationError { .registry(url: url, reason: reason) }

    private func escaped(_ subject: String) -> String {
        subject.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~"))) ?? subject
    }
}
