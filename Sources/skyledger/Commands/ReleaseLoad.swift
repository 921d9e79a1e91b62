import ArgumentParser
import Catalog
import Foundation
import Ingest
import Schema

struct ReleaseLoad: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Load reprocessed visits into a release's generation, in the order of time.",
        discussion: """
            All visits named are put in order and checked before the first is stored: none may be twice, older than what the release has, or
            missing although the current generation has it up to the cutoff. No alerts are issued. Where the release has orbits, they are
            carried to each night before its visits. An interrupted load is repeated as it was.
            Example: skyledger release load DR1 /data/reprocessed
            """)

    @Argument(help: "The release's name.") var name: String
    @Argument(help: "Visit directories, or Parquet or FITS files of DiaSources.") var paths: [String]
    @Option(help: "Files of DiaForcedSources measured in these visits; may be given several times.") var forced: [String] = []
    @Option(help: "A map from the catalog's columns to the schema's: a YAML file, or the name of a shipped one (hits2015, ztf-alerts).")
    var map: String?
    @Flag(help: "Stamp object versions with the time of the visit rather than the clock's: for replays that must repeat exactly.")
    var visitClock = false
    @Flag(help: "Load even though visits are missing that the current generation has up to the cutoff: they cannot be loaded later.")
    var allowMissing = false
    @Flag(help: "Look for known objects with the orbits' states as they are, rather than carry them to nights that nobody prepared.")
    var noPrepare = false
    @OptionGroup var summary: SummaryOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let inputs = try paths.map(LoadInput.init(path:))
        var options = LoadTask.Options()
        options.target = .release(name)
        options.forcedPaths = forced
        options.map = try map.map(ShippedMaps.read)
        options.clock = visitClock ? .visit : .now
        options.allowsMissing = allowMissing
        options.preparesNights = !noPrepare
        try LoadRun.run(inputs, options, in: instance, summary, issuesAlerts: false)
    }
}
