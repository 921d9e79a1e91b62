import ArgumentParser
import Catalog
import Columns
import Foundation
import Postgres
import Release

struct ObjectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "object", abstract: "A DiaObject and its light curve.",
        discussion: """
            As csv, parquet and fits the light curve alone is written. A number of an earlier generation is answered with the object that it is
            now, and a remark that says so.
            Example: skyledger object 100000000012
            """)

    @Argument(help: "diaObjectId") var id: Int64
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        let connection = try instance.connect(as: .reader)
        let generation = try instance.currentGeneration(on: connection)
        let (id, answer) = try found(instance, connection, generation)
        let object = answer.object.described(by: generation, "DiaObject")
        let sources = answer.diaSources.described(by: generation, "DiaSource")
        let forced = answer.diaForcedSources.described(by: generation, "DiaForcedSource")
        switch output.format {
        case .table:
            let curve = [
                "diaSourceId", "visit", "detector", "band", "midpointMjdTai", "ra", "dec", "psfFlux", "psfFluxErr", "snr", "reliability",
                "generation",
            ]
            var text = "DiaObject \(id)\n"
            for column in object.withoutEmptyColumns.columns {
                text +=
                    "  \(column.name) \(TextTable.render(Table([column])).split(separator: "\n").last ?? "")\(column.unit.map { " " + $0 } ?? "")\n"
            }
            text += "\n\(sources.rowCount) DiaSources\n" + TextTable.render(Table(curve.compactMap { sources[$0] }))
            if forced.rowCount > 0 {
                let columns = ["visit", "detector", "band", "midpointMjdTai", "psfFlux", "psfFluxErr", "generation"].compactMap {
                    forced[$0]
                }
                text += "\n\(forced.rowCount) DiaForcedSources\n" + TextTable.render(Table(columns))
            }
            try RowOutput.text(text, output.request)
        case .json:
            let one = try RowOutput.json(object).dropFirst().dropLast().trimmingCharacters(in: .whitespacesAndNewlines)
            try RowOutput.text(
                "{\"object\": \(one),\n\"diaSources\": \(RowOutput.json(sources)),\n\"diaForcedSources\": \(RowOutput.json(forced))}\n",
                output.request)
        default: try RowOutput.write(sources, output.request)
        }
    }

    /// The object; where the current generation has none of the number, the one that it became.
    private func found(_ instance: Instance, _ connection: Connection, _ generation: Generation) throws -> (Int64, ObjectQuery.Answer) {
        do {
            return (id, try ObjectQuery(diaObjectId: id).run(on: connection, generation: generation))
        } catch let error as CatalogError {
            guard case .badRequest = error,
                let former = try Correspondences(instance: instance, connection: connection).formerObjects([id])[id]
            else { throw error }
            for step in former.steps { remark(step.sentence) }
            guard let now = former.principal else {
                throw RequestError(
                    "DiaObject \(id) is of generation \(former.generation) and has no counterpart in generation \(generation.id)")
            }
            if former.now.count > 1 { remark("DiaObject \(now), which has most of its sources, is shown") }
            return (now, try ObjectQuery(diaObjectId: now).run(on: connection, generation: generation))
        }
    }
}
