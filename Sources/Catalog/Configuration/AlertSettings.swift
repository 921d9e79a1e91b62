/// Which alerts are issued and what they hold.
public struct AlertSettings: Sendable, Equatable, Codable {
    /// Whether `load` issues alerts at all.
    public var isOn = true
    /// How far back the histories and upper limits in a packet go, months of `SummaryModel.daysPerMonth`.
    public var historyMonths = 12
    /// An alert that is issued later than this after the end of its exposure is marked late, seconds.
    public var lateSeconds = 60.0
    /// Side of a square cutout, pixels: the source's bboxSize between these. The largest holds a trail of 10 degrees a day in 30 seconds at
    /// 0.2 arcsec a pixel and 40 pixels of point-spread function, as Rubin's does.
    public var minimumStampPixels = 30
    public var maximumStampPixels = 102
    public var belowThreshold = BelowThresholdRules()
    /// Target lists whose positions get an alert at every visit that covers them.
    public var zeroFluxLists = ["public"]

    public init() {}
}

/// Which detections that belong to no object get an alert all the same. Without a condition none does.
public struct BelowThresholdRules: Sendable, Equatable, Codable {
    /// Target lists, and how near a detection must be to one of their positions.
    public var lists: [String] = []
    public var listRadiusArcsec = 2.0
    /// Whether detections near predicted objects of the solar system count, and how near.
    public var nearKnownObjects = false
    public var knownObjectRadiusArcsec = 5.0
    /// Regions ("circle 10 -5 0.5", "polygon 10 -5, 12 -5, 11 -3") within which every detection counts.
    public var regions: [String] = []
    /// The most of them in a visit-detector, as a fraction of the average number of standard alerts.
    public var maximumFraction = 0.1

    public init() {}

    /// Whether any detection can meet a condition.
    public var isOn: Bool { !lists.isEmpty || nearKnownObjects || !regions.isEmpty }
}
