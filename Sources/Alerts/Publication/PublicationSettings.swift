import Foundation
import Yams

/// Where alerts are published and how hard it is tried.
///
///     var settings = try PublicationSettings(file: "publication.yaml")
///     settings.bootstrapServers = "broker1:9092,broker2:9092"
///     try settings.check()
public struct PublicationSettings: Codable, Sendable, Equatable {
    /// Brokers that a producer asks first, `host:port`, separated by commas.
    public var bootstrapServers = "localhost:9092"
    /// Name of the topic. `{schema}` stands for the packet's version (MAJOR.MINOR), `{id}` for the number of its schema.
    public var topic = "skyledger-alerts-v{schema}"
    /// A Confluent-style schema registry; nil where schemas are registered by other means.
    public var registryURL: String?
    /// Name of the registry's subject; `{topic}` stands for the topic, `{schema}` and `{id}` as in the topic.
    public var subject = "{topic}-value"
    /// Kinds of batches that are published. Others stay in the ledger alone.
    public var kinds = ["visit", "belowThreshold", "target"]
    /// How messages are compressed between producer and broker: none, gzip, snappy, lz4 or zstd.
    public var compression = "zstd"
    /// How long the producer waits for company before it sends, milliseconds.
    public var lingerMilliseconds = 5.0
    /// How long a message is tried before it counts as failed, seconds. This bounds all retries of the broker.
    public var messageTimeoutSeconds = 60.0
    /// A message may have at most so many bytes; the broker has a limit of its own.
    public var messageSizeBytesMax = 16 << 20
    /// Packets may wait for their acknowledgement with at most so many bytes together. A crash repeats at most these.
    public var outstandingBytesMax = 32 << 20
    /// How often the registry is asked before it counts as failed.
    public var registryAttempts = 4
    /// Wait before the second attempt, seconds; it doubles with each.
    public var registryBackoffSeconds = 0.5
    /// How long one answer of the registry may take, seconds.
    public var registryTimeoutSeconds = 10.0
    /// Further properties of librdkafka, for instance `security.protocol`. They may not undo what delivery depends on.
    public var properties: [String: String] = [:]

    /// Properties that the producer itself must set: without them, order and single delivery are not what is promised.
    static let ownProperties: Set<String> = [
        "bootstrap.servers", "metadata.broker.list", "enable.idempotence", "acks", "request.required.acks", "message.timeout.ms",
        "delivery.timeout.ms", "compression.type", "compression.codec", "linger.ms", "queue.buffering.max.ms", "message.max.bytes",
        "queue.buffering.max.messages", "queue.buffering.max.kbytes", "retries", "message.send.max.retries", "max.in.flight",
        "max.in.flight.requests.per.connection", "transactional.id",
    ]

    enum CodingKeys: String, CodingKey, CaseIterable {
        case bootstrapServers, topic, registryURL, subject, kinds, compression, lingerMilliseconds, messageTimeoutSeconds
        case messageSizeBytesMax, outstandingBytesMax, registryAttempts, registryBackoffSeconds, registryTimeoutSeconds, properties
    }

    public init() {}

    /// What a document does not say stays at its default.
    public init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func read<T: Decodable>(_ key: CodingKeys, _ into: inout T) throws {
            if let value = try values.decodeIfPresent(T.self, forKey: key) { into = value }
        }
        try read(.bootstrapServers, &bootstrapServers)
        try read(.topic, &topic)
        registryURL = try values.decodeIfPresent(String.self, forKey: .registryURL)
        try read(.subject, &subject)
        try read(.kinds, &kinds)
        try read(.compression, &compression)
        try read(.lingerMilliseconds, &lingerMilliseconds)
        try read(.messageTimeoutSeconds, &messageTimeoutSeconds)
        try read(.messageSizeBytesMax, &messageSizeBytesMax)
        try read(.outstandingBytesMax, &outstandingBytesMax)
        try read(.registryAttempts, &registryAttempts)
        try read(.registryBackoffSeconds, &registryBackoffSeconds)
        try read(.registryTimeoutSeconds, &registryTimeoutSeconds)
        try read(.properties, &properties)
    }

    /// The topic of packets with a schema.
    public func topic(schemaId: UInt32) -> String { Self.filled(topic, schemaId) }

    /// The registry's subject of a schema.
    public func subject(schemaId: UInt32) -> String {
        Self.filled(subject.replacingOccurrences(of: "{topic}", with: topic), schemaId)
    }

    private static func filled(_ template: String, _ schemaId: UInt32) -> String {
        template.replacingOccurrences(of: "{schema}", with: "\(schemaId / 100).\(schemaId % 100)")
            .replacingOccurrences(of: "{id}", with: "\(schemaId)")
    }
}

