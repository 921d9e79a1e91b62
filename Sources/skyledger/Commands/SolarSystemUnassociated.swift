import ArgumentParser
import Catalog
import Ingest

/// `solarsystem unassociated`: what linking starts from.
struct SolarSystemUnassociated: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unassociated", abstract: "The sources of a night that belong to no object, in the columns that linkers read.",
        discussion: """
            A night is floor(midpointMjdTai - night-start). Withdrawn sources are left out.
            Example: skyledger solarsystem unassociated --night 61041 --singles --for heliolinx --format csv --output night.csv
            """)

    @Option(help: "The night.") var night: Int
    @Option(parsing: .unconditional, help: "Days after midnight TAI at which a night begins; 0.6667 is noon at Cerro Pachon.")
    var nightStart = 0.0
    @Flag(help: "Also sources whose object has no other source: movers found one wherever they are first seen.") var singles = false
    @Option(name: .customLong("for"), help: "Whose columns: heliolinx, thor.") var linker = "heliolinx"
    @Option(help: "MPC code of the observatory.") var observatory = "X05"
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        guard let columns = LinkerColumns(rawValue: linker) else {
            throw RequestError(
                "there are no columns for \(linker): choose \(LinkerColumns.allCases.map(\.rawValue).joined(separator: " or "))")
        }
        var query = UnassociatedQuery(night: night, nightStartDays: nightStart)
        query.includesSingles = singles
        let reader = try QueryReader(instance)
        let sources = try query.run(on: reader.connection, generation: reader.generation)
        let roles = reader.generation.layout.roles
        try RowOutput.write(
            columns.table(sources, dec: roles.dec, midpoint: roles.sourceMidpoint, observatory: observatory), output.request)
    }
}
