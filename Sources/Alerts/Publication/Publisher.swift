import Foundation
import Postgres

/// Publishes what the ledger holds to Kafka, at least once and in the order of the chain.
///
///     let publisher = try Publisher(connection: instance.connect(as: .ingest), settings: settings)
///     let summary = try publisher.run()
///
/// Alerts are sent in pieces of a batch. Before a piece is sent, the ledger notes that it is on its way; once all of it is acknowledged,
/// that it was. A publisher that ends in between, however it ends, leaves that note: the next one sends the piece again and says so. While
/// a piece is on its way the next one is read. A publisher serves one thread and has the connection to itself.
public final class Publisher {
    /// How far a run is.
    public struct Progress: Sendable {
        public var summary: PublicationSummary
        /// Alerts that waited at the start; those that came since are not among them.
        public var waitingAtStart: Int
    }

    /// How often a follower looks for new batches: one query on an index.
    static let lookSeconds = 0.05

    private let publication: LedgerPublication
    private let settings: PublicationSettings
    private let registry: SchemaRegistryClient?
    private var registered: Set<Int32> = []
    private var summary: PublicationSummary
    private var latency = LatencyHistogram()

    /// - Parameter connection: as the role `ingest`.
    /// - Throws: `PublicationError.settings`
    public init(connection: Connection, settings: PublicationSettings, channel: String = "kafka") throws {
        try settings.check()
        guard !channel.isEmpty else { throw PublicationError.settings("the channel has no name: give it one") }
        publication = LedgerPublication(channel: channel, connection: connection)
        self.settings = settings
        summary = PublicationSummary(channel: channel)
        registry = settings.registryURL.map { SchemaRegistryClient(url: $0, settings) }
    }

    /// Publishes until nothing waits, or until it is interrupted.
    ///
    /// - Parameters:
    ///   - until: number of the last batch to publish.
    ///   - isFollowing: wait for new batches, and end only by interruption.
    ///   - isInterrupted: asked between pieces.
    ///   - progress: called after each piece, and a few times a second while waiting. Where it throws, the run ends as if it were killed.
    /// - Throws: `PublicationError`, `LedgerError`, `PostgresError`. What was acknowledged is recorded, unless the database is gone.
    public func run(
        until: Int64 = .max, isFollowing: Bool = false, isInterrupted: () -> Bool = { false },
        progress: (Progress) throws -> Void = { _ in }
    ) throws -> PublicationSummary {
        try publication.alone {
            let producer = try KafkaProducer(settings)
            let pieces = LedgerPieces(publication, settings: settings, until: until)
            let started = Date()
            let waiting = try publication.waitingAlerts(kinds: settings.kinds, until: until)
            latency = LatencyHistogram()
            summary = PublicationSummary(channel: publication.channel)
            func present() -> PublicationSummary {
                summary.seconds = Date().timeIntervalSince(started)
                summary.take(latency)
                return summary
            }
            while true {
                try drain(pieces, producer, isInterrupted) { try progress(Progress(summary: present(), waitingAtStart: waiting)) }
                guard isFollowing, !isInterrupted() else { return present() }
                try progress(Progress(summary: present(), waitingAtStart: waiting))
                Thread.sleep(forTimeInterval: Self.lookSeconds)
            }
        }
    }

    /// Sends all that waits now.
    private func drain(
        _ pieces: LedgerPieces, _ producer: KafkaProducer, _ isInterrupted: () -> Bool, _ report: () throws -> Void
    ) throws {
        /// Acknowledged, and not yet recorded as that.
        var finished: LedgerPieces.Piece?
        var upcoming = Result { try pieces.next() }
        while true {
            let ready = upcoming.flatMap { piece in Result { try registered(piece) } }
            guard case .success(let piece?) = ready, !isInterrupted() else {
                if let finished { try record(finished) }
                if case .failure(let error) = ready { throw (error as? LedgerPieces.Failed).map(fail) ?? error }
                return
            }
            try publication.connection.transaction {
                if let finished { try record(finished) }
                try noteInFlight(piece)
            }
            finished = nil
            countRepeats(piece)
            let sending = Result { try send(piece, producer) }
            upcoming = Result { try pieces.next() }
            try conclude(piece, producer.settle(), sending)
            finished = piece
            try report()
        }
    }

    /// The piece, once the registry knows its schemas.
    private func registered(_ piece: LedgerPieces.Piece?) throws -> LedgerPieces.Piece? {
        guard let piece, let registry else { return piece }
        do {
            try register(Set(piece.entries.map(\.alert.schemaId)), registry)
        } catch let error where !(error is PostgresError) {
            throw LedgerPieces.Failed(
                waiting: piece.waiting, place: piece.places.lowerBound, isFirst: piece.isFirst, underlying: error)
        }
        return piece
    }

    private func register(_ schemaIds: Set<Int32>, _ registry: SchemaRegistryClient) throws {
        for schemaId in schemaIds.subtracting(registered).sorted() {
            let number = UInt32(bitPattern: schemaId)
            try registry.ensure(
                number, LedgerRegistry(publication.connection).schema(schemaId), subject: settings.subject(schemaId: number))
            registered.insert(schemaId)
        }
    }