extension PublicationSettings {
    /// Settings from a YAML file.
    /// - Throws: `PublicationError.settings` naming the file and the setting.
    public init(file path: String) throws {
        do {
            guard let bytes = FileManager.default.contents(atPath: path) else {
                throw PublicationError.settings("it cannot be read: name a file of settings that is there")
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let known = Set(CodingKeys.allCases.map(\.rawValue))
            guard let node = try Yams.compose(yaml: text) else {
                self.init()
                return
            }
            guard let mapping = node.mapping else { throw PublicationError.settings("it must hold settings, one a line") }
            if let other = mapping.keys.compactMap(\.string).first(where: { !known.contains($0) }) {
                throw PublicationError.settings("there is no setting \(other): known are \(known.sorted().joined(separator: ", "))")
            }
            self = try YAMLDecoder().decode(Self.self, from: text)
            try check()
        } catch PublicationError.settings(let reason) {
            throw PublicationError.settings("\(path): \(reason)")
        } catch let error as DecodingError {
            throw PublicationError.settings("\(path): \(Self.sentence(error))")
        } catch {
            throw PublicationError.settings("\(path): " + "\(error)".split(whereSeparator: \.isNewline).joined(separator: " "))
        }
    }

    private static func sentence(_ error: DecodingError) -> String {
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context), .dataCorrupted(let context):
            "the setting \(context.codingPath.map(\.stringValue).joined(separator: ".")) has a value of the wrong kind"
        @unknown default: "\(error)"
        }
    }

    /// - Throws: `PublicationError.settings` naming the setting, its value and what it may be.
    public func check() throws {
        func require(_ holds: Bool, _ name: String, _ value: Any, _ rule: String) throws {
            if !holds { throw PublicationError.settings("the setting \(name) is \(value): it must be \(rule)") }
        }
        try require(!bootstrapServers.isEmpty, "bootstrapServers", "empty", "host:port, several separated by commas")
        let name = topic(schemaId: 1000)
        try require(
            (1...249).contains(name.utf8.count) && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
                && name != "." && name != "..",
            "topic", topic, "letters, digits, dots, hyphens and underscores with {schema} or {id}, at most 249 of them")
        try require(!subject.isEmpty, "subject", "empty", "the name of a subject, with {topic}, {schema} or {id}")
        if let registryURL {
            let url = URL(string: registryURL)
            try require(
                (url?.scheme == "http" || url?.scheme == "https") && url?.host?.isEmpty == false, "registryURL", registryURL,
                "http://host:port or https://host:port")
        }
        try require(!kinds.isEmpty, "kinds", "empty", "at least one kind of batch")
        let compressions = ["none", "gzip", "snappy", "lz4", "zstd"]
        try require(compressions.contains(compression), "compression", compression, "one of " + compressions.joined(separator: ", "))
        try require((0...900_000).contains(lingerMilliseconds), "lingerMilliseconds", lingerMilliseconds, "from 0 to 900000")
        try require((1...3600).contains(messageTimeoutSeconds), "messageTimeoutSeconds", messageTimeoutSeconds, "from 1 to 3600")
        try require(
            lingerMilliseconds < messageTimeoutSeconds * 1000, "lingerMilliseconds", lingerMilliseconds, "less than messageTimeoutSeconds")
        try require(
            (1000...1_000_000_000).contains(messageSizeBytesMax), "messageSizeBytesMax", messageSizeBytesMax, "from 1000 to 1000000000")
        try require(
            (1 << 16...1 << 30).contains(outstandingBytesMax), "outstandingBytesMax", outstandingBytesMax,
            "from \(1 << 16) to \(1 << 30)")
        try require((1...100).contains(registryAttempts), "registryAttempts", registryAttempts, "from 1 to 100")
        try require((0...60).contains(registryBackoffSeconds), "registryBackoffSeconds", registryBackoffSeconds, "from 0 to 60")
        try require((0.1...600).contains(registryTimeoutSeconds), "registryTimeoutSeconds", registryTimeoutSeconds, "from 0.1 to 600")
        for property in properties.keys.sorted() where Self.ownProperties.contains(property) {
            throw PublicationError.settings("the setting properties.\(property) is not free: what is published depends on it; leave it out")
        }
    }
}
