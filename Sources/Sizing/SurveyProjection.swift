import Foundation

/// A survey model times bytes a row, year by year.
public struct SurveyProjection: Sendable {
    let model: SurveyModel
    let sizes: UnitSizes

    public init(_ model: SurveyModel, sizes: UnitSizes) {
        self.model = model
        self.sizes = sizes
    }

    static let rangeText =
        "the model's own bounds, all low or all high at once; bytes of heaps without and with the free space that was measured, or with all columns "
        + "filled where they are typical values; indexes 15 percent emptier or fuller; the write-ahead log by half"

    /// - Parameter years: 1 or more.
    public func projection(years: Int) -> Projection {
        Projection(
            model: model.name,
            policy: String(
                format: "the APDB keeps sources and versions %g months of 30 days, the ledger and the PPDB keep everything",
                model["retentionMonths"].expected),
            rangeIsMadeOf: Self.rangeText, moments: (1...max(1, years)).map(year))
    }

    /// A bound of the model: rates and bytes are all low, expected or high at once.
    private typealias Bound = KeyPath<Projection.Range, Double>

    private func value(_ name: String, _ bound: Bound) -> Double { model[name][keyPath: bound] }

    private func visitsPerYear(_ bound: Bound) -> Double { value("visitsPerNight", bound) * value("nightsPerYear", bound) }

    /// Visits after so many years, or those of the last months of them.
    private func visits(_ years: Double, within months: Double? = nil, _ bound: Bound) -> Double {
        visitsPerYear(bound) * min(years, months.map { $0 * 30 / 365.25 } ?? years)
    }

    /// Objects that are seen again and again and were found so far: a visit finds of what is unseen the share of the sky that it sees.
    private func repeating(_ years: Double, _ bound: Bound) -> Double {
        let law = SaturatingLaw(
            chancePerVisit: 0, reservoir: value("repeatingObjectsPerDegree2", bound) * value("skyDegrees2", bound),
            scaleVisits: max(1, value("skyDegrees2", bound) / value("fieldDegrees2", bound)))
        return law.total(visits(years, bound))
    }

    /// Sources a visit of objects that are seen again.
    private func repeatedSources(_ bound: Bound) -> Double {
        max(0, value("diaSourcesPerVisit", bound) * (1 - value("solarSystemFraction", bound)) - value("chanceObjectsPerVisit", bound))
    }

    /// Rows of the history in an alert, in the mean over all alerts, after so many years.
    private func historyRows(_ years: Double, _ bound: Bound) -> Double {
        let sources = value("diaSourcesPerVisit", bound)
        let objects = repeating(years, bound)
        guard sources > 0, objects > 0 else { return 0 }
        let inWindow = visits(years, within: model["historyMonths"].expected, bound)
        let rows = inWindow * (repeatedSources(bound) + value("diaForcedSourcesPerVisit", bound)) / objects
        return rows * repeatedSources(bound) / sources
    }

    private func range(_ body: (Bound) -> Double) -> Projection.Range {
        Projection.Range(low: body(\.low), expected: body(\.expected), high: body(\.high))
    }

