import ArgumentParser
import Catalog
import Columns
import Postgres
import Release
import Sphere

struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Rows by place, identifier, time or visit.",
        subcommands: [
            QueryCone.self, QueryRegion.self, QueryIds.self, QuerySince.self, QueryVisit.self, QueryUnassociated.self, QueryCounts.self,
        ])
}

/// What queries of Level-1 tables share.
struct QueryOptions: ParsableArguments {
    @Option(help: "DiaObject, DiaObjectLast, DiaSource or DiaForcedSource.") var table = "DiaObject"
    @Option(help: "Columns wanted, with commas between them (default: all).") var columns: String?
    @Option(parsing: .unconditional, help: "Only what was seen at this time or later, MJD TAI.") var since: Double?
    @Option(parsing: .unconditional, help: "Only what was seen at this time or earlier, MJD TAI.") var until: Double?
    @Option(parsing: .unconditional, help: "The rows as they were stored at this time, MJD TAI (default: as they are now).")
    var asOf: Double?
    @Flag(name: .customLong("include-withdrawn"), help: "Rows that were withdrawn too.") var includesWithdrawn = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run(_ region: Region) throws {
        var query = RegionQuery(region: region)
        query.table = table
        query.columns = columnNames(columns)
        (query.since, query.until, query.asOf, query.includesWithdrawn) = (since, until, asOf, includesWithdrawn)
        let reader = try QueryReader(instance)
        let rows = try query.run(on: reader.connection, generation: reader.generation, pixelization: reader.pixelization)
        try reader.write(rows, of: table, output)
    }
}

/// Names with commas between them.
func columnNames(_ text: String?) -> [String]? { text?.split(separator: ",").map { $0.filter { $0 != " " } } }

/// What every query needs of the instance.
struct QueryReader {
    let instance: Instance
    let connection: Connection
    let generation: Generation
    let pixelization: any Pixelization

    init(_ options: InstanceOptions) throws {
        instance = try options.open()
        connection = try instance.connect(as: .reader)
        generation = try instance.currentGeneration(on: connection)
        pixelization = try instance.pixelization(on: connection)
    }

    private static let formerRemarksMax = 20

    /// Says what objects of earlier generations are now; of the first few, the rest by number.
    func remarkFormer(_ ids: [Int64]) throws {
        let former = try Correspondences(instance: instance, connection: connection).formerObjects(Array(ids.prefix(Self.formerRemarksMax)))
        for (id, one) in former.sorted(by: { $0.key < $1.key }) {
            let now =
                one.now.isEmpty
                ? "has no counterpart in generation \(generation.id)"
                : "is \(one.now.map(String.init).joined(separator: ", ")) in generation \(generation.id)"
            remark("diaObjectId \(id) of generation \(one.generation) \(now)")
        }
        if ids.count > Self.formerRemarksMax, !former.isEmpty {
            remark("what the others are: skyledger release trace --object ID")
        }
    }

    /// Writes rows with the units of the schema document's table.
    func write(_ rows: Table, of table: String, _ output: OutputOptions) throws {
        try RowOutput.write(rows.described(by: generation, table), output.request)
    }
}

struct QueryCone: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cone", abstract: "Rows within an angle of a position.",
        discussion: "Example: skyledger query cone --ra 150.1 --dec -30.2 --radius-arcsec 5 --table DiaSource")

    @Option(parsing: .unconditional, help: "Degrees, ICRS.") var ra: Double
    @Option(parsing: .unconditional, help: "Degrees, ICRS.") var dec: Double
    @Option(parsing: .unconditional, help: "Arcseconds.") var radiusArcsec: Double
    @OptionGroup var options: QueryOptions

    func run() throws { try options.run(.circle(Circle(ra: ra, dec: dec, radiusDegrees: radiusArcsec / 3600))) }
}

struct QueryRegion: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "region", abstract: "Rows in a polygon, a circle or a box.",
        discussion: "Example: skyledger query region --polygon \"149 -31, 151 -31, 151 -29, 149 -29\" --format csv")

    @Option(parsing: .unconditional, help: "Corners in degrees: \"ra dec, ra dec, ra dec, ...\"; edges are great circles.") var polygon:
        String?
    @Option(parsing: .unconditional, help: "\"ra dec radius\" in degrees.") var circle: String?
    @Option(parsing: .unconditional, help: "\"ra1 dec1 ra2 dec2\" in degrees; ra1 greater than ra2 goes over RA 0.") var box: String?
    @OptionGroup var options: QueryOptions

    func run() throws {
        let regions = try [
            polygon.map { try Region.polygon(parsing: $0) }, circle.map { try Region.circle(parsing: $0) },
            box.map { try Region.box(parsing: $0) },
        ].compactMap { $0 }
        guard regions.count == 1 else { throw RequestError("name one region: --polygon, --circle or --box") }
        try options.run(regions[0])
    }
}
