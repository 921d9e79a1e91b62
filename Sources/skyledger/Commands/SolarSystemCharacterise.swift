import ArgumentParser
import Catalog
import Ingest

/// `solarsystem characterise`: SSObject anew.
struct SolarSystemCharacterise: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "characterise", abstract: "Recompute SSObject: counts and arcs, H and G12 by band, the approach to the Earth's orbit.",
        discussion: "Run it daily, after new orbits and new sources. Example: skyledger solarsystem characterise")

    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        let connection = try instance.connect(as: .ingest)
        let generation = try instance.currentGeneration(on: connection)
        let outcome = try Characterise.run(generation: generation, on: connection)
        print("\(outcome.ssObjects) SSObjects of \(outcome.diaSources) DiaSources, \(outcome.changed) rows changed")
    }
}
