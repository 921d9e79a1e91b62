/// Earlier sources that founded nothing, and the new object that they belong to.
public enum Adoption {
    /// - Returns: for each source the row of the nearest founder within the radius, nil where there is none. Ties go to the founder of the
    ///   lowest identifier.
    public static func founders(of sources: Positions, among founders: Positions, radiusArcsec: Double) -> [Int?] {
        var nearest = [NearestNeighbour.Pair?](repeating: nil, count: sources.count)
        for pair in NearestNeighbour.pairs(sources: sources, objects: founders, radiusArcsec: radiusArcsec) {
            if let known = nearest[pair.source], known < pair { continue }
            nearest[pair.source] = pair
        }
        return nearest.map { $0?.object }
    }
}
