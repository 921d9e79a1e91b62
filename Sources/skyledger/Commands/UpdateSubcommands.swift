import ArgumentParser
import Catalog
import Columns

struct UpdateReassign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reassign", abstract: "Give DiaSources to other DiaObjects; objects left without any are closed.",
        discussion: "Example: skyledger update reassign 100000000017=100000000003 --cause \"DM-48672\"")

    @Argument(help: "diaSourceId=diaObjectId, any number.") var pairs: [String] = []
    @Option(help: "A file with columns diaSourceId and diaObjectId instead.") var file: String?
    @OptionGroup var options: UpdateOptions

    func run() throws {
        let rows = try Identifiers.read(pairs, file: file, columns: ["diaSourceId", "diaObjectId"])
        try options.run { try $0.reassign(rows.map { ($0[0], $0[1]) }, cause: options.cause) }
    }
}

struct UpdateReassignSSObject: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reassign-ssobject", abstract: "Give DiaSources to SSObjects; DiaObjects left without any are closed.",
        discussion: "Example: skyledger update reassign-ssobject 100000000017=23133931615299639 --cause \"linked\"")

    @Argument(help: "diaSourceId=ssObjectId, any number.") var pairs: [String] = []
    @Option(help: "A file with columns diaSourceId and ssObjectId instead.") var file: String?
    @OptionGroup var options: UpdateOptions

    func run() throws {
        let rows = try Identifiers.read(pairs, file: file, columns: ["diaSourceId", "ssObjectId"])
        try options.run { try $0.reassignToSSObjects(rows.map { ($0[0], $0[1]) }, cause: options.cause) }
    }
}

/// Sources, or forced sources, that an update is about.
struct WithdrawalOptions: ParsableArguments {
    @Argument(help: "diaSourceId, any number; with --forced diaObjectId=visit=detector.") var ids: [String] = []
    @Option(help: "A file with the column diaSourceId, or with --forced diaObjectId, visit and detector, instead.") var file: String?
    @Flag(help: "DiaForcedSources rather than DiaSources.") var forced = false
    @OptionGroup var options: UpdateOptions

    /// Does one of two things, as the flag says.
    func run(
        sources withSources: (Updates) -> ([Int64], String) throws -> Updates.Outcome,
        forced withForced: (Updates) -> ([Updates.ForcedKey], String) throws -> Updates.Outcome
    ) throws {
        if forced {
            let keys = try keys()
            return try options.run { try withForced($0)(keys, options.cause) }
        }
        let ids = try sources()
        try options.run { try withSources($0)(ids, options.cause) }
    }

    private func sources() throws -> [Int64] { try Identifiers.read(ids, file: file, columns: ["diaSourceId"]).map { $0[0] } }

    private func keys() throws -> [Updates.ForcedKey] {
        try Identifiers.read(ids, file: file, columns: ["diaObjectId", "visit", "detector"]).map { row in
            guard let detector = Int32(exactly: row[2]) else { throw RequestError("\(row[2]) is no detector") }
            return Updates.ForcedKey(diaObjectId: row[0], visit: row[1], detector: detector)
        }
    }
}

struct UpdateWithdraw: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "Mark sources as never having been: they stay, and count nowhere.",
        discussion: "Example: skyledger update withdraw 100000000017 --cause \"satellite\"")

    @OptionGroup var what: WithdrawalOptions

    func run() throws { try what.run(sources: Updates.withdraw(sources:cause:), forced: Updates.withdraw(forced:cause:)) }
}

struct UpdateRestore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Take the withdrawal of sources back.",
        discussion: "Example: skyledger update restore 100000000017 --cause \"it was a star\"")

    @OptionGroup var what: WithdrawalOptions

    func run() throws { try what.run(sources: Updates.restore(sources:cause:), forced: Updates.restore(forced:cause:)) }
}

struct UpdateClose: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "End the validity of DiaObjects: no source joins them any more.",
        discussion: "Example: skyledger update close 100000000003 --cause \"artefact\"")

    @Argument(help: "diaObjectId, any number.") var ids: [String] = []
    @Option(help: "A file with the column diaObjectId instead.") var file: String?
    @OptionGroup var options: UpdateOptions

    func run() throws {
        let objects = try Identifiers.read(ids, file: file, columns: ["diaObjectId"]).map { $0[0] }
        try options.run { try $0.close(objects: objects, cause: options.cause) }
    }
}

struct UpdateSplit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split", abstract: "Found a new DiaObject of some of another's DiaSources.",
        discussion: "Example: skyledger update split --object 100000000003 100000000017 100000000023 --cause \"two stars\"")

    @Option(help: "The DiaObject that loses them.") var object: Int64
    @Argument(help: "diaSourceId, any number.") var ids: [String] = []
    @Option(help: "A file with the column diaSourceId instead.") var file: String?
    @OptionGroup var options: UpdateOptions

    func run() throws {
        let sources = try Identifiers.read(ids, file: file, columns: ["diaSourceId"]).map { $0[0] }
        try options.run { try $0.split(object, sources: sources, cause: options.cause) }
    }
}

struct UpdateMerge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Merge DiaObjects into one, which gets all of their DiaSources.",
        discussion: "Example: skyledger update merge --into 100000000003 100000000017 --cause \"one star\"")

    @Option(help: "The DiaObject that survives.") var into: Int64
    @Argument(help: "diaObjectId of those that end, any number.") var ids: [String] = []
    @Option(help: "A file with the column diaObjectId instead.") var file: String?
    @OptionGroup var options: UpdateOptions

    func run() throws {
        let objects = try Identifiers.read(ids, file: file, columns: ["diaObjectId"]).map { $0[0] }
        try options.run { try $0.merge(objects, into: into, cause: options.cause) }
    }
}

struct UpdateHistory: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "The records of updates, in the order in which they happened.",
        discussion: "Example: skyledger update history --source 100000000017")

    @Option(help: "Only those of a DiaSource.") var source: Int64?
    @Option(help: "Only those of a DiaObject.") var object: Int64?
    @Option(parsing: .unconditional, help: "Only those at this time or later, MJD TAI.") var since: Double?
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        let connection = try instance.connect(as: .reader)
        let query = UpdateHistoryQuery(diaSourceId: source, diaObjectId: object, since: since)
        try RowOutput.write(query.run(on: connection, generation: instance.currentGeneration(on: connection)), output.request)
    }
}
