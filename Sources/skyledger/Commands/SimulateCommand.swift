import ArgumentParser
import Foundation
import Simulation

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Write a visit directory from a deterministic synthetic sky, with the truth beside it.",
        discussion: "Example: skyledger simulate /tmp/visits --visits 20 --sources 500")

    @Argument(help: "The directory to write; files of the same names are replaced.") var out: String
    @Option(help: "Number of visits.") var visits = 20
    @Option(help: "Overlapping fields, columns x rows.") var fields = "2x2"
    @Option(help: "Detectors of the camera, columns x rows.") var detectors = "2x2"
    @Option(help: "DiaSources of a visit in the mean.") var sources = 200.0
    @Option(help: "Side of a field, degrees.") var side = 0.5
    @Option(help: "Days between visits of a field.") var revisit = 3.0
    @Option(parsing: .unconditional, help: "Right ascension of the footprint's centre, degrees.") var ra = 150.0
    @Option(parsing: .unconditional, help: "Declination of the footprint's centre, degrees.") var dec = -30.0
    @Option(help: "First night, MJD TAI.") var start = 61041.0
    @Option(help: "The sky is made from this number.") var seed: UInt64 = 20_261_121

    func run() throws {
        func pair(_ text: String, _ option: String) throws -> (Int, Int) {
            let parts = text.split(separator: "x").compactMap { Int($0) }
            guard parts.count == 2, parts.allSatisfy({ (1...100).contains($0) }) else {
                throw RequestError("--\(option) is \"\(text)\" but must be columns x rows from 1x1 to 100x100")
            }
            return (parts[0], parts[1])
        }
        guard (1...1_000_000).contains(visits), sources > 0, sources <= 1e6, side > 0, side <= 10, revisit > 0, (-80...80).contains(dec),
            (0..<360).contains(ra)
        else {
            throw RequestError("visits, sources, side, revisit, ra or dec are out of range: `skyledger simulate --help` says what they are")
        }
        var survey = SyntheticSurvey()
        survey.visits = visits
        (survey.fieldColumns, survey.fieldRows) = try pair(fields, "fields")
        (survey.detectorColumns, survey.detectorRows) = try pair(detectors, "detectors")
        survey.sourcesPerVisit = sources
        survey.sideDegrees = side
        survey.revisitDays = revisit
        survey.centreRa = ra
        survey.centreDec = dec
        survey.startMjdTai = start
        survey.seed = seed
        let bar = ProgressBar("visits")
        let summary = try survey.write(to: out) { done in
            bar.update(done: done, total: visits)
            return true
        }
        bar.end()
        print(
            "\(summary.visits) visits, \(summary.visitDetectors) visit-detectors, \(summary.diaSources) DiaSources of \(summary.variables) variables, "
                + "\(summary.transients) transients and noise in \(out)")
    }
}
