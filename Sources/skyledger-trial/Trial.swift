import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import Rehearsal
import Simulation
import Sphere

/// A run of random operations. What comes next follows from the seed and from what is stored, so that a run after a crash goes on.
struct Trial {
    let instance: Instance
    let connection: Connection
    let generation: Generation
    let store: Store
    let updates: Updates
    let visits: VisitDirectory
    let load = VisitDetectorLoad(forced: SyntheticForced())
    var generator: SplitMix

    init(instance path: String, visits directory: String, seed: UInt64) throws {
        instance = try Instance.open(path)
        connection = try instance.connect(as: .ingest)
        generation = try instance.currentGeneration(on: connection)
        let pixelization = try instance.pixelization(on: connection)
        store = try Store(connection: connection, generation: generation, pixelization: pixelization)
        updates = Updates(connection: connection, generation: generation, pixelization: pixelization, configuration: store.configuration)
        visits = try VisitDirectory(directory, generation: generation)
        generator = SplitMix(seed)
    }

    mutating func run(_ count: Int) throws {
        for _ in 0..<count {
            let operation = Operation.random(&generator)
            let what = try attempt(operation)
            say("\(operation.rawValue) \(what)")
        }
    }

    /// Every visit-detector, in an order of this run's own: with others doing the same at once.
    mutating func loadEverything() throws {
        for visit in Array(0..<visits.count).shuffled(using: &generator) {
            for piece in try visits.prepare(visit).shuffled(using: &generator) {
                if case .stored(let counts) = try load.run(piece, in: store) { say("load \(counts.diaSources)") }
                if generator.next() % 4 == 0 { say(try attempt([.merge, .reassign, .withdraw].randomElement(using: &generator)!)) }
            }
        }
    }

    /// A request may meet what another run has changed in the meantime: then it is refused, which is an answer.
    private mutating func attempt(_ operation: Operation) throws -> String {
        do {
            return try perform(operation)
        } catch let error as CatalogError {
            guard case .badRequest(let sentence) = error else { throw error }
            return "refused: \(sentence)"
        }
    }

    private mutating func perform(_ operation: Operation) throws -> String {
        let cause = "trial"
        switch operation {
        case .load:
            let stored = Int(try connection.int64("SELECT count(*) FROM \(generation.table("VisitDetector"))") ?? 0)
            let visit = min(stored / 4, visits.count - 1)
            for piece in try visits.prepare(visit) {
                if case .stored(let counts) = try load.run(piece, in: store) { return "\(counts)" }
            }
            return "nothing new"
        case .loadAgain:
            for piece in try visits.prepare(Int(generator.next() % UInt64(visits.count))) {
                if case .alreadyStored = try load.run(piece, in: store) { return "recognised" }
                return "stored"
            }
            return "nothing"
        case .reassign:
            let sources = try ids("DiaSource", "\"diaObjectId\" IS NOT NULL", 1 + Int(generator.next() % 3))
            let objects = try ids("DiaObjectLast", "true", 1)
            guard let object = objects.first, !sources.isEmpty else { return "nothing" }
            return "\(try updates.reassign(sources.map { ($0, object) }, cause: cause))"
        case .reassignToSSObject:
            guard let source = try ids("DiaSource", "\"ssObjectId\" IS NULL", 1).first else { return "nothing" }
            return "\(try updates.reassignToSSObjects([(source, 7_000_000 + source % 100)], cause: cause))"
        case .withdraw: return "\(try updates.withdraw(sources: ids("DiaSource", "\"timeWithdrawnMjdTai\" IS NULL", 2), cause: cause))"
        case .restore: return "\(try updates.restore(sources: ids("DiaSource", "\"timeWithdrawnMjdTai\" IS NOT NULL", 2), cause: cause))"
        case .withdrawForced: return "\(try updates.withdraw(forced: forced("IS NULL"), cause: cause))"
        case .restoreForced: return "\(try updates.restore(forced: forced("IS NOT NULL"), cause: cause))"
        case .close: return "\(try updates.close(objects: ids("DiaObjectLast", "\"nDiaSources\" < 3", 1), cause: cause))"
        case .split:
            guard let object = try ids("DiaObjectLast", "\"nDiaSources\" > 2", 1).first else { return "nothing" }
            let sources = try ids("DiaSource", "\"timeWithdrawnMjdTai\" IS NULL AND \"diaObjectId\" = \(object)", 2)
            return "\(try updates.split(object, sources: sources, cause: cause))"
        case .merge:
            let objects = try ids("DiaObjectLast", "true", 2)
            guard objects.count == 2 else { return "nothing" }
            return "\(try updates.merge([objects[0]], into: objects[1], cause: cause))"
        case .refused: return try refused()
        }
    }

    /// Requests that no state of the instance can meet.
    private mutating func refused() throws -> String {
        let known = try ids("DiaSource", "true", 1)
        guard let source = known.first else { return "nothing" }
        let requests: [() throws -> Updates.Outcome] = [
            { [updates] in try updates.withdraw(sources: [source, -5], cause: "trial") },
            { [updates] in try updates.withdraw(sources: [source, source], cause: "trial") },
            { [updates] in try updates.reassign([(source, -7)], cause: "trial") },
            { [updates] in try updates.merge([-8], into: -9, cause: "trial") },
            { [updates] in try updates.close(objects: [-3], cause: "trial") },
        ]
        do {
            _ = try requests[Int(generator.next() % UInt64(requests.count))]()
        } catch let error as CatalogError where error.isBadRequest { return "\(error)" }
        throw CatalogError.inconsistent("a request that cannot be met was met")
    }

    /// Identifiers of random rows, different ones.
    private mutating func ids(_ table: String, _ condition: String, _ count: Int) throws -> [Int64] {
        let name = table == "DiaSource" ? "\"diaSourceId\"" : "\"diaObjectId\""
        let from = "\(generation.table(table)) WHERE \(condition)"
        let rows = Int(try connection.int64("SELECT count(*) FROM \(from)") ?? 0)
        guard rows > 0 else { return [] }
        var out: Set<Int64> = []
        for _ in 0..<count {
            let offset = Int(generator.next() % UInt64(rows))
            if let id = try connection.int64("SELECT \(name) FROM \(from) ORDER BY 1 OFFSET \(offset) LIMIT 1") { out.insert(id) }
        }
        return out.sorted()
    }

    private mutating func forced(_ state: String) throws -> [Updates.ForcedKey] {
        let from = "\(generation.table("DiaForcedSource")) WHERE \"timeWithdrawnMjdTai\" \(state)"
        let rows = Int(try connection.int64("SELECT count(*) FROM \(from)") ?? 0)
        guard rows > 0 else { return [] }
        let row = try connection.query(
            "SELECT \"diaObjectId\", \"visit\", \"detector\"::integer AS d FROM \(from) ORDER BY 1, 2, 3 OFFSET \(Int(generator.next() % UInt64(rows))) LIMIT 1"
        )
        guard let object = row["diaObjectId"]?.int64s?.first else { return [] }
        return [Updates.ForcedKey(diaObjectId: object, visit: row["visit"]!.int64s![0], detector: row["d"]!.int32s![0])]
    }
}
