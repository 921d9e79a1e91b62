import Foundation

/// How many objects n visits have founded: part of them by chance, ever as many a visit, part the sky's own, of which ever fewer are left.
///
///     O(n) = chance n + reservoir (1 - exp(-n / scale))
///
/// A visit that sees a random share of the sky finds of what was never seen the same share each time, which gives the second part.
public struct SaturatingLaw: Codable, Sendable, Equatable {
    /// New objects a visit that do not run out.
    public var chancePerVisit: Double
    /// Objects that there are to be found.
    public var reservoir: Double
    /// Visits after which 1/e of the reservoir is left.
    public var scaleVisits: Double

    public init(chancePerVisit: Double, reservoir: Double, scaleVisits: Double) {
        self.chancePerVisit = chancePerVisit
        self.reservoir = reservoir
        self.scaleVisits = scaleVisits
    }

    /// Objects after a number of visits.
    public func total(_ visits: Double) -> Double { chancePerVisit * visits + reservoir * (1 - exp(-visits / scaleVisits)) }

    /// The law nearest in least squares to the new objects of each visit in order: the scale by a search over a fixed grid, the other two
    /// linear and not negative. Complexity: O(200 n).
    ///
    /// - Parameter perVisit: new objects of each visit.
    public init(fitting perVisit: [Double]) {
        let n = perVisit.count
        let mean = n == 0 ? 0 : perVisit.reduce(0, +) / Double(n)
        self.init(chancePerVisit: mean, reservoir: 0, scaleVisits: 1)
        guard n >= 4 else { return }
        var best = perVisit.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        for step in 0..<200 {
            // From half a visit to ten times what was seen; beyond that, the visits cannot tell it from a constant.
            let scale = 0.5 * pow(20 * Double(n), Double(step) / 199)
            let shape = (0..<n).map { exp(-Double($0) / scale) - exp(-Double($0 + 1) / scale) }
            let (sx, sxx) = (shape.reduce(0, +), shape.reduce(0) { $0 + $1 * $1 })
            let (sy, sxy) = (perVisit.reduce(0, +), zip(shape, perVisit).reduce(0) { $0 + $1.0 * $1.1 })
            let determinant = Double(n) * sxx - sx * sx
            guard determinant > 1e-12 * sxx * Double(n) else { continue }
            var reservoir = (Double(n) * sxy - sx * sy) / determinant
            var chance = (sy - reservoir * sx) / Double(n)
            if chance < 0 { (chance, reservoir) = (0, sxy / sxx) }
            guard reservoir > 0 else { continue }
            let misfit = zip(shape, perVisit).reduce(0) { sum, pair in
                let difference = pair.1 - chance - reservoir * pair.0
                return sum + difference * difference
            }
            if misfit < best {
                best = misfit
                self.init(chancePerVisit: chance, reservoir: reservoir, scaleVisits: scale)
            }
        }
    }
}
