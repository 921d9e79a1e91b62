/// Which part of an object's history its summary statistics are made of.
///
/// A window ends with the object's last source and begins a number of months before it, so that it follows from the set of sources
/// alone and not from the day or the order in which visits were loaded.
public struct SummaryModel: Sendable, Equatable, Codable {
    /// Days of a month, as dax_apdb counts them for the limits of the same names.
    public static let daysPerMonth = 30.0

    /// Sources later than the last one minus so many months count.
    public var readSourcesMonths = 12
    /// Forced sources later than the last source minus so many months count, those after the last source too.
    public var readForcedSourcesMonths = 12

    public init(readSourcesMonths: Int = 12, readForcedSourcesMonths: Int = 12) {
        self.readSourcesMonths = readSourcesMonths
        self.readForcedSourcesMonths = readForcedSourcesMonths
    }

    var sourceWindowDays: Double { Double(readSourcesMonths) * Self.daysPerMonth }
    var forcedWindowDays: Double { Double(readForcedSourcesMonths) * Self.daysPerMonth }
}
