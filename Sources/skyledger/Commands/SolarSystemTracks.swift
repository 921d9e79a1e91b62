import ArgumentParser
import Catalog
import Columns
import Ingest

/// `solarsystem tracks`: a linker's result comes back.
struct SolarSystemTracks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tracks", abstract: "Give the sources of a linker's tracks to SSObjects, new ones where the track is no known object.",
        discussion: """
            The file has columns track (a designation of a known object, or a name) and diaSourceId, a row a source. One transaction: all \
            tracks or none.
            Example: skyledger solarsystem tracks links.csv --cause "heliolinx, nights 61041 to 61054"
            """)

    @Argument(help: "Parquet, FITS or CSV.") var file: String
    @Option(help: "Why, for the records.") var cause: String
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        let connection = try instance.connect(as: .ingest)
        let generation = try instance.currentGeneration(on: connection)
        let tracks = try TrackFile.read(file, generation: generation, on: connection)
        let updates = Updates(
            connection: connection, generation: generation, pixelization: try instance.pixelization(on: connection),
            configuration: try ConfigurationRecord.current(on: connection).configuration)
        let outcome = try updates.link(tracks, cause: cause)
        print("\(tracks.count) tracks, \(outcome.diaSources) DiaSources given to them, \(outcome.diaObjectsClosed.count) DiaObjects closed")
    }
}
