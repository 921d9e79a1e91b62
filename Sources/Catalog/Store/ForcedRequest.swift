import Columns

/// What forced photometry is asked for at a visit-detector: the objects on it as they are after association, and which of them the rules
/// want measured.
public struct ForcedRequest: Sendable {
    public var visitDetector: VisitDetector
    public var diaObjectId: [Int64]
    /// ICRS degrees.
    public var ra: [Double]
    public var dec: [Double]
    /// Whether the configuration's rule wants the object measured.
    public var isWanted: [Bool]
}

/// Measures objects on an image, or looks their measurements up: the image side of forced photometry.
public protocol ForcedPhotometry {
    /// - Returns: rows of DiaForcedSource with the schema document's columns, each of an object of the request; without rows, an empty table.
    func measure(_ request: ForcedRequest) throws -> Table
}
