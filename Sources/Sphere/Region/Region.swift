/// A part of the sky that a query asks for.
public enum Region: Sendable, Hashable {
    case circle(Circle)
    case polygon(ConvexPolygon)
    case box(Box)

    /// Whether the point is inside or on the edge.
    public func contains(_ point: UnitVector) -> Bool {
        switch self {
        case .circle(let circle): circle.contains(point)
        case .polygon(let polygon): polygon.contains(point)
        case .box(let box): box.contains(point)
        }
    }

    /// For each point of two columns in degrees (of equal length) whether it is inside. NaN is outside.
    public func contains(ra: [Double], dec: [Double]) -> [Bool] {
        precondition(ra.count == dec.count, "the columns must have the same length")
        switch self {
        case .box(let box):
            return zip(ra, dec).map { ra, dec in ra.isFinite && box.contains(ra: ra, dec: dec) }
        case .circle(let circle):
            let chordSquaredMax = circle.chordSquaredMax
            return zip(ra, dec).map { ra, dec in
                let offset = UnitVector(uncheckedRa: ra, dec: dec) - circle.center
                return offset.dot(offset) <= chordSquaredMax
            }
        case .polygon(let polygon):
            return zip(ra, dec).map { ra, dec in
                ra.isFinite && dec.isFinite && polygon.contains(UnitVector(uncheckedRa: ra, dec: dec))
            }
        }
    }

    /// A region that has every point within `padding` radians of this one; 0 or less gives the region itself.
    public func padded(by padding: Double) -> Region {
        guard padding > 0 else { return self }
        switch self {
        case .circle(let circle): return .circle(circle.padded(by: padding))
        case .polygon(let polygon): return polygon.padded(by: padding)
        case .box(let box): return .box(box.padded(by: padding))
        }
    }

    /// A circle that contains the region; not always the smallest.
    public var boundingCircle: Circle {
        switch self {
        case .circle(let circle): circle
        case .polygon(let polygon): polygon.boundingCircle
        case .box(let box): box.boundingCircle
        }
    }
}
