/// A report as one HTML file: its JSON, the script that draws it and the plotting library, without any address on a network.
public struct PlotPage: Sendable {
    public var title: String
    /// What the same command prints as JSON; it stands in the page as it is, and the charts are drawn from it.
    public var json: String
    /// The plotting library.
    public var script: String
    /// Draws `data`, with the functions of models/plots.js.
    public var charts: String

    public init(title: String, json: String, script: String, charts: String) {
        self.title = title
        self.json = json
        self.script = script
        self.charts = charts
    }

    /// The page. Its policy forbids the browser to fetch anything, whatever the library would like to.
    ///
    /// - Throws: `SizingError.missing`
    public var html: String {
        get throws {
            try """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:">
            <title>\(Self.escaped(title))</title>
            <style>\(Resource.text("page.css"))</style>
            </head>
            <body>
            <h1>\(Self.escaped(title))</h1>
            <div id="content"></div>
            <script type="application/json" id="data">\(Self.inScript(json))</script>
            <script id="library">\(Self.inScript(script))</script>
            <script id="charts">\(Resource.text("plots.js"))\(charts)</script>
            </body>
            </html>

            """
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }

    /// Text that cannot end its script element: in JSON and in strings of a script, `<\/` is `</`.
    private static func inScript(_ text: String) -> String { text.replacing("</", with: "<\\/").replacing("<!--", with: "<\\!--") }
}
