/// The bodies that pull: the Sun, the planets (with their moons, as barycentres from Mars outwards), the Earth and the Moon apart.
public enum Body: Int, CaseIterable, Sendable {
    case sun, mercury, venus, earth, moon, mars, jupiter, saturn, uranus, neptune, pluto

    /// NAIF's number of the body.
    public var naifCode: Int {
        switch self {
        case .sun: 10
        case .mercury: 1
        case .venus: 2
        case .earth: 399
        case .moon: 301
        case .mars: 4
        case .jupiter: 5
        case .saturn: 6
        case .uranus: 7
        case .neptune: 8
        case .pluto: 9
        }
    }

    /// Gravitational parameter in km^3/s^2: DE440, Park et al. 2021 (AJ 161, 105), table 2, and NAIF's gm_de440.tpc.
    public var gmKm3PerS2: Double {
        switch self {
        case .sun: 132_712_440_041.279_42
        case .mercury: 22_031.868_551
        case .venus: 324_858.592
        case .earth: 398_600.435_507
        case .moon: 4_902.800_118
        case .mars: 42_828.375_816
        case .jupiter: 126_712_764.1
        case .saturn: 37_940_584.841_8
        case .uranus: 5_794_556.4
        case .neptune: 6_836_527.100_58
        case .pluto: 975.5
        }
    }

    /// Mean radius in km (IAU working group on cartographic coordinates, 2015): nearer, a body has hit.
    public var radiusKm: Double {
        switch self {
        case .sun: 695_700
        case .mercury: 2439.4
        case .venus: 6051.8
        case .earth: 6371.0
        case .moon: 1737.4
        case .mars: 3389.5
        case .jupiter: 69_911
        case .saturn: 58_232
        case .uranus: 25_362
        case .neptune: 24_622
        case .pluto: 1188.3
        }
    }

    /// Gravitational parameter in au^3/day^2.
    public var gm: Double { gmKm3PerS2 / (Constants.auKm * Constants.auKm * Constants.auKm) * 86_400 * 86_400 }
}

/// Constants that more than one file needs.
public enum Constants {
    /// The astronomical unit in km (IAU 2012, resolution B2: exact).
    public static let auKm = 149_597_870.7
    /// The speed of light, au/day.
    public static let lightSpeed = 299_792.458 * 86_400 / auKm
    /// Obliquity of the ecliptic of J2000 in radians: 84381.448 arcsec (IAU 1976), the one that JPL Horizons and the Minor Planet
    /// Center use for ecliptic elements. The newer value of IAU 2006 differs by 42 mas and would shift every position by that.
    public static let obliquity = 84_381.448 / 3600 * Double.pi / 180
    /// The Sun's gravitational parameter, au^3/day^2.
    public static let gmSun = Body.sun.gm
    /// J2000.0 as MJD.
    public static let j2000 = 51_544.5
}
