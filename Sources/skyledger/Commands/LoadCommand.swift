import Alerts
import ArgumentParser
import Catalog
import Foundation
import Images
import Ingest
import Schema

struct LoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Load DiaSources of processed visits and associate them with the objects that are there.",
        discussion: """
            A visit directory has visits.parquet and one visit_NNNNNN.parquet a visit; a Parquet or FITS file of DiaSources with visit and
            detector columns loads too. What is loaded already is recognised and skipped, so an interrupted load is repeated as it was.
            Example: skyledger load /data/visits --radius-arcsec 1.0
            """)

    @Argument(help: "Visit directories, or Parquet or FITS files of DiaSources.") var paths: [String]
    @Option(parsing: .unconditional, help: "Largest angle between a source and its object (default: the instance's configuration).")
    var radiusArcsec: Double?
    @Option(help: "Files of DiaForcedSources measured in these visits; may be given several times.") var forced: [String] = []
    @Option(help: "A map from the catalog's columns to the schema's: a YAML file, or the name of a shipped one (hits2015, ztf-alerts).")
    var map: String?
    @Flag(help: "Stamp object versions with the time of the visit rather than the clock's: for replays that must repeat exactly.")
    var visitClock = false
    @Option(
        help:
            "A folder of images that alerts get cutouts of: difference_VISIT_DETECTOR.fits, science_..., template_... (or matched_template_...)."
    )
    var images: String?
    @Flag(help: "Issue no alerts. What was stored without alerts gets none later.") var noAlerts = false
    @OptionGroup var summary: SummaryOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let inputs = try paths.map(LoadInput.init(path:))
        var options = LoadTask.Options()
        options.radiusArcsec = radiusArcsec
        options.forcedPaths = forced
        options.map = try map.map(ShippedMaps.read)
        options.clock = visitClock ? .visit : .now
        options.issuesAlerts = !noAlerts
        options.images = try images.map { path in
            guard FileManager.default.fileExists(atPath: path) else { throw RequestError("there is no folder \(path): name one of images") }
            return FolderImages(ImageFolder(path))
        }
        options.alertSchemas = try DefaultSchema.installedAlertFolder()
        try LoadRun.run(inputs, options, in: instance, summary, issuesAlerts: true)
    }
}
