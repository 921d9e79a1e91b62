import Foundation

/// An instance's own growth carried on: rows from laws fitted to the visits so far, bytes from what those rows took.
///
///     let later = try InstanceProjection(measurement).moment(visits: 900)
///
/// What is stored stands in the result as it was measured; only what visits to come add is projected.
public struct InstanceProjection: Sendable {
    public struct Options: Sendable {
        /// How long sources, forced sources and closed versions stay; nil for ever.
        public var retentionMonths: Double?
        /// Longest history in an alert.
        public var historyMonths: Double

        public init(retentionMonths: Double? = nil, historyMonths: Double = 12) {
            self.retentionMonths = retentionMonths
            self.historyMonths = historyMonths
        }
    }

    /// Days of a partition of sources, and of a month of retention.
    static let partitionDays = 30.0
    /// Visits without which nothing can be fitted.
    public static let fewestVisits = 4

    let measurement: SizingMeasurement
    let options: Options
    let visits: [SizingMeasurement.Visit]
    let objects: SaturatingLaw
    let daysPerVisit: Double

    /// - Throws: `SizingError.badRequest` where the instance has too few visits.
    public init(_ measurement: SizingMeasurement, options: Options = Options()) throws {
        guard measurement.visits.count >= Self.fewestVisits else {
            throw SizingError.badRequest(
                "the instance has \(measurement.visits.count) visits, of which no growth can be seen: load at least \(Self.fewestVisits), or name a "
                    + "model such as lsst with --model")
        }
        self.measurement = measurement
        self.options = options
        visits = measurement.visits
        objects = SaturatingLaw(fitting: visits.map { Double($0.diaObjectsNew) })
        let span = visits[visits.count - 1].midpointMjdTai - visits[0].midpointMjdTai
        daysPerVisit = span / Double(visits.count - 1)
    }

    /// Visits that the instance has.
    public var visitsSoFar: Int { visits.count }

    /// Visits a year at the rate so far.
    public var visitsPerYear: Double { daysPerVisit > 0 ? 365.25 / daysPerVisit : Double(visits.count) * 365.25 }

    /// The whole at a number of visits in all.
    public func moment(visits total: Double, time: String? = nil) -> Projection.Moment {
        var components = [
            timed("DiaSource", total) { $0.diaSources }, timed("DiaForcedSource", total) { $0.diaForcedSources },
            timed("SSSource", total) { $0.ssSources }, versions(total), latest(total), alerts(total),
            perVisit("VisitDetector", .apdb, total), perVisit("Batch", .ledger, total), perVisit("UpdateRecord", .apdb, total),
        ]
        let own = components.filter { $0.place == .apdb }
        components += others(known: Set(components.map(\.component)))
        components = components.filter { $0.bytes.high > 0 }
        let ppdb = ppdb(total)
        return Projection.Moment(
            time: time ?? "visit \(Int(total))", visits: total, components: components + [ppdb] + beside(own, ppdb, total) + files())
    }

    /// The means of what visits bring, with two standard errors.
    func rate(_ count: (SizingMeasurement.Visit) -> Int64) -> (mean: Double, spread: Double) {
        let values = visits.map { Double(count($0)) }
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
        return (mean, mean > 0 ? min(1, 2 * (variance / Double(values.count)).squareRoot() / mean) : 0)
    }

    /// Visits whose rows are still there.
    func kept(_ total: Double) -> Double {
        guard let months = options.retentionMonths, daysPerVisit > 0 else { return total }
        // Partitions go whole: up to one more than the time asked for stays.
        return min(total, (months * Self.partitionDays + Self.partitionDays / 2) / daysPerVisit)
    }

    /// Partitions of sources that so many visits reach over, from the one at hand backwards.
    func partitions(_ visits: Double) -> Double { max(1, (visits * daysPerVisit / Self.partitionDays).rounded(.up)) }

    static let rangeText =
        "two standard errors of what a visit brings; new objects at the rate of the last quarter of the visits rather than by the fitted law; "
        + "histories as long as now, or growing in a straight line; indexes 15 percent emptier or fuller; "
        + "heaps without free space or with twice that of now; object versions as wide as now, or twice as much wider as the trend says; bookkeeping by "
        + "10 percent; the other generation of an open release gone by then, or as wide as the current one"

    /// A projection to a number of visits, in ten steps.
    public func projection(toVisits total: Int) throws -> Projection {
        guard total >= visits.count else {
            throw SizingError.badRequest(
                "--to-visits is \(total) but the instance has \(visits.count) visits already: name a larger number")
        }
        let steps = (0...10).map { Double(visits.count) + Double(total - visits.count) * Double($0) / 10 }
        return projection(steps.map { moment(visits: $0.rounded()) })
    }

    /// A projection over years of the rate so far, year by year from now.
    public func projection(years: Int) -> Projection {
        projection(
            (0...years).map { moment(visits: Double(visits.count) + Double($0) * visitsPerYear, time: $0 == 0 ? "now" : "year \($0)") })
    }

    private func projection(_ moments: [Projection.Moment]) -> Projection {
        let kept = options.retentionMonths.map { "rows are kept \($0) months of 30 days" } ?? "rows are kept for ever"
        return Projection(model: "measured", policy: kept, rangeIsMadeOf: Self.rangeText, moments: moments)
    }
}
