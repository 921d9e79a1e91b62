import Sphere

/// One detector of one visit: the unit in which Level-1 data are stored.
public struct VisitDetector: Sendable {
    public var visit: Int64
    public var detector: Int32
    public var band: String?
    /// Middle of the exposure, MJD in TAI.
    public var midpointMjdTai: Double
    /// What the detector covered.
    public var region: Region
    /// The region as text ("polygon ra dec, ...", "circle ra dec r"), in degrees.
    public var regionText: String
    /// The file that its sources came from, for messages and the record.
    public var source: String

    public init(
        visit: Int64, detector: Int32, band: String?, midpointMjdTai: Double, region: Region, regionText: String, source: String
    ) {
        self.visit = visit
        self.detector = detector
        self.band = band
        self.midpointMjdTai = midpointMjdTai
        self.region = region
        self.regionText = regionText
        self.source = source
    }
}
