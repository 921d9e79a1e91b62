import ArgumentParser
import Catalog
import Foundation
import Ingest
import SolarSystem
import Sphere

struct SolarSystemInVisitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "in-visit", abstract: "The known objects that a pointing contains, with their places, magnitudes and motions.",
        discussion: """
            The night must be prepared.
            Examples: skyledger solarsystem in-visit --ra 150 --dec -30 --radius-arcsec 3600 --mjd-utc 61109.28
                      skyledger solarsystem in-visit --visit 100000 --detector 3
            """)

    @Option(help: "Right ascension of the middle, degrees.") var ra: Double?
    @Option(parsing: .unconditional, help: "Declination of the middle, degrees.") var dec: Double?
    @Option(help: "Radius, arcseconds.") var radiusArcsec: Double?
    @Option(help: "Moment, MJD UTC.") var mjdUtc: Double?
    @Option(help: "A stored visit.") var visit: Int64?
    @Option(help: "One of its detectors.") var detector: Int32?
    @Option(help: "Objects as far outside are told too, arcseconds.") var marginArcsec = 0.0
    @OptionGroup var observatory: ObservatoryOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        let byPlace = [ra, dec, radiusArcsec, mjdUtc]
        let isPlace = byPlace.allSatisfy { $0 != nil } && visit == nil && detector == nil
        let isVisit = byPlace.allSatisfy { $0 == nil } && visit != nil && detector != nil
        guard isPlace || isVisit else {
            throw ValidationError("give --ra, --dec, --radius-arcsec and --mjd-utc, or --visit and --detector")
        }
        guard marginArcsec.isFinite, marginArcsec >= 0 else { throw ValidationError("--margin-arcsec is 0 or more") }
        if let radiusArcsec, !(radiusArcsec > 0 && radiusArcsec <= 648_000) {
            throw ValidationError("--radius-arcsec is above 0 and at most 648000")
        }
    }

    func run() throws {
        let instance = try instance.open()
        let place = try observatory.place()
        let region: Region
        let moment: Moment
        if let visit, let detector {
            let pointing = try SolarSystemNight.pointing(visit: visit, detector: detector, instance: instance)
            region = pointing.region
            moment = pointing.moment
        } else {
            region = .circle(try Circle(ra: ra!, dec: dec!, radiusDegrees: radiusArcsec! / 3600))
            moment = try Moment(utc: mjdUtc!)
        }
        let connection = try instance.connect(as: .reader)
        let nights = SolarSystemNight(
            connection: connection, generation: try instance.currentGeneration(on: connection), planets: try PlanetsFile.planets())
        let night = try nights.night(of: moment.utc, at: place)
        if night.unprepared > 0 {
            remark(
                "\(night.unprepared) orbits came after the night was prepared and are left out: run `skyledger solarsystem prepare` again")
        }
        try RowOutput.write(try night.contents(of: region, at: moment, marginArcsec: marginArcsec), output.request)
    }
}
