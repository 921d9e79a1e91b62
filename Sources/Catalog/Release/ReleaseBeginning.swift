import Foundation
import Postgres
import Schema

/// Begins a data release: makes the next generation beside the current one, and has the nights' visits wait for it from the cutoff on.
///
///     var beginning = ReleaseBeginning(instance: instance, name: "DR1", cutoffMjdTai: 61_400)
///     beginning.schemaPath = "apdb-v11.yaml"
///     let outcome = try beginning.run()
///
/// Everything is checked before anything is made, and what is made is one transaction. Begun again as it was, a release stays as it is. One
/// that replaces a piece then gets a copy of what lies outside it, in another transaction; begun again, that is done where it is not yet.
public struct ReleaseBeginning {
    let instance: Instance
    public var name: String
    /// Visits up to here are the release's input.
    public var cutoffMjdTai: Double
    /// A Felis YAML file; nil for the current generation's document.
    public var schemaPath: String?
    /// The rules that the release's generation is made under; nil for the instance's.
    public var configuration: Configuration?
    /// Columns ("DiaSource.snr" or "snr") and tables that may be missing from the new document.
    public var allowedLosses: [String] = []
    public var checksDisk = true
    /// What it replaces; nil for everything.
    public var piece: ReleasePiece?
    /// Bytes that are free where a path lies; nil where nobody knows.
    public var freeBytes: (String) -> Int64? = DiskSpace.free

    public init(instance: Instance, name: String, cutoffMjdTai: Double) {
        (self.instance, self.name, self.cutoffMjdTai) = (instance, name, cutoffMjdTai)
    }

    /// What was begun.
    public struct Outcome: Sendable {
        public var release: ReleaseRecord
        /// Whether it was begun just now.
        public var isNew: Bool
        /// Visit-detectors of the current generation that wait for the new one.
        public var queued: Int
        /// What of the document was left out, and why.
        public var notes: [String]
        /// Whether its generation has what lies outside the piece; false where the copy was stopped, and is to be repeated.
        public var isComplete = true
    }

    /// - Parameters:
    ///   - progress: told the sentence of each stage.
    ///   - copied: how far the copy is of what lies outside a piece; return false to stop it.
    /// - Throws: `CatalogError.badRequest` and others with the reason; nothing was made then. `PostgresError`
    public func run(progress: (String) -> Void = { _ in }, copied: (PieceProgress) -> Bool = { _ in true }) throws -> Outcome {
        let connection = try instance.connect(as: .owner)
        var outcome = try make(on: connection, progress)
        guard let piece = outcome.release.piece, outcome.release.state == .beginning else { return outcome }
        try ReleaseWork.take(name, on: connection)
        let releases = Releases(connection: connection)
        let copy = PieceCopy(
            connection: connection, from: try instance.generation(outcome.release.fromGeneration, on: connection),
            to: try instance.generation(outcome.release.generation, on: connection), release: outcome.release, piece: piece,
            pixelization: try instance.pixelization(on: connection))
        outcome.isComplete = try copy.run(progress: copied)
        outcome.release = try releases.named(name)
        outcome.queued = try releases.lag(of: outcome.release.generation)
        return outcome
    }

    private func make(on connection: Connection, _ progress: (String) -> Void) throws -> Outcome {
        guard name.wholeMatch(of: /[A-Za-z][A-Za-z0-9_.-]{0,31}/) != nil else {
            throw CatalogError.badRequest(
                "\(name) is no name of a release: a letter, then at most 31 letters, digits, dots, dashes, underscores")
        }
        guard cutoffMjdTai > 15020, cutoffMjdTai < 88069 else {
            throw CatalogError.badRequest("the cutoff \(cutoffMjdTai) is no MJD between 1900 and 2100")
        }
        let current = try instance.currentGeneration(on: connection)
        try refuseEmptyPiece(current, on: connection)
        let (yaml, document) = try self.document(current)
        let rules = try configuration ?? ConfigurationRecord.current(on: connection).configuration
        try rules.check()
        let text = try rules.yaml
        try SchemaLosses(from: current.document, to: document).refuse(allowing: allowedLosses)
        return try connection.transaction {
            try connection.execute("LOCK TABLE skyledger.\"Release\" IN EXCLUSIVE MODE")
            if let known = try begun(yaml, text, on: connection) {
                return Outcome(
                    release: known, isNew: false, queued: try Releases(connection: connection).lag(of: known.generation), notes: [])
            }
            if checksDisk { try refuseFullDisk(current, on: connection) }
            let id = Int(try connection.int64("SELECT max(\"generationId\")::bigint + 1 FROM skyledger.\"Generation\"") ?? 1)
            let generation = try Generation(id: id, documentYAML: yaml, document: document)
            progress("making the tables of generation \(id)")
            let notes = try GenerationCreation(generation).run(on: connection, state: "next")
            try Views.create(of: generation, in: generation.viewSchemaName, on: connection)
            progress(piece == nil ? "queueing visits after the cutoff" : "having visits of the nights wait")
            let queued = try GenerationGate.close(on: connection) { try enter(generation, current, text, on: connection) }
            return Outcome(release: try Releases(connection: connection).named(name), isNew: true, queued: queued, notes: notes)
        }
    }

