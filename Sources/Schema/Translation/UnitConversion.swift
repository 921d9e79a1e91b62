import Foundation

/// Factors between units as documents and files spell them ("nJy", "deg^2", "nmgy/asec^2", "mas/yr").
public enum UnitConversion {
    /// The factor by which values in unit `from` are multiplied to be in unit `to`; nil where either is unknown or they measure
    /// different things. One nanomaggie is 3631 nJy (AB system, zero point 22.5 mag).
    public static func factor(from: String, to: String) -> Double? {
        guard let a = parse(from), let b = parse(to), a.powers == b.powers else { return nil }
        return from == to || a.scale == b.scale ? 1 : a.scale / b.scale
    }

    /// nJy of counts whose zero point is the AB magnitude of one count: counts * 10^((31.4 - zeroPoint) / 2.5).
    public static func nanojanskyPerCount(zeroPoint: Double) -> Double { pow(10, (31.4 - zeroPoint) / 2.5) }

    private static let units: [String: (scale: Double, dimension: String)] = [
        "deg": (1, "angle"), "degrees": (1, "angle"), "degree": (1, "angle"), "rad": (180 / Double.pi, "angle"),
        "arcmin": (1.0 / 60, "angle"), "arcsec": (1.0 / 3600, "angle"), "asec": (1.0 / 3600, "angle"), "mas": (1.0 / 3_600_000, "angle"),
        "nJy": (1, "flux"), "uJy": (1e3, "flux"), "mJy": (1e6, "flux"), "Jy": (1e9, "flux"), "nmgy": (3631, "flux"),
        "ngmy": (3631, "flux"),
        "d": (86_400, "time"), "day": (86_400, "time"), "days": (86_400, "time"), "s": (1, "time"), "h": (3600, "time"),
        "min": (60, "time"), "yr": (365.25 * 86_400, "time"),
        "AU": (149_597_870.7, "length"), "au": (149_597_870.7, "length"), "km": (1, "length"), "m": (1e-3, "length"),
        "adu": (1, "count"), "count": (1, "count"), "DN": (1, "count"), "mag": (1, "magnitude"),
        "pixel": (1, "pixel"),
    ]

    private static func parse(_ text: String) -> (scale: Double, powers: [String: Int])? {
        var scale = 1.0
        var powers: [String: Int] = [:]
        var sign = 1
        var rest = Substring(text.replacingOccurrences(of: "**", with: "^").filter { $0 != "(" && $0 != ")" && $0 != " " })
        // "(mas/yr)^2" is the only form with brackets that documents use; its power holds for both parts.
        let outer = text.hasPrefix("(") && text.hasSuffix(")^2")
        if outer { rest = rest.dropLast(2) }
        while !rest.isEmpty {
            let end = rest.firstIndex { $0 == "*" || $0 == "." || $0 == "/" } ?? rest.endIndex
            let factor = rest[..<end].split(separator: "^", maxSplits: 1)
            guard let name = factor.first, let unit = units[String(name)] else { return nil }
            guard let power = factor.count == 2 ? Int(factor[1]) : 1 else { return nil }
            let exponent = sign * power * (outer ? 2 : 1)
            scale *= pow(unit.scale, Double(exponent))
            powers[unit.dimension, default: 0] += exponent
            if end == rest.endIndex { break }
            if rest[end] == "/" { sign = -1 } else { sign = 1 }
            rest = rest[rest.index(after: end)...]
        }
        return (scale, powers.filter { $0.value != 0 })
    }
}
