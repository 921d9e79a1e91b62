import ArgumentParser
import Catalog
import Columns

struct QueryIds: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ids", abstract: "Rows of diaObjectIds, or DiaSources of diaSourceIds.",
        discussion: """
            Identifiers without rows are left out, and counted on standard error; of those that an earlier generation had it is said there
            what they are now.
            Example: skyledger query ids 100000000003 100000000017 --table DiaSource --columns midpointMjdTai,band,psfFlux
            """)

    @Argument(help: "diaObjectIds, any number.") var ids: [String] = []
    @Option(help: "A file with the column diaObjectId (diaSourceId with --sources) instead.") var file: String?
    @Flag(help: "The identifiers are diaSourceIds; the table is DiaSource.") var sources = false
    @OptionGroup var options: QueryOptions

    func run() throws {
        let key = sources ? "diaSourceId" : "diaObjectId"
        let values = try Identifiers.read(ids, file: file, columns: [key]).map { $0[0] }
        var query = sources ? IdentifierQuery(diaSourceIds: values) : IdentifierQuery(diaObjectIds: values, table: options.table)
        query.columns = columnNames(options.columns)
        (query.since, query.until, query.asOf) = (options.since, options.until, options.asOf)
        query.includesWithdrawn = options.includesWithdrawn
        let reader = try QueryReader(options.instance)
        let answer = try query.run(on: reader.connection, generation: reader.generation, pixelization: reader.pixelization)
        try reader.write(answer.rows, of: query.table, options.output)
        if !answer.missing.isEmpty {
            remark("\(answer.missing.count) of \(Set(values).count) identifiers have no rows that fit, the first is \(answer.missing[0])")
            if !sources { try reader.remarkFormer(answer.missing) }
        }
    }
}

struct QuerySince: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "since", abstract: "Objects created, changed or closed since a time.",
        discussion: "Example: skyledger query since 61050.5 --columns diaObjectId,ra,dec --format csv")

    @Argument(help: "MJD TAI, by the clock that stamps object versions.") var time: Double
    @Flag(help: "Only objects created since.") var created = false
    @Option(help: "Columns of DiaObject wanted beside change, with commas between them (default: all).") var columns: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        var query = ChangedObjectsQuery(since: time)
        query.onlyCreated = created
        query.columns = columnNames(columns)
        let reader = try QueryReader(instance)
        try reader.write(query.run(on: reader.connection, generation: reader.generation), of: "DiaObject", output)
    }
}

struct QueryVisit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "visit", abstract: "Visit-detectors that were processed, by visit or by time; no row for one that was not.",
        discussion: "Example: skyledger query visit --visit 100003 --detector 2")

    @Option(help: "The visit.") var visit: Int64?
    @Option(help: "The detector.") var detector: Int32?
    @Option(parsing: .unconditional, help: "Only exposures at this time or later, MJD TAI.") var since: Double?
    @Option(parsing: .unconditional, help: "Only exposures at this time or earlier, MJD TAI.") var until: Double?
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let reader = try QueryReader(instance)
        let query = VisitDetectorQuery(visit: visit, detector: detector, since: since, until: until)
        try RowOutput.write(query.run(on: reader.connection, generation: reader.generation), output.request)
    }
}

struct QueryUnassociated: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unassociated", abstract: "Sources without object, of a night or a range of times.",
        discussion: "Example: skyledger query unassociated --night 61041 --singles --format parquet --output night.parquet")

    @Option(help: "The night: floor(midpointMjdTai - night-start).") var night: Int?
    @Option(parsing: .unconditional, help: "Days after midnight TAI at which a night begins; 0.6667 is noon at Cerro Pachon.")
    var nightStart = 0.0
    @Option(parsing: .unconditional, help: "Only exposures at this time or later, MJD TAI.") var since: Double?
    @Option(parsing: .unconditional, help: "Only exposures before this time, MJD TAI.") var until: Double?
    @Flag(help: "Also sources whose object has no other source: movers found one wherever they are first seen.") var singles = false
    @Option(help: "Columns wanted, with commas between them (default: all).") var columns: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        guard night == nil || since == nil && until == nil else { throw RequestError("name a night, or --since and --until, not both") }
        var query =
            night.map { UnassociatedQuery(night: $0, nightStartDays: nightStart) } ?? UnassociatedQuery(since: since, before: until)
        query.includesSingles = singles
        query.columns = columnNames(columns)
        let reader = try QueryReader(instance)
        try reader.write(query.run(on: reader.connection, generation: reader.generation), of: "DiaSource", output)
    }
}

struct QueryCounts: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "counts", abstract: "How many sources of each night have no object, and why.",
        discussion: "Example: skyledger query counts --night-start 0.6667")

    @Option(parsing: .unconditional, help: "Days after midnight TAI at which a night begins; 0.6667 is noon at Cerro Pachon.")
    var nightStart = 0.0
    @Option(parsing: .unconditional, help: "Only exposures at this time or later, MJD TAI.") var since: Double?
    @Option(parsing: .unconditional, help: "Only exposures before this time, MJD TAI.") var until: Double?
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let reader = try QueryReader(instance)
        let counts = try UnassociatedQuery(since: since, before: until)
            .counts(on: reader.connection, generation: reader.generation, nightStartDays: nightStart)
        try RowOutput.write(counts, output.request)
    }
}