    private func document(_ current: Generation) throws -> (String, SchemaDocument) {
        guard let schemaPath else { return (current.documentYAML, current.document) }
        guard let yaml = try? String(contentsOfFile: schemaPath, encoding: .utf8) else {
            throw CatalogError.badRequest("the schema document \(schemaPath) cannot be read: name a Felis YAML file with --schema")
        }
        let document = try FelisReader.read(path: schemaPath)
        if let old = current.document.version, document.version.map({ $0 < old }) ?? true {
            throw CatalogError.badRequest(
                "the schema document \(schemaPath) is \(document.label), older than the instance's \(current.document.label): a release goes forward only"
            )
        }
        let layout = try GenerationLayout(document)
        guard layout.roles.hasMjdValidity, document[table: "DiaSource"]?[column: "visit"] != nil else {
            throw CatalogError.documentLacks(
                what: "visits, detectors and times in MJD as version 9.0.0 introduced", document: document.label,
                advice: "use a newer version")
        }
        return (yaml, document)
    }

    /// The release, where it was begun with the same settings and is under way.
    private func begun(_ yaml: String, _ configuration: String, on connection: Connection) throws -> ReleaseRecord? {
        let releases = Releases(connection: connection)
        let open = try releases.open()
        guard let known = try releases.all().first(where: { $0.name == name }) else {
            guard let open else { return nil }
            throw CatalogError.badRequest(
                "release \(open.name) is under way (\(open.state.rawValue)): one release at a time; finish it, or give it up with `skyledger release abandon \(open.name)`"
            )
        }
        let isSame =
            try known.cutoffMjdTai == cutoffMjdTai && known.piece == piece && known.configurationText == configuration
            && instance.generation(known.generation, on: connection).documentYAML == yaml
        guard isSame, !known.state.isClosed else {
            throw CatalogError.badRequest(
                "there is a release \(name) already (\(known.state.rawValue), generation \(known.generation))\(isSame ? "" : ", with other settings"): choose another name"
            )
        }
        return known
    }

    /// A piece is a part of the current generation, with its columns, and there must be something to replace.
    private func refuseEmptyPiece(_ current: Generation, on connection: Connection) throws {
        guard let piece else { return }
        guard schemaPath == nil else {
            throw CatalogError.badRequest(
                "a release of \(piece.label) keeps the schema \(current.document.label): rows outside the piece are taken over as they are; leave --schema out, or replace everything"
            )
        }
        if let since = piece.sinceMjdTai, since >= cutoffMjdTai {
            throw CatalogError.badRequest("no time lies after MJD \(since) and up to the cutoff \(cutoffMjdTai): give an earlier --since")
        }
        let visits = try PieceVisits(piece, cutoffMjdTai: cutoffMjdTai, of: current, on: connection)
        guard visits.midpointMjdTai.contains(where: { $0 <= cutoffMjdTai }) else {
            throw CatalogError.badRequest(
                "no visit-detector of generation \(current.id) up to MJD \(cutoffMjdTai) has its centre in \(piece.label)\(visits.retired > 0 ? ", but for \(visits.retired) that retention removed" : ""): there is nothing to replace"
            )
        }
    }

    private func refuseFullDisk(_ current: Generation, on connection: Connection) throws {
        guard let cluster = instance.cluster, let free = freeBytes(cluster.directory) else { return }
        let needed = try DiskSpace.bytes(of: current, on: connection)
        guard free < needed else { return }
        func gigabytes(_ bytes: Int64) -> String { String(format: "%.3g GB", Double(bytes) / 1e9) }
        throw CatalogError.badRequest(
            "\(gigabytes(free)) are free where the data are, and another generation like the current one takes \(gigabytes(needed)): make room, or give --skip-disk-check"
        )
    }

    /// Enters the release. Nobody stores meanwhile, so that a visit either stands in the queue or is stored by who knows of the release.
    private func enter(_ generation: Generation, _ current: Generation, _ configuration: String, on connection: Connection) throws -> Int {
        let present = try instance.currentGeneration(on: connection)
        guard present.id == current.id, present.documentYAML == current.documentYAML else {
            throw CatalogError.unavailable("another generation or schema came into force while release \(name) was begun: repeat this")
        }
        try connection.run(
            """
            INSERT INTO skyledger."Release" ("release", "fromGeneration", "generation", "cutoffMjdTai", "configuration", "state")
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                .text(name), .int32(Int32(current.id)), .int32(Int32(generation.id)), .double(cutoffMjdTai), .text(configuration),
                .text((piece == nil ? ReleaseRecord.State.loading : .beginning).rawValue),
            ])
        if let piece {
            try connection.run(
                "INSERT INTO skyledger.\"ReleasePiece\" (\"release\", \"region\", \"sinceMjdTai\") VALUES ($1, $2, $3)",
                [.text(name), piece.regionText.map(Parameter.text) ?? .null, piece.sinceMjdTai.map(Parameter.double) ?? .null])
            return 0
        }
        let queued = try connection.run(
            """
            INSERT INTO skyledger."ReleaseQueue" ("generation", "midpointMjdTai", "visit", "detector")
            SELECT $1, "midpointMjdTai", "visit", "detector" FROM \(current.table("VisitDetector")) WHERE "midpointMjdTai" > $2
            """, [.int32(Int32(generation.id)), .double(cutoffMjdTai)])
        let detail = Detail(
            cutoffMjdTai: cutoffMjdTai, generation: generation.id, schema: generation.document.label, queued: queued)
        try Releases(connection: connection).record(.begin, of: name, detail)
        return queued
    }

    private struct Detail: Encodable {
        var cutoffMjdTai: Double
        var generation: Int
        var schema: String
        var queued: Int
    }
}
