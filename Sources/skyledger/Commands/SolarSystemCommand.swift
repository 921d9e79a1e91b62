import ArgumentParser
import Foundation
import Ingest
import SolarSystem

struct SolarSystemCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "solarsystem", abstract: "Known objects of the solar system: their orbits, and where they are seen.",
        discussion: """
            skyledger solarsystem load MPCORB.DAT CometEls.txt --complete
            skyledger solarsystem prepare --night 61109.3
            skyledger solarsystem in-visit --visit 100000 --detector 3
            """,
        subcommands: [
            SolarSystemLoadCommand.self, SolarSystemPrepareCommand.self, SolarSystemInVisitCommand.self, SolarSystemEphemeris.self,
            SolarSystemRematchCommand.self, SolarSystemCharacterise.self, SolarSystemUnassociated.self, SolarSystemTracks.self,
        ])
}

/// From where the sky is observed.
struct ObservatoryOptions: ParsableArguments {
    @Option(help: "The Minor Planet Center's code of the observatory: X05 (Rubin), W84, I41, 500, or one of the list.")
    var observatory = "X05"

    @Option(help: "The Minor Planet Center's list of observatories, obscodes.txt (default: SKYLEDGER_OBSCODES).")
    var obscodes: String?

    func place() throws -> Observatory { try ObservatoryChoice.observatory(observatory, listPath: obscodes) }
}
