import CRdKafka
import Foundation

/// A message for a topic.
struct KafkaMessage {
    var topic: String
    var key: [UInt8]
    var value: [UInt8]
    var headers: [(name: String, value: String)]
}

/// What became of the messages that were sent since the last settlement.
struct KafkaSettlement {
    struct Failure {
        /// The tag that the message was sent with.
        var tag: Int
        var reason: String
        /// Whether the broker may have it all the same.
        var mayHaveArrived: Bool
    }

    /// Whether each tag was acknowledged, and when (seconds since 1970).
    var acknowledgedAt: [Double?]
    /// In the order in which they became known.
    var failures: [Failure] = []
}

/// An idempotent producer over librdkafka. Every message is accounted for: acknowledged by all in-sync replicas, or a failure with its
/// reason. One thread uses it at a time; librdkafka calls back on that thread only, from `rd_kafka_poll`.
///
///     let producer = try KafkaProducer(settings)
///     for (tag, message) in messages.enumerated() { try producer.send(message, tag: tag) }
///     let settlement = producer.settle()
final class KafkaProducer {
    private let handle: OpaquePointer
    private let timeoutSeconds: Double
    private let accounts = Accounts()

    /// Filled by librdkafka's callbacks.
    fileprivate final class Accounts {
        var acknowledgedAt: [Double?] = []
        var failures: [KafkaSettlement.Failure] = []
        var outstanding = 0
        /// What librdkafka said last of a broker, until a message is acknowledged again.
        var lastTrouble: String?
        var lastTopic: String?
    }

