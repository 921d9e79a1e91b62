import Foundation

/// Units that catalogs come in, each as a factor to the base unit of its kind (degrees, nanojansky, days).
enum UnitConversion {
    private static let angles: [String: Double] = ["deg": 1, "rad": 180 / .pi, "arcmin": 1.0 / 60, "arcsec": 1.0 / 3600, "mas": 1.0 / 3_600_000, "hour": 15]
    private static let fluxes: [String: Double] = ["nJy": 1, "uJy": 1e3, "mJy": 1e6, "Jy": 1e9]
    private static let times: [String: Double] = ["d": 1, "h": 1.0 / 24, "min": 1.0 / 1440, "s": 1.0 / 86400]

    static func factor(from: String, to: String) -> Double? {
        for kind in [angles, fluxes, times] { if let a = kind[from], let b = kind[to] { return a / b } }
        return nil
    }

    static var known: String { [angles, fluxes, times].map { $0.keys.sorted().joined(separator: ", ") }.joined(separator: "; ") }
}
