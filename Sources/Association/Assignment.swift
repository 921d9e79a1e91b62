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

    /// Sources that have matched nothing yet.
    init(unmatched count: Int) {
        self.init(objectRow: [Int?](repeating: nil, count: count), separationArcsec: [Double](repeating: .nan, count: count))
    }

    public var matchedCount: Int { objectRow.count { $0 != nil } }

    /// Both columns at once, for loops over many pairs.
    mutating func withUnsafeMutableBuffers(
        _ body: (UnsafeMutableBufferPointer<Int?>, UnsafeMutableBufferPointer<Double>) -> Void
    ) {
        objectRow.withUnsafeMutableBufferPointer { rows in
            separationArcsec.withUnsafeMutableBufferPointer { separations in body(rows, separations) }
        }
    }
}
