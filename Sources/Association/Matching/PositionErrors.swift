/// Errors of positions as the schema documents define them, one value a row in each column. NaN where unknown.
public struct PositionErrors: Sendable, Equatable {
    /// One standard deviation of ra times cos(dec), degrees.
    public var raErr: [Float]
    /// One standard deviation of dec, degrees.
    public var decErr: [Float]
    /// Covariance of ra times cos(dec) and dec, degrees squared.
    public var raDecCov: [Float]

    public init(raErr: [Float], decErr: [Float], raDecCov: [Float]) {
        precondition(raErr.count == decErr.count && decErr.count == raDecCov.count, "columns of errors differ in length")
        self.raErr = raErr
        self.decErr = decErr
        self.raDecCov = raDecCov
    }

    public var count: Int { raErr.count }

    /// Whether some row has an error that can be used.
    /// - Complexity: O(rows before the first such)
    var knowsAny: Bool { raErr.contains(where: Self.isUsable) || decErr.contains(where: Self.isUsable) }

    @inline(__always)
    static func isUsable(_ error: Float) -> Bool { error > 0 && error.isFinite }
}
