/// What an association decided: for each source the row of its object, or none.
public struct Assignment: Sendable, Equatable {
    /// Row of the object list for each source, nil where the source matched nothing.
    public var objectRow: [Int?]
    /// Angle between source and object in arcseconds, NaN where nothing matched.
    public var separationArcsec: [Double]

    public init(objectRow: [Int?], separationArcsec: [Double]) {
        self.objectRow = objectRow
        self.separationArcsec = separationArcsec
    }

    public var matchedCount: Int { objectRow.count { $0 != nil } }
}
