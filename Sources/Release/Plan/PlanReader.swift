import Catalog
import Yams

/// From YAML to values, with the line of whatever is wrong.
struct PlanReader {
    let document: String

    func refusal(_ node: Node, _ reason: String) -> ReleaseError { refusal(line(node), reason) }
    func refusal(_ line: Int?, _ reason: String) -> ReleaseError { .plan(document: document, line: line, reason: reason) }
    func line(_ node: Node) -> Int? { node.mark?.line }

    func root(_ yaml: String) throws -> Node {
        do {
            guard let root = try Yams.compose(yaml: yaml) else { throw refusal(nil, "the document is empty") }
            return root
        } catch let error as ReleaseError {
            throw error
        } catch let error as YamlError {
            let (line, problem) = Self.problem(of: error)
            throw refusal(line, "this is no YAML: \(problem)")
        }
    }

    private static func problem(of error: YamlError) -> (line: Int?, problem: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            (mark.line, problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            (context.mark.line, "the key \(duplicates.first ?? "?") stands twice in one mapping")
        default: (nil, "\(error)".split(whereSeparator: \.isNewline).joined(separator: " "))
        }
    }

    /// The values of a mapping by key; a key that is not among those named is refused.
    func mapping(_ node: Node, keys: [String], of what: String) throws -> [String: Node] {
        guard let mapping = node.mapping else { throw refusal(node, "\(what) must be keys and values: \(keys.joined(separator: ", "))") }
        var out: [String: Node] = [:]
        for (key, value) in mapping {
            let name = key.string ?? "?"
            guard keys.contains(name) else {
                throw refusal(key, "\(what) has no key \(name): known are \(keys.joined(separator: ", "))")
            }
            if value.null != nil { throw refusal(key, "the key \(name) of \(what) has no value") }
            out[name] = value
        }
        return out
    }

    func date(_ node: Node, _ what: String) throws -> PlanDate {
        guard let date = node.scalar.flatMap({ PlanDate($0.string) }) else {
            throw refusal(node, "\(what) is \(node.scalar?.string ?? "no value"): it must be a day such as 2027-02-28")
        }
        return date
    }

    func days(_ node: Node, _ what: String) throws -> Int {
        guard let days = node.scalar.flatMap({ Int($0.string) }), (0...3660).contains(days) else {
            throw refusal(node, "\(what) is \(node.scalar?.string ?? "no value"): it must be a whole number of days from 0 to 3660")
        }
        return days
    }

    func release(_ node: Node) throws -> PlannedRelease {
        let keys = try mapping(node, keys: ["name", "steps", "region", "since"], of: "a release")
        guard let name = keys["name"]?.scalar?.string, !name.isEmpty else { throw refusal(node, "a release has no name") }
        guard let list = keys["steps"] else { throw refusal(node, "the release \(name) has no steps") }
        let entries = try mapping(list, keys: PlanStep.allCases.map(\.rawValue), of: "steps of \(name)")
        let isPiece = keys["region"] != nil || keys["since"] != nil
        var drafts: [PlanStep: StepDraft] = [:]
        for step in PlanStep.allCases {
            guard let entry = entries[step.rawValue] else {
                if isPiece, step.isOptionalForPiece { continue }
                throw refusal(list, "the release \(name) lacks the step \(step.rawValue)")
            }
            // The mark of a step is its key's.
            let key = list.mapping!.keys.first { $0.string == step.rawValue }!
            drafts[step] = try StepDraft(entry, step, line: line(key) ?? 0, release: name, self)
        }
        let dated = try StepDraft.resolve(drafts, release: name, self)
        return PlannedRelease(
            name: name, piece: try isPiece ? piece(keys, name, cutoff: dated[.inputCutoff]!.start) : nil,
            steps: PlanStep.allCases.compactMap { dated[$0] }, line: line(node) ?? 0)
    }

    private func piece(_ keys: [String: Node], _ release: String, cutoff: PlanDate) throws -> ReleasePiece {
        var since: PlanDate?
        if let node = keys["since"] {
            since = try date(node, "since of \(release)")
            if since! >= cutoff { throw refusal(node, "since of \(release) is \(since!): it must be before the cutoff on \(cutoff)") }
        }
        let text = keys["region"]
        if let text, text.scalar == nil { throw refusal(text, "region of \(release) must be a text such as \"circle 150 -30 2\"") }
        do {
            return try ReleasePiece(regionText: text?.scalar?.string, sinceMjdTai: since.map { Double($0.mjd) })
        } catch { throw refusal(text ?? keys["since"]!, "region of \(release) cannot be read: \(error)") }
    }
}
