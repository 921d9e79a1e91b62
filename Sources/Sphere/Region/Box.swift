import Foundation

/// All positions between two meridians and two parallels. `ra1` greater than `ra2` goes over RA 0.
public struct Box: Sendable, Equatable {
    /// Degrees, from 0 up to 360; 0 and 360 for all right ascensions.
    public let ra1: Double
    public let ra2: Double
    /// Degrees.
    public let dec1: Double
    public let dec2: Double

    /// ICRS degrees. A difference of 360 degrees or more in ra means all.
    /// - Throws: `SphereError.badBox`
    public init(ra1: Double, dec1: Double, ra2: Double, dec2: Double) throws {
        guard ra1.isFinite, ra2.isFinite else { throw SphereError.badBox("ra must be a finite number of degrees") }
        guard dec1 >= -90, dec2 <= 90, dec1 <= dec2 else {
            throw SphereError.badBox("dec must go from -90 to 90 degrees with the lower one first, not from \(dec1) to \(dec2)")
        }
        func wrapped(_ ra: Double) -> Double {
            let rest = ra.truncatingRemainder(dividingBy: 360)
            return rest < 0 ? rest + 360 : rest
        }
        let all = ra2 - ra1 >= 360
        self.ra1 = all ? 0 : wrapped(ra1)
        self.ra2 = all ? 360 : (wrapped(ra2) == 0 && ra2 > ra1 ? 360 : wrapped(ra2))
        self.dec1 = dec1
        self.dec2 = dec2
    }

    /// Degrees from `ra1` eastward to `ra2`.
    public var width: Double { ra1 <= ra2 ? ra2 - ra1 : 360 - ra1 + ra2 }
    public var holdsAllRa: Bool { width >= 360 }

    public func contains(ra: Double, dec: Double) -> Bool {
        guard dec >= dec1, dec <= dec2 else { return false }
        return ra1 <= ra2 ? (ra >= ra1 && ra <= ra2) : (ra >= ra1 || ra <= ra2)
    }

    public func contains(_ position: UnitVector) -> Bool {
        abs(position.dec) == 90 ? position.dec >= dec1 && position.dec <= dec2 : contains(ra: position.ra, dec: position.dec)
    }

    func padded(by margin: Double) -> Box {
        let degrees = margin * 180 / .pi
        let (low, high) = (max(-90, dec1 - degrees), min(90, dec2 + degrees))
        // asin(sin(margin) / cos(dec)) is the largest change of ra at an angle of the margin (the circle's tangent meridians).
        let sine = sin(margin) / cos(max(abs(low), abs(high)) * .pi / 180)
        let all = low == -90 || high == 90 || sine >= 1 || width + 2 * asin(min(1, sine)) * 180 / .pi >= 360
        let extra = all ? 0 : asin(sine) * 180 / .pi + 1e-12
        // The arguments are in range by construction.
        return all
            ? try! Box(ra1: 0, dec1: low, ra2: 360, dec2: high)
            : try! Box(ra1: ra1 - extra, dec1: low, ra2: ra1 + width + extra, dec2: high)
    }

    /// The middle and the farthest corner or edge point.
    var boundingCircle: Circle {
        if holdsAllRa || width > 180 {
            // About a pole: the nearer one that needs the smaller circle.
            let (north, south) = (90 - dec1, 90 + dec2)
            return north <= south
                ? Circle(centre: UnitVector(x: 0, y: 0, z: 1), radius: north * .pi / 180 + 1e-15)
                : Circle(centre: UnitVector(x: 0, y: 0, z: -1), radius: south * .pi / 180 + 1e-15)
        }
        let centre = UnitVector(unchecked: ra1 + width / 2, (dec1 + dec2) / 2)
        let candidates = [(ra1, dec1), (ra1, dec2), (ra2, dec1), (ra2, dec2), (ra1 + width / 2, dec1), (ra1 + width / 2, dec2), (ra1, min(max(0, dec1), dec2))]
        let radius = candidates.map { centre.separation(to: UnitVector(unchecked: $0.0, $0.1)) }.max()!
        return Circle(centre: centre, radius: radius + 1e-15)
    }
}