    private func send(_ piece: LedgerPieces.Piece, _ producer: KafkaProducer) throws {
        for (tag, entry) in piece.entries.enumerated() {
            let message = KafkaMessage(
                topic: settings.topic(schemaId: UInt32(bitPattern: entry.alert.schemaId)), key: Array("\(entry.alert.alertId)".utf8),
                value: piece.packets[tag],
                headers: [
                    ("alertId", "\(entry.alert.alertId)"), ("batch", "\(piece.waiting.batch.number)"), ("place", "\(entry.place)"),
                    ("issuedMjdTai", "\(entry.issuedMjdTai)"),
                ])
            try producer.send(message, tag: tag)
        }
    }

    /// What became of a piece: counted, or recorded as failed and thrown.
    private func conclude(
        _ piece: LedgerPieces.Piece, _ settlement: KafkaSettlement, _ sending: Result<Void, any Error>
    ) throws {
        let acknowledged = settlement.acknowledgedAt.prefix { $0 != nil }.count
        for time in settlement.acknowledgedAt.prefix(acknowledged) { latency.add(time! - piece.waiting.recordedAt) }
        summary.alerts += acknowledged
        summary.bytes += piece.packets.prefix(acknowledged).reduce(0) { $0 + $1.count }
        guard acknowledged < piece.places.count else { return }
        let error: any Error
        if let first = settlement.failures.min(by: { $0.tag < $1.tag }) {
            let entry = piece.entries[first.tag]
            // The reason that came first is the cause; what followed was given up for it.
            error = PublicationError.undelivered(
                alertId: entry.alert.alertId, topic: settings.topic(schemaId: UInt32(bitPattern: entry.alert.schemaId)),
                brokers: settings.bootstrapServers, reason: settlement.failures[0].reason, others: settlement.failures.count - 1)
        } else if case .failure(let failure) = sending {
            error = failure
        } else {
            error = PublicationError.producer(reason: "librdkafka lost count of its messages")
        }
        let published = piece.places.lowerBound + acknowledged
        let arrived = settlement.acknowledgedAt.lastIndex { $0 != nil }
        let possible = settlement.failures.filter(\.mayHaveArrived).map(\.tag).max()
        let end = max(
            piece.places.lowerBound + (max(arrived ?? -1, possible ?? -1) + 1), piece.waiting.inFlight?.places.upperBound ?? published)
        let text = end > published ? InFlightMark(published..<end, reason: "\(error)").text : "\(error)"
        // Where this fails, the mark from before the piece stands, and the cause matters more.
        try? publication.note(piece.waiting.batch.number, published: published, failure: text)
        throw error
    }

    private func record(_ piece: LedgerPieces.Piece) throws {
        let number = piece.waiting.batch.number
        // What an attempt before had on its way beyond this piece is still to be sent again.
        let rest = (piece.waiting.inFlight?.places.upperBound).flatMap { end in
            end > piece.places.upperBound && !piece.isLast ? InFlightMark(piece.places.upperBound..<end) : nil
        }
        try publication.note(number, published: piece.places.upperBound, isComplete: piece.isLast, failure: rest?.text)
        guard piece.isLast else { return }
        summary.batches += 1
        summary.lastBatch = number
    }

    private func noteInFlight(_ piece: LedgerPieces.Piece) throws {
        let first = piece.places.lowerBound
        let end = max(piece.places.upperBound, piece.waiting.inFlight?.places.upperBound ?? 0)
        try publication.note(
            piece.waiting.batch.number, published: first, failure: end > first ? InFlightMark(first..<end).text : nil,
            isNewAttempt: piece.isFirst)
    }

    private func countRepeats(_ piece: LedgerPieces.Piece) {
        guard let mark = piece.waiting.inFlight?.places else { return }
        let again = piece.places.clamped(to: mark)
        guard !again.isEmpty else { return }
        let batch = piece.waiting.batch
        let offset = again.lowerBound - piece.places.lowerBound
        summary.possiblyRepeated += again.count
        summary.repeats.append(
            .init(
                batch: batch.number, visit: batch.key.visit, detector: batch.key.detector, firstPlace: again.lowerBound,
                alerts: again.count, firstAlertId: piece.entries[offset].alert.alertId,
                lastAlertId: piece.entries[offset + again.count - 1].alert.alertId))
    }

    /// Notes with its batch why a piece was not sent, and gives the error to throw.
    private func fail(_ failed: LedgerPieces.Failed) -> any Error {
        let end = failed.waiting.inFlight?.places.upperBound ?? 0
        let reason = "\(failed.underlying)"
        let text = end > failed.place ? InFlightMark(failed.place..<end, reason: reason).text : reason
        // The cause matters more than whether it could be noted.
        try? publication.note(failed.waiting.batch.number, published: failed.place, failure: text, isNewAttempt: failed.isFirst)
        return failed.underlying
    }
}