    private func year(_ year: Int) -> Projection.Moment {
        let years = Double(year)
        let months = model["retentionMonths"].expected
        let associated = { (bound: Bound) in value("diaSourcesPerVisit", bound) * (1 - value("solarSystemFraction", bound)) }
        let solar = { (bound: Bound) in value("diaSourcesPerVisit", bound) * value("solarSystemFraction", bound) }
        // What stands in DiaObjectLast, and has an open version.
        let objects = range { bound in
            repeating(years, bound) + visits(years, within: model["singleDetectionMonths"].expected, bound)
                * value("chanceObjectsPerVisit", bound)
        }
        let kept = { (bound: Bound) in visits(years, within: months, bound) }
        let all = { (bound: Bound) in visits(years, bound) }
        let versions = range { kept($0) * associated($0) } + objects
        let window = String(format: "of the last %g months", months)
        var components = [
            component("DiaSource", rows: range { kept($0) * value("diaSourcesPerVisit", $0) }, "sources \(window)"),
            component("DiaForcedSource", rows: range { kept($0) * value("diaForcedSourcesPerVisit", $0) }, "forced sources \(window)"),
            component("DiaObject", rows: versions, "a version an associated source \(window), and the open one of each object"),
            component(
                "DiaObjectLast", rows: objects, "objects that are seen again, by a saturating law, and those of one source that stay"),
            component("SSSource", rows: range { all($0) * solar($0) }, "sources of known solar-system objects"),
            component("VisitDetector", rows: range { all($0) * value("detectorsPerVisit", $0) }, "detectors of all visits"),
            ledger(years),
        ]
        components.append(
            Projection.Component(
                "PPDB", .ppdb, rows: range { all($0) * (2 * associated($0) + solar($0) + value("diaForcedSourcesPerVisit", $0)) }.expected,
                bytes: range { all($0) * value("diaSourcesPerVisit", $0) } * sizes["DiaSource"].bytes + range {
                    all($0) * value("diaForcedSourcesPerVisit", $0)
                } * sizes["DiaForcedSource"].bytes + range { all($0) * associated($0) } * sizes["DiaObject"].bytes,
                indexBytes: all(\.expected)
                    * (value("diaSourcesPerVisit", \.expected) * sizes["DiaSource"].index
                        + value("diaForcedSourcesPerVisit", \.expected) * sizes["DiaForcedSource"].index
                        + associated(\.expected) * sizes["DiaObject"].index),
                origin: sizes["DiaSource"].origin, basis: "all sources, forced sources and versions at the APDB's bytes a row"))
        components.append(images("raw images", "rawImage", years))
        components.append(images("processed images", "processedImage", years))
        components.append(
            Projection.Component(
                "write-ahead log", .files, rows: 0,
                bytes: Projection.Range(low: 0.5 * sizes.walLimitBytes, expected: sizes.walLimitBytes, high: 1.5 * sizes.walLimitBytes),
                origin: .projectedFromModel, basis: "the server's max_wal_size, which a checkpoint may exceed for a while"))
        return Projection.Moment(time: "year \(year)", visits: all(\.expected), components: components.filter { $0.bytes.high > 0 })
    }

    private func component(_ table: String, rows: Projection.Range, _ what: String) -> Projection.Component {
        let size = sizes[table]
        return Projection.Component(
            table, .apdb, rows: rows.expected, bytes: rows * size.bytes, indexBytes: rows.expected * size.index, origin: size.origin,
            basis: "\(what); \(String(format: "%.0f", size.bytes.expected)) bytes a row, \(size.basis)")
    }

    private func ledger(_ years: Double) -> Projection.Component {
        let row = sizes["Alert"]
        let packets = sizes.packets
        // Histories grow in the first years; each year's alerts are those of its middle.
        func bytes(_ bound: Bound) -> Double {
            (0..<Int(years)).reduce(0) { sum, year in
                let history = historyRows(Double(year) + 0.5, bound)
                let packet = (packets.baseBytes + packets.bytesPerHistoryRow * history) * packets.storedFraction[keyPath: bound]
                return sum + visitsPerYear(bound) * value("alertsPerVisit", bound)
                    * (row.bytes[keyPath: bound] + packet + value("cutoutBytesPerAlert", bound))
            }
        }
        let alerts = visits(years, \.expected) * value("alertsPerVisit", \.expected)
        return Projection.Component(
            "ledger", .ledger, rows: alerts, bytes: range(bytes), indexBytes: alerts * row.index, origin: packets.origin,
            basis: String(
                format:
                    "packets of %.0f bytes and %.0f a row of %.0f rows of history, compressed to %.2f, with %.0f bytes of cutouts, for ever; %@",
                packets.baseBytes, packets.bytesPerHistoryRow, historyRows(years, \.expected), packets.storedFraction.expected,
                value("cutoutBytesPerAlert", \.expected), packets.basis))
    }

    private func images(_ name: String, _ setting: String, _ years: Double) -> Projection.Component {
        let days = model["\(setting)Days"].expected
        // A cache of some weeks is fullest when every night has visits.
        let cached = range { min(visits(years, $0), days * value("visitsPerNight", $0)) }
        return Projection.Component(
            name, .files, rows: cached.expected, bytes: cached * model["\(setting)BytesPerVisit"], origin: .projectedFromModel,
            basis: String(format: "%.0f bytes a visit for %g days", model["\(setting)BytesPerVisit"].expected, days))
    }
}
