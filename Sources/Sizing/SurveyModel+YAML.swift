import Foundation
import Yams

extension SurveyModel {
    /// A model as YAML: `name`, `title`, and each of `settings` as a number or as a list of low, expected and high.
    ///
    /// - Throws: `SizingError.badRequest` naming the document, the line and the setting.
    public init(yaml: String, document: String) throws {
        let node: Node?
        do {
            node = try Yams.compose(yaml: yaml)
        } catch {
            throw SizingError.badRequest("\(document): \("\(error)".split(whereSeparator: \.isNewline).joined(separator: " "))")
        }
        func fail(_ node: Node?, _ sentence: String) -> SizingError {
            SizingError.badRequest("\(document): \(node?.mark.map { "line \($0.line): " } ?? "")\(sentence)")
        }
        guard let mapping = node?.mapping else {
            throw fail(node, "a survey model holds settings, one a line, such as visitsPerNight: 100")
        }
        var numbers: [String: Projection.Range] = [:]
        var words: [String: String] = [:]
        for (key, value) in mapping {
            let name = key.string ?? "?"
            if name == "name" || name == "title" {
                guard let text = value.scalar?.string, value.null == nil else { throw fail(key, "\(name) must be text") }
                words[name] = text
                continue
            }
            guard let setting = Self.settings.first(where: { $0.name == name }) else {
                throw fail(key, "there is no setting \(name): known are \(Self.settings.map(\.name).joined(separator: ", "))")
            }
            let given = value.sequence.map(Array.init) ?? [value]
            let values = given.compactMap { $0.sequence == nil && $0.mapping == nil && $0.null == nil ? $0.float : nil }
            guard values.count == given.count, values.count == 1 || values.count == 3 else {
                throw fail(key, "the setting \(name) must be a number, or a list of low, expected and high")
            }
            for value in values where !(value >= setting.least && value <= setting.most) {
                throw fail(
                    key,
                    "the setting \(name) is \(Self.plain(value)): \(setting.what) must be from \(Self.plain(setting.least)) to \(Self.plain(setting.most))"
                )
            }
            guard values == values.sorted() else {
                throw fail(key, "the setting \(name) has bounds in the wrong order: low, expected, high")
            }
            numbers[name] =
                values.count == 1 ? Projection.Range(values[0]) : Projection.Range(low: values[0], expected: values[1], high: values[2])
        }
        if let missing = Self.settings.first(where: { numbers[$0.name] == nil }) {
            throw fail(nil, "the setting \(missing.name) is missing: \(missing.what)")
        }
        let name = words["name"] ?? document
        self.init(name: name, title: words["title"] ?? name, numbers: numbers)
    }

    private static func plain(_ value: Double) -> String { value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)" }

    /// Names of the models that ship with the program.
    public static let shipped = ["lsst", "small-telescope"]

    /// A shipped model by name, or one from a file.
    ///
    /// - Throws: `SizingError`
    public static func named(_ name: String) throws -> SurveyModel {
        return try SurveyModel(yaml: yaml(of: name), document: name)
    }

    /// The text of a shipped model, or of one in a file.
    ///
    /// - Throws: `SizingError`
    public static func yaml(of name: String) throws -> String {
        if shipped.contains(name) { return try Resource.text("\(name).yaml") }
        guard let data = FileManager.default.contents(atPath: name) else {
            throw SizingError.badRequest(
                "there is no survey model \(name): it is neither a file nor one of \((shipped + ["measured"]).joined(separator: ", "))")
        }
        guard let text = String(data: data, encoding: .utf8) else { throw SizingError.badRequest("\(name) is no text: name a YAML file") }
        return text
    }
}

/// Files that ship with the room.
enum Resource {
    static func text(_ name: String) throws -> String {
        let url = Bundle.module.bundleURL.appendingPathComponent("models/\(name)")
        guard let text = try? String(contentsOf: url, encoding: .utf8) else {
            throw SizingError.missing("the program's file models/\(name) is missing beside it: reinstall SkyLedger")
        }
        return text
    }
}
