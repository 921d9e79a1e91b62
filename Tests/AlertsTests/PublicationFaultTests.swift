import Alerts
import CRdKafka
import Catalog
import Foundation
import Postgres
import Testing

extension LedgerTests {
    @Suite("Publication with brokers and registries in trouble") struct PublicationFaults {
        typealias Fixture = PublicationFixture

        @Test("a broker that is down ends the run in bounded time with its sentence; nothing is complete, and the next run finishes")
        func brokerDown() throws {
            let fixture = try LedgerFixture.fresh()
            let issued = try Fixture.issue(fixture, visits: 1...2)
            let cluster = try PublicationCluster()
            cluster.create(Fixture.topic)
            rd_kafka_mock_broker_set_down(cluster.handle, 1)
            let settings = Fixture.settings(cluster) { $0.messageTimeoutSeconds = 2 }
            let sentence = Fixture.sentence(fixture, settings)
            #expect(
                sentence.hasPrefix(
                    "alert 1001 was not delivered to topic \(Fixture.topic) of \(cluster.bootstrapServers): message timed out"))
            #expect(
                sentence.hasSuffix("and so 9 alerts sent with it; nothing is lost: run the same command again when the broker is in order"))
            #expect(sentence.contains("Connection refused") || sentence.contains("brokers are down"), "\(sentence)")
            let state = try #require(try Fixture.state(fixture, 1))
            #expect(state.published == 0 && !state.isComplete && state.failure == sentence)
            #expect(try Fixture.state(fixture, 2) == nil)
            rd_kafka_mock_broker_set_up(cluster.handle, 1)
            let summary = try Fixture.publish(fixture, settings)
            #expect(summary.alerts == 20)
            // Nothing reached the broker, and librdkafka knows it.
            #expect(summary.possiblyRepeated == 0)
            #expect(try cluster.messages(in: Fixture.topic).map(\.value) == issued.map(\.packet))
        }

        @Test("a broker that goes down in the middle loses nothing, and all that is twice in the topic was said to be possibly so")
        func brokerGoesDown() throws {
            let fixture = try LedgerFixture.fresh()
            let issued = try Fixture.issue(fixture, visits: 1...6, count: 30, sizeBytes: 3000)
            let cluster = try PublicationCluster()
            cluster.create(Fixture.topic)
            let settings = Fixture.settings(cluster) { ($0.messageTimeoutSeconds, $0.outstandingBytesMax) = (2, 1 << 16) }
            #expect(throws: PublicationError.self) {
                _ = try Fixture.publish(fixture, settings) { progress in
                    if progress.summary.alerts >= 80 { rd_kafka_mock_broker_set_down(cluster.handle, 1) }
                }
            }
            rd_kafka_mock_broker_set_up(cluster.handle, 1)
            let summary = try Fixture.publish(fixture, settings)
            let found = try cluster.messages(in: Fixture.topic)
            #expect(Set(found.map(\.value)) == Set(issued.map(\.packet)))
            #expect(found.count - issued.count <= summary.possiblyRepeated)
        }

        @Test(
            "errors that pass are survived, and each alert is in the topic once, in order",
            arguments: [
                RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR__TRANSPORT,
                RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
            ])
        func passing(_ code: rd_kafka_resp_err_t) throws {
            let fixture = try LedgerFixture.fresh()
            let issued = try Fixture.issue(fixture, visits: 1...3, count: 40)
            let cluster = try PublicationCluster()
            cluster.create(Fixture.topic)
            cluster.failProduce([code, code, RD_KAFKA_RESP_ERR_NO_ERROR, code])
            let settings = Fixture.settings(cluster) { ($0.properties["retry.backoff.ms"], $0.messageTimeoutSeconds) = ("20", 30) }
            let summary = try Fixture.publish(fixture, settings)
            #expect(summary.alerts == 120 && summary.possiblyRepeated == 0)
            #expect(try cluster.messages(in: Fixture.topic).map(\.value) == issued.map(\.packet))
        }

        @Test("a broker that refuses for good is an error that says so, and the alerts stay where they are")
        func refused() throws {
            let fixture = try LedgerFixture.fresh()
            try Fixture.issue(fixture, visits: 1...1)
            let cluster = try PublicationCluster()
            cluster.create(Fixture.topic)
            cluster.failProduce([RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED])
            let sentence = Fixture.sentence(fixture, Fixture.settings(cluster))
            #expect(sentence.contains("alert 1001 was not delivered to topic \(Fixture.topic)"))
            #expect(sentence.contains("the broker says: Topic authorization failed"), "\(sentence)")
            #expect(try Fixture.publish(fixture, Fixture.settings(cluster)).alerts == 10)
        }

        @Test("a topic that the brokers refuse ends the run with the broker's words")
        func topicRefused() throws {
            let fixture = try LedgerFixture.fresh()
            try Fixture.issue(fixture, visits: 1...1)
            let cluster = try PublicationCluster()
            cluster.create(Fixture.topic)
            rd_kafka_mock_topic_set_error(cluster.handle, Fixture.topic, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
            let sentence = Fixture.sentence(fixture, Fixture.settings(cluster) { $0.messageTimeoutSeconds = 3 })
            #expect(sentence.contains("Topic authorization failed"), "\(sentence)")
            #expect(try #require(try Fixture.state(fixture, 1)).isComplete == false)
        }

        @Test("an alert larger than a message may be is named, and nothing after it is complete")
        func tooLarge() throws {
            let fixture = try LedgerFixture.fresh()
            try Fixture.issue(fixture, visits: 1...1, count: 3, sizeBytes: 5000)
            let cluster = try PublicationCluster()
            cluster.create(Fixture.topic)
            let sentence = Fixture.sentence(fixture, Fixture.settings(cluster) { $0.messageSizeBytesMax = 2000 })
            #expect(sentence.contains("alert 1001") && sentence.contains("messageSizeBytesMax"), "\(sentence)")
            #expect(try Fixture.publish(fixture, Fixture.settings(cluster)).alerts == 3)
        }

        @Test("a registry that fails now and then is asked again; one that knows the schema is not told it")
        func registryAiling() throws {
            let fixture = try LedgerFixture.fresh()
            try Fixture.issue(fixture, visits: 1...2)
            let cluster = try PublicationCluster()
            let registry = try PublicationRegistry(.ailing(3), schemas: [1000: "\"bytes\""])
            #expect(try Fixture.publish(fixture, Fixture.settings(cluster) { $0.registryURL = registry.url }).alerts == 20)
            #expect(registry.requests == Array(repeating: "GET /schemas/ids/1000", count: 4))
        }

        @Test("a registry that takes numbers in mode IMPORT only is put into it and back")
        func registryImport() throws {
            let fixture = try LedgerFixture.fresh()
            try Fixture.issue(fixture, visits: 1...1)
            let cluster = try PublicationCluster()
            let registry = try PublicationRegistry(.needsImport)
            #expect(try Fixture.publish(fixture, Fixture.settings(cluster) { $0.registryURL = registry.url }).alerts == 10)
            #expect(registry.state.withLock { $0.modes } == ["skyledger-alerts-v10.0-value": "READWRITE"])
            #expect(registry.state.withLock { $0.subjects } == ["skyledger-alerts-v10.0-value": [1000]])
        }

        @Test(
            "a registry in trouble is one sentence, and no alert is sent before it knows the schema",
            arguments: [
                (PublicationRegistry.Manner.slow, "did not answer within 1.0 s (2 attempts)"),
                (.status(500), "answered 500 (out of order) (2 attempts)"), (.status(401), "answered 401 (out of order) for schema 1000"),
                (.nonsense, "answered what is no JSON object (2 attempts)"), (.noHTTP, "(2 attempts)"),
                (.ownNumbers, "gave schema 1000 the number 1, and packets say 1000: use one that takes numbers (mode IMPORT)"),
            ])
        func registryTrouble(_ manner: PublicationRegistry.Manner, reason: String) throws {
            let fixture = try LedgerFixture.fresh()
            try Fixture.issue(fixture, visits: 1...1)
            let cluster = try PublicationCluster()
            cluster.create(Fixture.topic)
            let registry = try PublicationRegistry(manner)
            let sentence = Fixture.sentence(
                fixture, Fixture.settings(cluster) { ($0.registryURL, $0.registryAttempts) = (registry.url, 2) })
            #expect(sentence.hasPrefix("the schema registry \(registry.url) "), "\(sentence)")
            #expect(sentence.hasSuffix("\(reason): no alert was sent that needs it; run the same command again"), "\(sentence)")
            #expect(try cluster.messages(in: Fixture.topic).isEmpty)
            let state = try #require(try Fixture.state(fixture, 1))
            #expect(state.published == 0 && !state.isComplete && state.failure == sentence)
            registry.state.withLock { $0.manner = .sound }
            #expect(try Fixture.publish(fixture, Fixture.settings(cluster)).possiblyRepeated == 0)
        }

        @Test("a registry that is down is one sentence")
        func registryDown() throws {
            let fixture = try LedgerFixture.fresh()
            try Fixture.issue(fixture, visits: 1...1)
            let cluster = try PublicationCluster()
            let url = "http://127.0.0.1:\(try PublicationRegistry.freePort())"
            let sentence = Fixture.sentence(fixture, Fixture.settings(cluster) { $0.registryURL = url })
            #expect(sentence.hasPrefix("the schema registry \(url) cannot be reached"), "\(sentence)")
            #expect(sentence.hasSuffix("(4 attempts): no alert was sent that needs it; run the same command again"), "\(sentence)")
        }

        @Test("a registry that has another schema under the number is refused, both named")
        func registryConflict() throws {
            let fixture = try LedgerFixture.fresh()
            try Fixture.issue(fixture, visits: 1...1)
            let cluster = try PublicationCluster()
            let registry = try PublicationRegistry(
                schemas: [1000: "{\"type\": \"record\", \"name\": \"Other\", \"namespace\": \"a.b\", \"fields\": []}"])
            let sentence = Fixture.sentence(fixture, Fixture.settings(cluster) { $0.registryURL = registry.url })
            #expect(
                sentence.hasPrefix("the schema registry \(registry.url) has another schema as number 1000 (a.b.Other, fingerprint "),
                "\(sentence)")
            #expect(sentence.contains("than the ledger (without name, fingerprint "), "\(sentence)")
        }
    }
}
