import ArgumentParser
import Catalog
import Foundation
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
    @Flag(help: "Issue no alerts. What was stored without alerts gets none later.") var noAlerts = false
    @Option(help: "table or json.") var format: OutputFormat = .table
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        guard format == .table || format == .json else {
            throw RequestError("load prints its summary as table or json, not as \(format.rawValue)")
        }
        let inputs = try paths.map(LoadInput.init(path:))
        var options = LoadTask.Options()
        options.radiusArcsec = radiusArcsec
        options.forcedPaths = forced
        options.map = try map.map(ShippedMaps.read)
        options.clock = visitClock ? .visit : .now
        options.issuesAlerts = !noAlerts
        options.alertSchemas = try DefaultSchema.installedAlertFolder()
        let bar = ProgressBar("visits")
        let interruption = Interruption()
        let summary = try LoadTask(instance: instance.open(), options: options).run(inputs) { progress in
            bar.update(done: progress.visitsDone, total: progress.visitsTotal, note: "\(progress.summary.diaSources) DiaSources")
            return !interruption.isRequested
        }
        bar.end()
        if summary.limitedDetectors > 0 {
            remark(
                "\(summary.limitedDetectors) visit-detectors had more new sources than founding.maximumNewObjects allows: the rest is stored without object"
            )
        }
        if summary.withoutEphemerides > 0 {
            remark(
                "in \(summary.withoutEphemerides) visit-detectors nobody looked for known objects (\(summary.withoutEphemeridesReason ?? "no ephemerides")); then run `skyledger solarsystem rematch`"
            )
        }
        if summary.forcedWithoutObject > 0 {
            remark("\(summary.forcedWithoutObject) forced sources lie on no object of their visit-detector and were left out")
        }
        if format == .json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            print(String(decoding: try encoder.encode(summary), as: UTF8.self))
        } else {
            print(
                """
                \(summary.visits) visits, \(summary.detectors) visit-detectors (\(summary.skippedAlreadyLoaded) were loaded already)
                \(summary.diaSources) DiaSources stored, \(summary.diaObjectsNew) new DiaObjects, \(summary.diaObjectsUpdated) updates of DiaObjects
                \(summary.unassociated) DiaSources belong to no DiaObject (their disposition says why), \(summary.adopted) earlier ones were adopted, \(summary.diaForcedSources) DiaForcedSources stored\(summary.ssSources > 0 ? "\n\(summary.ssSources) DiaSources are known objects of the solar system" : "")
                \(summary.alerts) alerts issued\(summary.otherAlerts > 0 ? ", and \(summary.otherAlerts) that are not standard" : "")
                \(String(format: "%.1f", summary.seconds)) seconds\(summary.diaSources > 0 ? String(format: ", %.0f DiaSources a second", Double(summary.diaSources) / summary.seconds) : "")
                """)
        }
        if interruption.isRequested { throw ExitCode(130) }
    }
}
