import ArgumentParser
import Catalog
import Ingest

/// `solarsystem rematch`: known objects among stored sources.
struct SolarSystemRematchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rematch", abstract: "Look for known objects among sources that are stored, and move them out of their DiaObjects.",
        discussion: """
            Takes the visit-detectors that were stored without ephemerides; with --all every one, for better orbits. What belongs to an SSObject \
            already stays there. Prepare the night first. Interrupted it is repeated as it was.
            Example: skyledger solarsystem rematch --night 61041
            """)

    @Option(help: "The night: floor(midpointMjdTai - night-start).") var night: Int?
    @Option(parsing: .unconditional, help: "Days after midnight TAI at which a night begins; 0.6667 is noon at Cerro Pachon.")
    var nightStart = 0.0
    @Flag(help: "Also visit-detectors where known objects were looked for already.") var all = false
    @OptionGroup var summary: SummaryOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        let connection = try instance.connect(as: .ingest)
        let generation = try instance.currentGeneration(on: connection)
        let rules = try ConfigurationRecord.current(on: connection).configuration
        guard let search = try SolarSystemSearch.configured(rules.solarSystem, generation: generation, on: connection) else {
            throw RequestError(
                "there is nothing to match with: load orbits with `skyledger solarsystem load`, and let the configuration have solarSystem.isOn"
            )
        }
        let visits = StoredVisits(connection: connection, generation: generation)
        let since = night.map { Double($0) + nightStart }
        let entries = try visits.list(since: since, before: since.map { $0 + 1 }, onlyUnmatched: !all)
        let updates = Updates(
            connection: connection, generation: generation, pixelization: try instance.pixelization(on: connection), configuration: rules)
        let bar = ProgressBar("visit-detectors")
        let interruption = Interruption("stopping; run the same command again to finish")
        let outcome = try Rematch(visits: visits, updates: updates, search: search).run(entries) { done, total in
            bar.update(done: done, total: total)
            return !interruption.isRequested
        }
        bar.end()
        try summary.print(outcome) { outcome in
            var text = """
                \(outcome.visitDetectors) visit-detectors, \(outcome.predicted) known objects predicted on them
                \(outcome.diaSources) DiaSources given to SSObjects, \(outcome.diaObjectsClosed) DiaObjects closed
                """
            if outcome.withoutEphemerides > 0 {
                let reason = outcome.withoutEphemeridesReason ?? "there are no ephemerides"
                text += "\nin \(outcome.withoutEphemerides) visit-detectors nobody could look: \(reason)"
            }
            return text
        }
        if interruption.isRequested { throw ExitCode(130) }
    }
}
