import Alerts
import CRdKafka
import Catalog
import Foundation
import Postgres
import Testing

extension LedgerTests {
    @Suite("Publication") struct Publication {
        typealias Fixture = PublicationFixture

        @Test("all alerts of several batches arrive in the order of the chain, byte for byte, with their headers")
        func everything() throws {
            let fixture = try LedgerFixture.fresh()
            let issued = try Fixture.issue(fixture, visits: 1...7, count: 40, sizeBytes: 5000)
            let cluster = try PublicationCluster()
            cluster.create(Fixture.topic)
            let registry = try PublicationRegistry()
            let settings = Fixture.settings(cluster) {
                $0.registryURL = registry.url
                // Several pieces a batch.
                $0.outstandingBytesMax = 1 << 16
            }
            let summary = try Fixture.publish(fixture, settings)
            let found = try cluster.messages(in: Fixture.topic)
            #expect(found.map(\.value) == issued.map(\.packet))
            #expect(found.map(\.key) == issued.map { "\($0.alert.alertId)" })
            let headers = issued.enumerated().map { i, alert in
                [
                    "alertId": "\(alert.alert.alertId)", "batch": "\(i / 40 + 1)", "place": "\(i % 40)",
                    "issuedMjdTai": "\(LedgerFixture.issuedMjdTai)",
                ]
            }
            #expect(found.map(\.headers) == headers)
            #expect(registry.schemas == [1000: Fixture.schema])
            #expect(summary.alerts == 280 && summary.batches == 7 && summary.possiblyRepeated == 0 && summary.lastBatch == 7)
            #expect(summary.bytes == issued.reduce(0) { $0 + $1.packet.count })
            #expect(0 < summary.latencyP50Seconds && summary.latencyP50Seconds <= summary.latencyMaxSeconds)
            #expect(try Fixture.publish(fixture, settings).alerts == 0)
            #expect(try cluster.messages(in: Fixture.topic).count == 280)
        }

        @Test("with several partitions, each has its alerts in the order of the chain, and the same alert goes to the same one")
        func partitions() throws {
            let fixture = try LedgerFixture.fresh()
            let issued = try Fixture.issue(fixture, visits: 1...3, count: 50)
            let cluster = try PublicationCluster(brokers: 3)
            cluster.create(Fixture.topic, partitions: 4)
            for channel in ["one", "two"] { _ = try Fixture.publish(fixture, Fixture.settings(cluster), channel: channel) }
            let found = try cluster.messages(in: Fixture.topic, partitions: 4)
            #expect(found.count == 300)
            let order = Dictionary(uniqueKeysWithValues: issued.enumerated().map { ("\($1.alert.alertId)", $0) })
            for partition in 0..<4 as Range<Int32> {
                let places = found.filter { $0.partition == partition }.compactMap { order[$0.key] }
                #expect(places.count > 0 && places.count.isMultiple(of: 2))
                let half = places.count / 2
                #expect(Array(places[..<half]) == places[..<half].sorted() && Array(places[..<half]) == Array(places[half...]))
            }
        }

        @Test("only the kinds that are set are published, and only up to the batch that is asked for")
        func kinds() throws {
            let fixture = try LedgerFixture.fresh()
            let first = try Fixture.issue(fixture, visits: 1...1)
            _ = try fixture.connection.transaction {
                try fixture.writer.append(
                    LedgerBatchKey(generation: 1, visit: 2, detector: 1, kind: "foreign"), issuedMjdTai: LedgerFixture.issuedMjdTai,
                    LedgerFixture.alerts(2))
            }
            let third = try Fixture.issue(fixture, visits: 3...3, kind: "target")
            try Fixture.issue(fixture, visits: 4...4)
            let cluster = try PublicationCluster()
            cluster.create(Fixture.topic)
            #expect(try Fixture.publish(fixture, Fixture.settings(cluster), until: 3).batches == 2)
            #expect(try cluster.messages(in: Fixture.topic).map(\.value) == (first + third).map(\.packet))
            #expect(
                Fixture.sentence(fixture, Fixture.settings(cluster) { $0.kinds.append("foreign") }).hasPrefix(
                    "alert 2001 is not in wire form"))
        }

