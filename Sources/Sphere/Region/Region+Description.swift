extension Region: CustomStringConvertible {
    /// The text that `init(parsing:)` reads back as the same region, to the last digits of degrees.
    public var description: String {
        switch self {
        case .circle(let circle): "circle \(circle.center.raDec.ra) \(circle.center.raDec.dec) \(circle.radius * (180 / Double.pi))"
        case .polygon(let polygon): "polygon " + polygon.vertices.map { "\($0.raDec.ra) \($0.raDec.dec)" }.joined(separator: ", ")
        case .box(let box): "box \(box.ra1) \(box.dec1) \(box.ra2) \(box.dec2)"
        }
    }
}
