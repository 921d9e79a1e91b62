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

    public init(visitDetector: VisitDetector, diaObjectId: [Int64], ra: [Double], dec: [Double], isWanted: [Bool]) {
        (self.visitDetector, self.diaObjectId) = (visitDetector, diaObjectId)
        (self.ra, self.dec, self.isWanted) = (ra, dec, isWanted)
    }
}

/// Measures objects on an image, or looks their measurements up: the image side of forced photometry.
public protocol ForcedPhotometry {
    /// - Returns: rows of DiaForcedSource with the schema document's columns, each of an object of the request; without rows, an empty table.
    func measure(_ request: ForcedRequest) throws -> Table

    /// The same for positions that are no objects: those of target lists. diaObjectId is a number of the caller's.
    func measureTargets(_ request: ForcedRequest) throws -> Table
}

extension ForcedPhotometry {
    public func measureTargets(_ request: ForcedRequest) throws -> Table { try measure(request) }
}
