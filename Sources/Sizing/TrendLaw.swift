import Foundation

/// How a mean that goes with the history of objects (bytes of a packet, bytes of an object version) changes from visit to visit.
public struct TrendLaw: Codable, Sendable, Equatable {
    public enum Shape: String, Codable, Sendable {
        /// Each visit adds as much as the one before: histories grow by a row an epoch.
        case linear
        /// Each doubling of the visits adds as much: what fills up, as the bands of an object's summaries do.
        case logarithmic
    }

    public var shape: Shape
    public var start: Double
    public var slope: Double
    /// The value does not change after this visit (histories have a longest length); nil where it goes on.
    public var lastVisit: Double?

    public init(shape: Shape, start: Double, slope: Double, lastVisit: Double? = nil) {
        self.shape = shape
        self.start = start
        self.slope = slope
        self.lastVisit = lastVisit
    }

    /// The line nearest in weighted least squares; a constant where visits are too few to tell.
    ///
    /// - Parameter values: of each visit in order, with the number of rows that each is the mean of.
    public init(_ shape: Shape, fitting values: [(value: Double, weight: Double)], lastVisit: Double? = nil) {
        var (w, wx, wy, wxx, wxy) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for (i, entry) in values.enumerated() {
            let x = Self.place(Double(i + 1), shape)
            w += entry.weight
            wx += entry.weight * x
            wy += entry.weight * entry.value
            wxx += entry.weight * x * x
            wxy += entry.weight * x * entry.value
        }
        let determinant = w * wxx - wx * wx
        let isFlat = values.count < 4 || determinant <= 1e-12 * w * wxx
        let slope = isFlat ? 0 : (w * wxy - wx * wy) / determinant
        self.init(shape: shape, start: w > 0 ? (wy - slope * wx) / w : 0, slope: slope, lastVisit: lastVisit)
    }

    /// The mean of the visit with this number, from 1; never below 0.
    public func value(_ visit: Double) -> Double { max(0, start + slope * Self.place(min(visit, lastVisit ?? visit), shape)) }

    private static func place(_ visit: Double, _ shape: Shape) -> Double {
        switch shape {
        case .linear: visit
        case .logarithmic: log(max(1, visit))
        }
    }
}
