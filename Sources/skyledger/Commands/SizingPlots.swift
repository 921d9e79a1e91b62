import Foundation
import Sizing

/// The script that draws charts: bokeh's, as tools/bootstrap installs it.
enum SizingPlots {
    /// - Throws: `SizingError.badRequest` where it is not installed.
    static func script() throws -> String {
        guard let folder = InstalledFiles.path("plots", share: "plots", variable: "SKYLEDGER_PLOTS") else {
            throw absent("is not installed")
        }
        return try ["bokeh.min.js", "bokeh-api.min.js"].map { name in
            guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) else {
                throw absent("has no \(folder)/\(name)")
            }
            return text
        }.joined(separator: "\n")
    }

    private static func absent(_ what: String) -> SizingError {
        .badRequest(
            "the plotting library that an HTML page embeds \(what): run tools/bootstrap, name the folder of bokeh.min.js in SKYLEDGER_PLOTS, or ask "
                + "for --format table or json")
    }
}
