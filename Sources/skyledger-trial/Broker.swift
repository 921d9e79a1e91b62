import Alerts
import CRdKafka
import Foundation

/// librdkafka's mock of a Kafka cluster for other processes to publish to, and a consumer that writes down what came: a line a message with
/// its key, which is the alert's number, and the SHA-256 of its bytes.
enum Broker {
    static let topic = "faults"
    private static let partitions: Int32 = 4

    struct Failed: Error, CustomStringConvertible { let description: String }

    /// Prints the address, and works until standard input ends.
    static func run(into path: String) throws {
        let client = try make(RD_KAFKA_PRODUCER, [:])
        guard let cluster = rd_kafka_mock_cluster_new(client, 1) else { throw Failed(description: "there is no mock cluster") }
        rd_kafka_mock_topic_create(cluster, topic, partitions, 1)
        let address = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
        let consumer = try make(
            RD_KAFKA_CONSUMER,
            ["bootstrap.servers": address, "group.id": "faults", "auto.offset.reset": "earliest", "enable.auto.commit": "false"])
        let list = rd_kafka_topic_partition_list_new(partitions)
        for partition in 0..<partitions { rd_kafka_topic_partition_list_add(list, topic, partition).pointee.offset = -2 }
        rd_kafka_assign(consumer, list)
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else {
            throw Failed(description: "\(path) cannot be written")
        }
        say(address)
        Thread {
            while let line = readLine(), !line.isEmpty {}
            exit(0)
        }.start()
        let digest = LedgerDigest()
        while true {
            guard let message = rd_kafka_consumer_poll(consumer, 100) else { continue }
            defer { rd_kafka_message_destroy(message) }
            guard message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
            let key = String(decoding: UnsafeRawBufferPointer(start: message.pointee.key, count: message.pointee.key_len), as: UTF8.self)
            let hash = digest.of(UnsafeRawBufferPointer(start: message.pointee.payload, count: message.pointee.len))
            let digits = hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            try file.write(contentsOf: Data("\(key) \(digits)\n".utf8))
        }
    }

    private static func make(_ kind: rd_kafka_type_t, _ properties: [String: String]) throws -> OpaquePointer {
        let configuration = rd_kafka_conf_new()
        rd_kafka_conf_set_log_cb(configuration) { _, _, _, _ in }
        var reason = [CChar](repeating: 0, count: 512)
        for (name, value) in properties {
            guard rd_kafka_conf_set(configuration, name, value, &reason, reason.count) == RD_KAFKA_CONF_OK else {
                throw Failed(description: "librdkafka does not take \(name)")
            }
        }
        guard let client = rd_kafka_new(kind, configuration, &reason, reason.count) else {
            throw Failed(description: "librdkafka makes no client")
        }
        return client
    }
}
