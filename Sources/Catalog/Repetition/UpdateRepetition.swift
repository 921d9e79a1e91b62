import Columns
import Postgres
import Schema
import Sphere

/// Repeats updates of one generation of an open release in the other, one at a time, each in one transaction with the note that it was done.
///
///     while let update = try repetition.next() { try repetition.run(update) }
///
/// What cannot be repeated is skipped, with the reason. What cannot be told yet waits, and what depends on it too.
public final class UpdateRepetition {
    /// What became of an update.
    public enum Result: Sendable, Equatable {
        case done, skipped, waits
    }

    /// Looks for known objects in a visit-detector of the generation; says what was in the way, if anything was.
    public typealias Rematching = (_ visit: Int64, _ detector: Int32) throws -> ReleaseUpdate.Obstacle?

    let connection: Connection
    let from: Generation
    let to: Generation
    let pixelization: any Pixelization
    let configuration: Configuration
    let use: GenerationUse
    /// Whether changes are stamped with the time of the update that is repeated rather than the machine's.
    let keepsTimes: Bool
    private let rematch: Rematching
    private let records: ReleaseUpdates
    private var blocked: Set<Int64> = []
    private var blockedIdentifiers: Set<Int64> = []

    /// - Parameters:
    ///   - connection: as the role `ingest`; its process has the work of the release (`ReleaseWork`).
    ///   - from: the generation where the updates were made.
    ///   - to: the one that lacks them.
    ///   - configuration: the rules of that one.
    public init(
        connection: Connection, release: String, from: Generation, to: Generation, pixelization: any Pixelization,
        configuration: Configuration, keepsTimes: Bool = false, rematch: @escaping Rematching
    ) {
        (self.connection, self.from, self.to, self.pixelization) = (connection, from, to, pixelization)
        (self.configuration, self.keepsTimes, self.rematch) = (configuration, keepsTimes, rematch)
        use = .catchUp(release)
        records = ReleaseUpdates(connection: connection)
    }

    /// The next that may be repeated: nothing that came before it waits still.
    public func next() throws -> ReleaseUpdate? {
        while let update = try records.next(of: to.id, except: blocked) {
            if update.request.identifiers.isDisjoint(with: blockedIdentifiers) { return update }
            block(update)
        }
        return nil
    }

    private func block(_ update: ReleaseUpdate) {
        blocked.insert(update.number)
        blockedIdentifiers.formUnion(update.request.identifiers)
    }

    /// - Returns: nil where somebody else finished it meanwhile.
    /// - Throws: `PostgresError`, `CatalogError.generationMoved`; it waits still then.
    @discardableResult
    public func run(_ update: ReleaseUpdate) throws -> Result? {
        for isLast in [false, true] {
            do {
                return try connection.retryingTransaction { try attempt(update) }
            } catch let error as CatalogError where error.isBadRequest {
                // Another update of the same objects may have come between the look and the change.
                if !isLast { continue }
                return try skip(update, "\(error)")
            } catch let error as MigrationError {
                return try skip(update, "\(error)")
            }
        }
        return nil
    }

    private func skip(_ update: ReleaseUpdate, _ reason: String) throws -> Result? {
        try connection.retryingTransaction {
            guard try records.hold(update) else { return nil }
            try records.finish(update, .skipped, left: [.refused: 1], reason: reason, as: nil)
            return .skipped
        }
    }

    private func attempt(_ update: ReleaseUpdate) throws -> Result? {
        try use.enter(to.id, on: connection)
        guard try records.hold(update) else { return nil }
        var work = Work(
            update: update,
            translation: try UpdateTranslation(
                from: from, to: to, radiusArcsec: configuration.association.match.radiusArcsec, on: connection))
        do { try perform(&work) } catch let wait as Waits {
            try records.note(update, reason: wait.reason)
            block(update)
            return .waits
        }
        let state: ReleaseUpdate.State = work.isDone ? .done : .skipped
        try records.finish(update, state, left: work.left, reason: work.reason, as: work.operation)
        return work.isDone ? .done : .skipped
    }

    /// It cannot be told yet.
    struct Waits: Error {
        var reason: String
    }

    /// One update on its way.
    struct Work {
        let update: ReleaseUpdate
        let translation: UpdateTranslation
        var left: [ReleaseUpdate.Obstacle: Int] = [:]
        var isDone = false
        var operation: Int64?

        var request: UpdateRequest { update.request }

        /// The obstacle that left out most.
        var reason: String? { left.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key.rawValue }

        mutating func leave(_ obstacle: ReleaseUpdate.Obstacle, _ count: Int = 1) {
            if count > 0 { left[obstacle, default: 0] += count }
        }

        mutating func did(_ outcome: Updates.Outcome) {
            isDone = true
            operation = outcome.operation
        }

        /// Numbers of the sources here, each with the source that was meant.
        mutating func sources() throws -> [(id: Int64, source: UpdateRequest.Source)] {
            let findings = try translation.sources(request.sources)
            var out: [(id: Int64, source: UpdateRequest.Source)] = []
            for source in request.sources {
                switch findings[source.id] ?? .left(.vanished) {
                case .found(let id): out.append((id, source))
                case .left(let obstacle): leave(obstacle)
                case .waits(let reason): throw Waits(reason: reason)
                }
            }
            return out
        }

        /// The number of an object here; nil where it is left out.
        mutating func object(_ id: Int64, counting count: Int = 1) throws -> Int64? {
            let object = request.objects.first { $0.id == id } ?? UpdateRequest.Object(id: id, ra: 0, dec: 0, sources: [])
            switch try translation.object(object) {
            case .found(let here): return here
            case .left(let obstacle):
                leave(obstacle, count)
                return nil
            case .waits(let reason): throw Waits(reason: reason)
            }
        }
    }

    private func perform(_ work: inout Work) throws {
        switch work.update.kind {
        case .withdraw: try mark(&work, withdrawn: true)
        case .restore: try mark(&work, withdrawn: false)
        case .withdrawForced: try markForced(&work, withdrawn: true)
        case .restoreForced: try markForced(&work, withdrawn: false)
        case .reassign: try reassign(&work)
        case .reassignSSObject, .link: try giveToSSObjects(&work)
        case .split: try split(&work)
        case .merge: try merge(&work)
        case .close: try close(&work)
        case .forced: try loadForced(&work)
        case .rematch: try rematch(&work)
        }
    }

    func updates(_ work: Work) -> Updates {
        Updates(
            connection: connection, generation: to, pixelization: pixelization, configuration: configuration, clock: clock(work), use: use)
    }

    func clock(_ work: Work) -> () -> Double {
        let time = work.request.mjdTai
        if keepsTimes { return { time } }
        return ProcessingClock.machineMjdTai
    }

    private func rematch(_ work: inout Work) throws {
        guard let visit = work.request.visit, let detector = work.request.detector else { return work.leave(.noVisitDetector) }
        if let obstacle = try rematch(visit, detector) { work.leave(obstacle) } else { work.isDone = true }
    }
}