        @Test("when the database ends the publisher's connection, the next run sends the rest, and says exactly what was sent twice")
        func databaseGone() throws {
            let fixture = try LedgerFixture.fresh()
            let issued = try Fixture.issue(fixture, visits: 1...2, count: 60, sizeBytes: 5000)
            let cluster = try PublicationCluster()
            cluster.create(Fixture.topic)
            let settings = Fixture.settings(cluster) { $0.outstandingBytesMax = 1 << 16 }
            let connection = try fixture.instance.connect(as: .ingest)
            let superuser = try fixture.superuser()
            var sent = 0
            #expect(throws: PostgresError.self) {
                _ = try Publisher(connection: connection, settings: settings).run(progress: { progress in
                    sent = progress.summary.alerts
                    if sent > 20 { try superuser.query("SELECT pg_terminate_backend($1)", [.int32(connection.backendProcessId)]) }
                })
            }
            let before = try cluster.messages(in: Fixture.topic).count
            let state = try #require(try Fixture.state(fixture, 1))
            #expect(before == sent && Int(state.published) < sent && !state.isComplete)
            let summary = try Fixture.publish(fixture, settings)
            #expect(summary.possiblyRepeated == sent - Int(state.published))
            #expect(summary.repeats.map(\.firstPlace) == [Int(state.published)])
            let found = try cluster.messages(in: Fixture.topic)
            #expect(found.map(\.value) == (issued[..<sent] + issued[Int(state.published)...]).map(\.packet))
        }

        @Test("alerts that may have arrived stay known as that until they are acknowledged, also when pieces become smaller in between")
        func smallerPieces() throws {
            let fixture = try LedgerFixture.fresh()
            let issued = try Fixture.issue(fixture, visits: 1...1, count: 60, sizeBytes: 5000)
            let cluster = try PublicationCluster()
            cluster.create(Fixture.topic)
            let left = "places 10 to 39 may have arrived: the publisher did not see them acknowledged"
            try LedgerPublication(channel: "kafka", connection: fixture.connection).record(
                1, published: 10, isComplete: false, failure: left)
            let settings = Fixture.settings(cluster) { $0.outstandingBytesMax = 1 << 16 }
            let superuser = try fixture.superuser()
            var published: [Int32] = []
            for sent in [1, 13] {
                let connection = try fixture.instance.connect(as: .ingest)
                #expect(throws: PostgresError.self) {
                    _ = try Publisher(connection: connection, settings: settings).run(progress: { progress in
                        guard progress.summary.alerts >= sent else { return }
                        try superuser.query("SELECT pg_terminate_backend($1)", [.int32(connection.backendProcessId)])
                    })
                }
                let state = try #require(try Fixture.state(fixture, 1))
                published.append(state.published)
                #expect(state.failure?.hasPrefix("places \(state.published) to 39 may have arrived") == true, "\(state.failure ?? "")")
            }
            #expect(published[0] == 10 && (11..<39).contains(published[1]))
            let summary = try Fixture.publish(fixture, settings)
            #expect(summary.possiblyRepeated == 40 - Int(published[1]))
            let found = Set(try cluster.messages(in: Fixture.topic).map(\.value))
            #expect(found == Set(issued[10...].map(\.packet)))
        }

        @Test("a second publisher of a channel is refused, of another channel not")
        func twoPublishers() throws {
            let fixture = try LedgerFixture.fresh()
            try Fixture.issue(fixture, visits: 1...1)
            let cluster = try PublicationCluster()
            cluster.create(Fixture.topic)
            let connection = try fixture.instance.connect(as: .ingest)
            var second = ""
            var other = 0
            _ = try Publisher(connection: connection, settings: Fixture.settings(cluster)).run(progress: { _ in
                second = Fixture.sentence(fixture, Fixture.settings(cluster))
                other = try Fixture.publish(fixture, Fixture.settings(cluster), channel: "other").alerts
            })
            #expect(
                second
                    == "another publisher serves the channel kafka (PostgreSQL process \(connection.backendProcessId)): let it end, or publish on another channel with --channel"
            )
            #expect(other == 10)
        }

        @Test("a damaged packet, and a missing one, stop publication before anything of the piece is sent")
        func damaged() throws {
            let fixture = try LedgerFixture.fresh()
            try Fixture.issue(fixture, visits: 1...2)
            let cluster = try PublicationCluster()
            cluster.create(Fixture.topic)
            let intruder = try fixture.intruder()
            try intruder.execute(
                "UPDATE ledger.\"Alert\" SET \"packet\" = (SELECT \"packet\" FROM ledger.\"Alert\" WHERE \"alertId\" = 2002) WHERE \"alertId\" = 2003"
            )
            let sentence = Fixture.sentence(fixture, Fixture.settings(cluster))
            #expect(
                sentence
                    == "the packet of alert 2003 cannot be read: its bytes are not those that were issued; run `skyledger alerts verify`")
            #expect(try cluster.messages(in: Fixture.topic).count == 10)
            let state = try #require(try Fixture.state(fixture, 2))
            #expect(state.published == 0 && !state.isComplete && state.failure == sentence)
            try intruder.execute("DELETE FROM ledger.\"Alert\" WHERE \"alertId\" = 2003")
            #expect(
                Fixture.sentence(fixture, Fixture.settings(cluster)).hasPrefix(
                    "batch 2 cannot be published: the ledger has 9 rows of its 10"))
        }

        @Test("a follower publishes what is issued while it waits, and ends when it is asked to")
        func follow() throws {
            let fixture = try LedgerFixture.fresh()
            let cluster = try PublicationCluster()
            cluster.create(Fixture.topic)
            var visits: [Int64] = [1, 2, 3]
            var alerts = 0
            let publisher = try Publisher(connection: fixture.instance.connect(as: .ingest), settings: Fixture.settings(cluster))
            let summary = try publisher.run(isFollowing: true, isInterrupted: { alerts == 30 }) { progress in
                alerts = progress.summary.alerts
                if alerts == 10 * (3 - visits.count), let visit = visits.popLast() { try Fixture.issue(fixture, visits: visit...visit) }
            }
            #expect(summary.alerts == 30 && summary.batches == 3)
            #expect(try cluster.messages(in: Fixture.topic).count == 30)
        }

        @Test("the status of a channel tells its last complete batch, what waits, and why")
        func status() throws {
            let fixture = try LedgerFixture.fresh()
            try Fixture.issue(fixture, visits: 1...3)
            let cluster = try PublicationCluster()
            cluster.create(Fixture.topic)
            _ = try Fixture.publish(fixture, Fixture.settings(cluster), until: 1)
            let sentence = Fixture.sentence(
                fixture, Fixture.settings(cluster) { ($0.registryURL, $0.registryAttempts) = ("http://127.0.0.1:1", 1) })
            let reader = try fixture.instance.connect(as: .reader)
            let status = try PublicationStatus.read(reader, kinds: ["visit"], channel: "unused")
            #expect(status.map(\.channel) == ["kafka", "unused"])
            #expect(status[0].lastBatch == 1 && status[0].waitingBatches == 2 && status[0].waitingAlerts == 20)
            #expect(status[0].triedBatch == 2 && status[0].lastFailure == sentence)
            #expect(status[1].lastBatch == nil && status[1].waitingBatches == 3)
        }
    }
}
