import Association
import Postgres

/// How long what is kept. Months are of 30 days (`SummaryModel.daysPerMonth`), as the partitions are.
///
/// Alerts are kept for ever and have no setting; neither have the visit table, the records of updates and of the solar system.
///
///     let policy = try RetentionPolicy(yaml: "DiaSource:\n  months: 18\n", name: "policy.yaml")
public struct RetentionPolicy: Sendable, Equatable, Codable {
    /// A table whose months are dropped.
    public struct Months: Sendable, Equatable, Codable {
        /// Rows whose time is older may go, a whole partition at a time.
        public var months = 12

        public init(months: Int = 12) { self.months = months }

        var days: Double { Double(months) * SummaryModel.daysPerMonth }
    }

    public struct Last: Sendable, Equatable, Codable {
        /// An object with one source, which is older, is closed and leaves DiaObjectLast.
        public var singleDetectionDays = 360.0
    }

    public struct Replica: Sendable, Equatable, Codable {
        /// Days that a chunk's entries are kept after the PPDB was verified to have it.
        public var daysAfterVerification = 30.0
    }

    /// Days that files of each kind stay in the image cache, unless they were added with a time of their own.
    public struct Images: Sendable, Equatable, Codable {
        public var rawDays = 60.0
        public var processedDays = 30.0
        public var differenceDays = 30.0
        public var scienceDays = 30.0
        public var templateDays = 360.0
    }

    /// By midpointMjdTai.
    public var DiaSource = Months()
    public var DiaForcedSource = Months()
    /// Closed versions, by the end of their validity.
    public var DiaObject = Months()
    public var DiaObjectLast = Last()
    public var replica = Replica()
    public var images = Images()

    public init() {}

    /// The tables whose partitions go, in the order in which they go.
    public static let tables = ["DiaSource", "DiaForcedSource", "DiaObject"]

    /// Days after which rows of a table may go.
    func days(of table: String) -> Double {
        switch table {
        case "DiaSource": DiaSource.days
        case "DiaForcedSource": DiaForcedSource.days
        default: DiaObject.days
        }
    }
}

extension RetentionPolicy: SettingsDocument {
    /// - Throws: `CatalogError.badRequest` naming the document, the line and the setting.
    public init(yaml: String, name: String) throws { self = try Self.read(yaml: yaml, name: name) }

    /// Every setting with its value.
    public var yaml: String { get throws { try text } }

    public func changes(from other: RetentionPolicy) throws -> [Configuration.Change] { try differences(from: other) }

    static func refusal(of key: String) -> String? {
        let name = key.lowercased()
        let words = ["alert", "ledger", "packet", "batch"]
        guard words.contains(where: name.contains) else { return nil }
        return
            "issued alerts are kept for ever and no policy reaches them, for every one must stay traceable: take this entry out"
    }

    func check(at place: (String) -> String) throws {
        func require(_ holds: Bool, _ name: String, _ value: Any, _ rule: String) throws {
            if !holds { throw CatalogError.badRequest("\(place(name))the setting \(name) is \(value): it must be \(rule)") }
        }
        for (name, value) in [
            ("DiaSource.months", DiaSource.months), ("DiaForcedSource.months", DiaForcedSource.months),
            ("DiaObject.months", DiaObject.months),
        ] { try require((1...1200).contains(value), name, value, "from 1 to 1200 months") }
        // A closed object's last version says what its sources belong to.
        let sources = max(DiaSource.months, DiaForcedSource.months)
        try require(
            DiaObject.months >= sources, "DiaObject.months", DiaObject.months,
            "at least \(sources), the months that sources are kept, for every source's object must stand")
        for (name, value) in [
            ("DiaObjectLast.singleDetectionDays", DiaObjectLast.singleDetectionDays),
            ("replica.daysAfterVerification", replica.daysAfterVerification),
            ("images.rawDays", images.rawDays), ("images.processedDays", images.processedDays),
            ("images.differenceDays", images.differenceDays), ("images.scienceDays", images.scienceDays),
            ("images.templateDays", images.templateDays),
        ] { try require(value >= 0 && value <= 36_000, name, value, "from 0 to 36000 days") }
        try require(
            DiaObjectLast.singleDetectionDays >= 1, "DiaObjectLast.singleDetectionDays", DiaObjectLast.singleDetectionDays,
            "at least 1 day, for a new object must have the chance of a second source")
    }

    /// Refuses a policy that would take what the instance's configuration in force still reads.
    ///
    /// - Throws: `CatalogError.badRequest` naming the two settings.
    public func check(for connection: Connection) throws {
        try check(against: ConfigurationRecord.current(on: connection).configuration)
    }

    /// Refuses a policy that would take what the rules still read.
    ///
    /// - Throws: `CatalogError.badRequest` naming the two settings.
    func check(against configuration: Configuration) throws {
        let needs = [
            ("DiaSource.months", DiaSource.months, "summaries.readSourcesMonths", configuration.summaries.readSourcesMonths),
            (
                "DiaForcedSource.months", DiaForcedSource.months, "summaries.readForcedSourcesMonths",
                configuration.summaries.readForcedSourcesMonths
            ),
            ("DiaSource.months", DiaSource.months, "alerts.historyMonths", configuration.alerts.historyMonths),
            ("DiaForcedSource.months", DiaForcedSource.months, "alerts.historyMonths", configuration.alerts.historyMonths),
        ]
        for (name, kept, reader, read) in needs where kept < read {
            throw CatalogError.badRequest(
                "the policy keeps \(kept) months by \(name), and \(reader) of the configuration reads \(read): keep more, or read less (`skyledger config set`)"
            )
        }
    }
}
