import ArgumentParser
import Catalog
import Ingest
import SolarSystem

struct SolarSystemPrepareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare", abstract: "Carry all known orbits to a night, before its visits come.",
        discussion: """
            The night is the one, from noon to noon at the observatory, in which the given moment falls. States that were carried before are
            taken on from there; new and changed orbits begin at their elements. It can be interrupted and repeated.
            Example: skyledger solarsystem prepare --night 61109.3
            """)

    @Option(help: "A moment of the night, MJD UTC.") var night: Double
    @Option(help: "The orbits of this release's generation rather than the current one's.") var release: String?
    @OptionGroup var observatory: ObservatoryOptions
    @OptionGroup var summary: SummaryOptions
    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        guard night.isFinite else { throw ValidationError("--night is an MJD") }
    }

    func run() throws {
        let span = NightSpan(containing: night, at: try observatory.place())
        let preparation = Preparation(instance: try instance.open(), planets: try PlanetsFile.planets(), release: release)
        let bar = ProgressBar("orbits")
        defer { bar.end() }
        let outcome = try preparation.run(span) { bar.update(done: $0, total: $1) }
        bar.end()
        try summary.print(outcome) { outcome in
            """
            \(outcome.orbits) orbits carried to MJD \(outcome.midnightMjdUtc) (UTC) in \((outcome.seconds * 10).rounded() / 10) s
            \(outcome.advanced) from states of before, \(outcome.begun) from their elements, \(outcome.lost) could not be followed
            """
        }
    }
}