    /// - Throws: `PublicationError.settings` where librdkafka does not take a property, `.producer`
    init(_ settings: PublicationSettings) throws {
        timeoutSeconds = settings.messageTimeoutSeconds
        let configuration = rd_kafka_conf_new()
        var values: [(String, String)] = [
            ("bootstrap.servers", settings.bootstrapServers), ("client.id", "skyledger"), ("enable.idempotence", "true"), ("acks", "all"),
            ("compression.type", settings.compression), ("linger.ms", "\(settings.lingerMilliseconds)"),
            ("message.timeout.ms", "\(Int(settings.messageTimeoutSeconds * 1000))"),
            ("message.max.bytes", "\(settings.messageSizeBytesMax)"),
            ("queue.buffering.max.messages", "\(2 * PublicationPieces.countMax)"),
            ("queue.buffering.max.kbytes", "\(2 * max(settings.outstandingBytesMax, settings.messageSizeBytesMax) / 1024 + 1)"),
            // As Java's clients choose: an alert's partition is the same, whoever sends it.
            ("partitioner", "murmur2_random"),
        ]
        values += settings.properties.sorted { $0.key < $1.key }
        var reason = [CChar](repeating: 0, count: 512)
        for (name, value) in values where rd_kafka_conf_set(configuration, name, value, &reason, reason.count) != RD_KAFKA_CONF_OK {
            rd_kafka_conf_destroy(configuration)
            throw PublicationError.settings("librdkafka does not take \(name): \(Self.text(reason))")
        }
        rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(accounts).toOpaque())
        rd_kafka_conf_set_dr_msg_cb(configuration) { _, message, opaque in
            guard let message, let opaque else { return }
            Unmanaged<Accounts>.fromOpaque(opaque).takeUnretainedValue().settle(message)
        }
        rd_kafka_conf_set_error_cb(configuration) { _, _, reason, opaque in
            guard let reason, let opaque else { return }
            Unmanaged<Accounts>.fromOpaque(opaque).takeUnretainedValue().lastTrouble = String(cString: reason)
        }
        // What it would print goes into errors instead.
        rd_kafka_conf_set_log_cb(configuration) { _, _, _, _ in }
        guard let made = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &reason, reason.count) else {
            rd_kafka_conf_destroy(configuration)
            throw PublicationError.settings("librdkafka makes no producer: \(Self.text(reason))")
        }
        handle = made
        // Connects now rather than when the first alert waits. Whether that succeeds shows when alerts are sent.
        var found: UnsafePointer<rd_kafka_metadata>?
        if rd_kafka_metadata(handle, 0, nil, &found, 1000) == RD_KAFKA_RESP_ERR_NO_ERROR { rd_kafka_metadata_destroy(found) }
    }

    deinit {
        // Whatever is not settled by now was given up by its sender, and the ledger says so.
        rd_kafka_purge(handle, Int32(RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT))
        rd_kafka_destroy(handle)
    }

    /// Queues a message. Where the queue is full, waits for room.
    ///
    /// - Parameter tag: number of the message since the last settlement, from 0 without gaps.
    /// - Throws: `PublicationError.producer`; the message was not queued then.
    func send(_ message: KafkaMessage, tag: Int) throws {
        precondition(tag == accounts.acknowledgedAt.count, "messages are numbered without gaps")
        let deadline = Date(timeIntervalSinceNow: timeoutSeconds)
        while true {
            switch try queue(message, tag: tag) {
            case RD_KAFKA_RESP_ERR_NO_ERROR:
                accounts.acknowledgedAt.append(nil)
                accounts.outstanding += 1
                accounts.lastTopic = message.topic
                rd_kafka_poll(handle, 0)
                return
            case RD_KAFKA_RESP_ERR__QUEUE_FULL where Date() < deadline: rd_kafka_poll(handle, 20)
            case RD_KAFKA_RESP_ERR__FATAL: throw PublicationError.producer(reason: fatalReason ?? "librdkafka's producer ended")
            case let code: throw PublicationError.producer(reason: Self.text(code))
            }
        }
    }

    /// Waits until every message is acknowledged or failed, at most as long as messages are tried. After the first failure, the others
    /// that are not on their way are given up.
    ///
    /// - Parameter pulse: called several times a second.
    func settle(_ pulse: () -> Void = {}) -> KafkaSettlement {
        // librdkafka fails a message that is too old; the time beyond is for its reports.
        let deadline = Date(timeIntervalSinceNow: timeoutSeconds + 10)
        var isGivenUp = false
        while accounts.outstanding > 0, Date() < deadline {
            rd_kafka_poll(handle, 50)
            pulse()
            if !isGivenUp, !accounts.failures.isEmpty {
                isGivenUp = true
                rd_kafka_purge(handle, Int32(RD_KAFKA_PURGE_F_QUEUE))
            }
        }
        if accounts.outstanding > 0 {
            rd_kafka_purge(handle, Int32(RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT))
            for _ in 0..<100 where accounts.outstanding > 0 { rd_kafka_poll(handle, 50) }
        }
        for (tag, time) in accounts.acknowledgedAt.enumerated() where time == nil && !accounts.failures.contains(where: { $0.tag == tag }) {
            accounts.failures.append(.init(tag: tag, reason: "librdkafka never reported what became of it", mayHaveArrived: true))
        }
        if let fatalReason, !accounts.failures.isEmpty { accounts.failures[0].reason = fatalReason }
        if !accounts.failures.isEmpty, let trouble = topicTrouble() ?? accounts.lastTrouble {
            accounts.failures[0].reason += " (\(trouble))"
        }
        let settlement = KafkaSettlement(acknowledgedAt: accounts.acknowledgedAt, failures: accounts.failures)
        (accounts.acknowledgedAt, accounts.failures) = ([], [])
        return settlement
    }

    private func queue(_ message: KafkaMessage, tag: Int) throws -> rd_kafka_resp_err_t {
        guard let headers = rd_kafka_headers_new(message.headers.count) else {
            throw PublicationError.producer(reason: "there is no memory for a message")
        }
        for header in message.headers { rd_kafka_header_add(headers, header.name, -1, header.value, -1) }
        let code = message.topic.withCString { topic in
            message.key.withUnsafeBytes { key in
                message.value.withUnsafeBytes { value in
                    var arguments = [rd_kafka_vu_t](repeating: .init(), count: 6)
                    arguments[0].vtype = RD_KAFKA_VTYPE_TOPIC
                    arguments[0].u.cstr = topic
                    arguments[1].vtype = RD_KAFKA_VTYPE_KEY
                    arguments[1].u.mem = .init(ptr: UnsafeMutableRawPointer(mutating: key.baseAddress), size: key.count)
                    arguments[2].vtype = RD_KAFKA_VTYPE_VALUE
                    arguments[2].u.mem = .init(ptr: UnsafeMutableRawPointer(mutating: value.baseAddress), size: value.count)
                    arguments[3].vtype = RD_KAFKA_VTYPE_MSGFLAGS
                    arguments[3].u.i = RD_KAFKA_MSG_F_COPY
                    arguments[4].vtype = RD_KAFKA_VTYPE_OPAQUE
                    // A null pointer would be tag -1.
                    arguments[4].u.ptr = UnsafeMutableRawPointer(bitPattern: tag + 1)
                    arguments[5].vtype = RD_KAFKA_VTYPE_HEADERS
                    arguments[5].u.headers = headers
                    let error = rd_kafka_produceva(handle, &arguments, arguments.count)
                    defer { rd_kafka_error_destroy(error) }
                    return error == nil ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_error_code(error)
                }
            }
        }
        // Headers belong to the message once it is queued.
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { rd_kafka_headers_destroy(headers) }
        return code
    }

    /// Why the producer cannot go on, if so.
    private var fatalReason: String? {
        var reason = [CChar](repeating: 0, count: 512)
        let code = rd_kafka_fatal_error(handle, &reason, reason.count)
        return code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : "the producer ended with a fatal error: \(Self.text(reason))"
    }

    /// What the brokers say of the topic: librdkafka itself only says that time ran out.
    private func topicTrouble() -> String? {
        guard let name = accounts.lastTopic, let topic = rd_kafka_topic_new(handle, name, nil) else { return nil }
        defer { rd_kafka_topic_destroy(topic) }
        var found: UnsafePointer<rd_kafka_metadata>?
        guard rd_kafka_metadata(handle, 0, topic, &found, 2000) == RD_KAFKA_RESP_ERR_NO_ERROR, let found else { return nil }
        defer { rd_kafka_metadata_destroy(found) }
        guard found.pointee.topic_cnt > 0 else { return nil }
        let code = found.pointee.topics[0].err
        return code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : Self.text(code)
    }

    private static func text(_ reason: [CChar]) -> String {
        String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    fileprivate static func text(_ code: rd_kafka_resp_err_t) -> String {
        let text = String(cString: rd_kafka_err2str(code))
        return text.hasPrefix("Local: ")
            ? text.dropFirst(7).lowercased() : text.replacingOccurrences(of: "Broker: ", with: "the broker says: ")
    }
}

extension KafkaProducer.Accounts {
    /// A delivery report.
    fileprivate func settle(_ pointer: UnsafePointer<rd_kafka_message_t>) {
        let message = pointer.pointee
        let tag = Int(bitPattern: message._private) - 1
        outstanding -= 1
        guard acknowledgedAt.indices.contains(tag) else { return }
        if message.err == RD_KAFKA_RESP_ERR_NO_ERROR {
            acknowledgedAt[tag] = Date().timeIntervalSince1970
            lastTrouble = nil
        } else {
            let status = rd_kafka_message_status(pointer)
            failures.append(
                .init(tag: tag, reason: KafkaProducer.text(message.err), mayHaveArrived: status != RD_KAFKA_MSG_STATUS_NOT_PERSISTED))
        }
    }
}
