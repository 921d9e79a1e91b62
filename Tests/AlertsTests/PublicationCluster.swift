import CRdKafka
import Foundation

/// librdkafka's own mock of a Kafka cluster: real sockets, in this process.
final class PublicationCluster {
    static let produceAPI: Int16 = 0

    let handle: OpaquePointer
    private let client: OpaquePointer

    struct Failed: Error, CustomStringConvertible { let description: String }

    init(brokers: Int32 = 1) throws {
        let configuration = rd_kafka_conf_new()
        rd_kafka_conf_set_log_cb(configuration) { _, _, _, _ in }
        var reason = [CChar](repeating: 0, count: 512)
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &reason, reason.count),
            let handle = rd_kafka_mock_cluster_new(client, brokers)
        else { throw Failed(description: "no mock cluster") }
        (self.client, self.handle) = (client, handle)
    }

    deinit {
        rd_kafka_mock_cluster_destroy(handle)
        rd_kafka_destroy(client)
    }

    var bootstrapServers: String { String(cString: rd_kafka_mock_cluster_bootstraps(handle)) }

    func create(_ topic: String, partitions: Int32 = 1) { rd_kafka_mock_topic_create(handle, topic, partitions, 1) }

    /// The next produce requests are answered with these errors.
    func failProduce(_ errors: [rd_kafka_resp_err_t]) {
        rd_kafka_mock_push_request_errors_array(handle, Self.produceAPI, errors.count, errors)
    }

    struct Message: Equatable {
        var key: String
        var value: [UInt8]
        var headers: [String: String]
        var partition: Int32
    }

    /// All that stands in a topic, partition by partition in the order of offsets.
    func messages(in topic: String, partitions: Int32 = 1) throws -> [Message] {
        let configuration = rd_kafka_conf_new()
        var reason = [CChar](repeating: 0, count: 512)
        for (name, value) in [
            ("bootstrap.servers", bootstrapServers), ("group.id", "test"), ("auto.offset.reset", "earliest"),
            ("enable.partition.eof", "true"),
            ("enable.auto.commit", "false"), ("check.crcs", "true"),
        ] {
            guard rd_kafka_conf_set(configuration, name, value, &reason, reason.count) == RD_KAFKA_CONF_OK else {
                throw Failed(description: "\(name) is not taken")
            }
        }
        rd_kafka_conf_set_log_cb(configuration) { _, _, _, _ in }
        guard let consumer = rd_kafka_new(RD_KAFKA_CONSUMER, configuration, &reason, reason.count) else {
            throw Failed(description: "no consumer")
        }
        defer {
            rd_kafka_consumer_close(consumer)
            rd_kafka_destroy(consumer)
        }
        let list = rd_kafka_topic_partition_list_new(partitions)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for partition in 0..<partitions { rd_kafka_topic_partition_list_add(list, topic, partition).pointee.offset = -2 }
        rd_kafka_assign(consumer, list)
        var found: [Message] = []
        var ended: Set<Int32> = []
        let deadline = Date(timeIntervalSinceNow: 60)
        while ended.count < Int(partitions) {
            guard Date() < deadline else { throw Failed(description: "the topic's end does not come") }
            guard let message = rd_kafka_consumer_poll(consumer, 100) else { continue }
            defer { rd_kafka_message_destroy(message) }
            switch message.pointee.err {
            case RD_KAFKA_RESP_ERR_NO_ERROR: found.append(Self.message(message))
            case RD_KAFKA_RESP_ERR__PARTITION_EOF: ended.insert(message.pointee.partition)
            case let code: throw Failed(description: String(cString: rd_kafka_err2str(code)))
            }
        }
        return found.enumerated().sorted { ($0.element.partition, $0.offset) < ($1.element.partition, $1.offset) }.map(\.element)
    }

    private static func message(_ pointer: UnsafeMutablePointer<rd_kafka_message_t>) -> Message {
        let message = pointer.pointee
        var values: [String: String] = [:]
        var headers: OpaquePointer?
        if rd_kafka_message_headers(pointer, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR {
            for place in 0..<rd_kafka_header_cnt(headers) {
                var name: UnsafePointer<CChar>?
                var value: UnsafeRawPointer?
                var size = 0
                rd_kafka_header_get_all(headers, place, &name, &value, &size)
                values[String(cString: name!)] = String(decoding: UnsafeRawBufferPointer(start: value, count: size), as: UTF8.self)
            }
        }
        return Message(
            key: String(decoding: UnsafeRawBufferPointer(start: message.key, count: message.key_len), as: UTF8.self),
            value: Array(UnsafeRawBufferPointer(start: message.payload, count: message.len)), headers: values, partition: message.partition)
    }
}
