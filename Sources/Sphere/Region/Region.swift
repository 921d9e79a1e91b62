import Foundation

/// A region of the sky: what a detector covers, or what somebody asks about. The boundary belongs to it.
public enum Region: Sendable, Equatable {
    case circle(Circle)
    case polygon(ConvexPolygon)
    case box(Box)

    public func contains(_ position: UnitVector) -> Bool {
        switch self {
        case .circle(let circle): circle.contains(position)
        case .polygon(let polygon): polygon.contains(position)
        case .box(let box): box.contains(position)
        }
    }

    /// Containment of many positions, in ICRS degrees.
    public func contains(ra: [Double], dec: [Double]) -> [Bool] {
        switch self {
        case .box(let box): zip(ra, dec).map { box.contains(ra: $0, dec: $1) }
        default: zip(ra, dec).map { contains(UnitVector(unchecked: $0, $1)) }
        }
    }

    /// A region that holds every position within `margin` radians of this one.
    public func padded(by margin: Double) -> Region {
        switch self {
        case .circle(let circle): .circle(circle.padded(by: margin))
        case .polygon(let polygon): polygon.padded(by: margin)
        case .box(let box): .box(box.padded(by: margin))
        }
    }

    /// A circle that holds the region.
    public var boundingCircle: Circle {
        switch self {
        case .circle(let circle): circle
        case .polygon(let polygon): polygon.boundingCircle
        case .box(let box): box.boundingCircle
        }
    }
}
