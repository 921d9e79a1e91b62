import Sizing

/// A report of a check as one HTML file.
public struct CheckPage: Sendable {
    public var report: CheckReport
    /// The plotting library.
    public var script: String

    public init(_ report: CheckReport, script: String) {
        self.report = report
        self.script = script
    }

    /// - Throws: `SizingError.missing`, `CatalogError.unavailable` where a file of the program is missing.
    public var html: String {
        get throws {
            try PlotPage(
                title: "SkyLedger: check of release \(report.release)", json: report.json, script: script,
                charts: ReleaseFile.text("pages/check.js")
            ).html
        }
    }
}
