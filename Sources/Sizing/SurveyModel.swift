/// A survey in numbers: what a projection multiplies bytes a row with.
///
/// Every number may have a low and a high bound beside what is expected.
public struct SurveyModel: Sendable, Equatable {
    public var name: String
    public var title: String
    public var numbers: [String: Projection.Range]

    public init(name: String, title: String, numbers: [String: Projection.Range]) {
        self.name = name
        self.title = title
        self.numbers = numbers
    }

    /// A number that a model must say, with what it may be.
    public struct Setting: Sendable {
        public var name: String
        public var what: String
        public var least: Double
        public var most: Double
    }

    /// All settings of a model; each must be said.
    public static let settings: [Setting] = [
        Setting(name: "visitsPerNight", what: "visits of a night", least: 0, most: 1e6),
        Setting(name: "nightsPerYear", what: "nights with visits", least: 0, most: 366),
        Setting(name: "detectorsPerVisit", what: "detectors of a visit", least: 1, most: 1e5),
        Setting(name: "diaSourcesPerVisit", what: "DiaSources of a visit", least: 0, most: 1e8),
        Setting(name: "solarSystemFraction", what: "share of DiaSources that are known solar-system objects", least: 0, most: 1),
        Setting(name: "chanceObjectsPerVisit", what: "objects that a visit founds and that are not seen again", least: 0, most: 1e8),
        Setting(name: "skyDegrees2", what: "sky that the survey covers, square degrees", least: 1e-6, most: 41253),
        Setting(name: "fieldDegrees2", what: "sky that a visit covers, square degrees", least: 1e-6, most: 41253),
        Setting(name: "repeatingObjectsPerDegree2", what: "objects that are seen again and again, a square degree", least: 0, most: 1e7),
        Setting(name: "diaForcedSourcesPerVisit", what: "DiaForcedSources of a visit", least: 0, most: 1e8),
        Setting(name: "alertsPerVisit", what: "alerts of a visit", least: 0, most: 1e8),
        Setting(name: "cutoutBytesPerAlert", what: "bytes of an alert's cutouts, compressed", least: 0, most: 1e8),
        Setting(name: "historyMonths", what: "longest history in an alert, months of 30 days", least: 0, most: 1200),
        Setting(name: "retentionMonths", what: "how long the APDB keeps sources and versions, months of 30 days", least: 1, most: 1200),
        Setting(name: "singleDetectionMonths", what: "how long objects of one source stay in DiaObjectLast", least: 1, most: 1200),
        Setting(name: "rawImageBytesPerVisit", what: "bytes of a visit's raw images in the cache", least: 0, most: 1e13),
        Setting(name: "rawImageDays", what: "how long raw images stay", least: 0, most: 36600),
        Setting(name: "processedImageBytesPerVisit", what: "bytes of a visit's processed and difference images", least: 0, most: 1e13),
        Setting(name: "processedImageDays", what: "how long processed and difference images stay", least: 0, most: 36600),
    ]

    /// A number of the model; every model has all of `settings`.
    subscript(name: String) -> Projection.Range {
        get { numbers[name] ?? Projection.Range(0) }
        set { numbers[name] = newValue }
    }

    /// The same with another retention of the catalogs.
    ///
    /// - Parameters: what a retention policy says; nil as the model has it, and of objects with one source as the catalogs.
    public func keeping(
        months: Double, singleDetectionMonths: Double? = nil, rawImageDays: Double? = nil, processedImageDays: Double? = nil
    ) -> SurveyModel {
        var other = self
        other["retentionMonths"] = Projection.Range(months)
        other["singleDetectionMonths"] = Projection.Range(singleDetectionMonths ?? months)
        if let rawImageDays { other["rawImageDays"] = Projection.Range(rawImageDays) }
        if let processedImageDays { other["processedImageDays"] = Projection.Range(processedImageDays) }
        return other
    }
}
