/// What can be wrong with a position or region that was given. Each message says which part and what is allowed.
public enum SphereError: Error, Sendable, Equatable, CustomStringConvertible {
    case badPosition(ra: Double, dec: Double)
    case badRadius(Double)
    case badPolygon(String)
    case badBox(String)
    case badText(String)
    case unknownPixelization(String)

    public var description: String {
        switch self {
        case .badPosition(let ra, let dec):
            "position (\(ra), \(dec)) is not on the sky: ra must be a finite number of degrees and dec from -90 to 90"
        case .badRadius(let radius): "radius \(radius) is out of range: it must be from 0 to 180 degrees"
        case .badPolygon(let reason): "the polygon cannot be used: \(reason)"
        case .badBox(let reason): "the box cannot be used: \(reason)"
        case .badText(let reason): reason
        case .unknownPixelization(let name): "there is no pixelization \(name): htmL and s2-L are known, with a level L from 0 to 24, for example htm20 or s2-20"
        }
    }
}
