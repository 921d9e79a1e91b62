import ArgumentParser
import Foundation
import Release

struct ReleaseTraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace", abstract: "What an object or a source of any generation is in another, release by release.",
        discussion: """
            Without --from every generation that has the number is answered for. Alerts are traced by `skyledger alerts trace`.
            Examples: skyledger release trace --object 170032933619892227
                      skyledger release trace --source 170032933619892227 --from 1 --to 3 --format json
            """)

    @Option(help: "A diaObjectId.") var object: Int64?
    @Option(help: "A diaSourceId.") var source: Int64?
    @Option(help: "The generation that the number is of.") var from: Int?
    @Option(help: "The generation that is asked for (default: the current one).") var to: Int?
    @Option(help: "table or json.") var format: SummaryFormat = .table
    @OptionGroup var instance: InstanceOptions

    private struct Answer: Encodable {
        var generation: Int
        var toGeneration: Int
        /// What it is there; empty where it vanished or is not known.
        var now: [Int64]
        var sourceSteps: [SourceStep]?
        var objectSteps: [ObjectStep]?
    }

    func run() throws {
        guard (object == nil) != (source == nil), let id = object ?? source else {
            throw RequestError("name --object or --source, one of the two")
        }
        let instance = try instance.open()
        let walk = try Correspondences(instance: instance, connection: instance.connect(as: .reader))
        let kind: Correspondences.Kind = object == nil ? .source : .object
        let target = to ?? walk.current
        let generations = try from.map { [$0] } ?? walk.generations(of: id, kind)
        guard !generations.isEmpty else {
            throw RequestError("no generation, and no crosswalk, has \(kind.rawValue) \(id): check the number")
        }
        let answers = try generations.map { try answer(id, kind, $0, target, walk) }
        if format == .json { return try PpdbOutput.json(answers) }
        for answer in answers { print(Self.text(id, kind, answer)) }
    }

    private func answer(_ id: Int64, _ kind: Correspondences.Kind, _ from: Int, _ to: Int, _ walk: Correspondences) throws -> Answer {
        switch kind {
        case .source:
            let steps = try walk.sources([id], from: from, to: to)[id] ?? []
            let now = steps.isEmpty ? id : steps.last?.becomes
            return Answer(generation: from, toGeneration: to, now: now.map { [$0] } ?? [], sourceSteps: steps)
        case .object:
            return Answer(
                generation: from, toGeneration: to, now: try walk.whatBecame(of: id, from: from, to: to),
                objectSteps: try walk.objects(id, from: from, to: to))
        }
    }

    private static func text(_ id: Int64, _ kind: Correspondences.Kind, _ answer: Answer) -> String {
        let steps = (answer.sourceSteps ?? []).map(\.sentence) + (answer.objectSteps ?? []).map(\.sentence)
        let now =
            answer.now.isEmpty
            ? "has no counterpart in generation \(answer.toGeneration)"
            : "is \(answer.now.map(String.init).joined(separator: ", ")) in generation \(answer.toGeneration)"
        return (["\(kind.rawValue) \(id) of generation \(answer.generation) \(now)"] + steps.map { "  " + $0 }).joined(separator: "\n")
    }
}
