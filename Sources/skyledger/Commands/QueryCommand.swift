import ArgumentParser
import Catalog
import Columns
import Sphere

struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Rows in a region of the sky, clipped exactly to it.",
        subcommands: [QueryCone.self, QueryRegion.self])
}

/// What both kinds of query share.
struct QueryOptions: ParsableArguments {
    @Option(help: "DiaObject, DiaObjectLast, DiaSource or DiaForcedSource.") var table = "DiaObject"
    @Option(help: "Columns wanted, with commas between them (default: all).") var columns: String?
    @Option(parsing: .unconditional, help: "Only what was seen at this time or later, MJD TAI.") var since: Double?
    @Option(parsing: .unconditional, help: "Only what was seen at this time or earlier, MJD TAI.") var until: Double?
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run(_ region: Region) throws {
        let instance = try instance.open()
        let connection = try instance.connect(as: .reader)
        var query = RegionQuery(region: region)
        query.table = table
        query.columns = columns?.split(separator: ",").map { $0.filter { $0 != " " } }
        query.since = since
        query.until = until
        let generation = try instance.currentGeneration(on: connection)
        let rows = try query.run(on: connection, generation: generation, pixelization: instance.pixelization(on: connection))
        try RowOutput.write(rows.described(by: generation.document[table: table]), output.request)
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
