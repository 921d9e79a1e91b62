/// A report of sizes or a projection as one HTML file.
public struct SizingPage: Sendable {
    public enum Kind: String, Sendable { case report, projection }

    public var title: String
    public var kind: Kind
    /// What the same command prints as JSON; it stands in the page as it is, and the charts are drawn from it.
    public var json: String
    /// The plotting library.
    public var script: String

    public init(title: String, kind: Kind, json: String, script: String) {
        self.title = title
        self.kind = kind
        self.json = json
        self.script = script
    }

    /// - Throws: `SizingError.missing`
    public var html: String {
        get throws { try PlotPage(title: title, json: json, script: script, charts: Resource.text("page.js")).html }
    }
}
