import Columns
import Foundation

/// Rows of the schema's table SSObject: what all observations of an object, and its orbit, say about it.
///
/// ```swift
/// let rows = SSObjectRows.table(observations, designations: names, orbits: orbits)
/// ```
/// All columns of the document are there, under its names, in its types and units. A band's phase curve is H, G12 through magnitudes
/// reduced to unit distances (`PhaseCurveFit`); where the slope cannot be fitted G12 holds the value that H was fitted with, its error and
/// covariance are null and `slope_fit_failed` is true; where nothing can be fitted all of these are null. Observations with a flux of zero
/// or below, a flag, or unknown geometry count in `nObs` and not in `nObsUsed`.
public enum SSObjectRows {
    /// The bands of the schema, in its order.
    public static let bands = ["u", "g", "r", "i", "z", "y"]

    /// One row for each object that was observed, by ascending ssObjectId.
    ///
    /// - Parameters:
    ///   - designations: the primary designation, unpacked, by ssObjectId.
    ///   - orbits: the elements by ssObjectId. Distances between orbits are to the Earth's ellipse at the epoch of the elements; objects
    ///     without an orbit, or with impossible elements, have nulls there.
    /// - Complexity: O(n log n) for n observations, and some 50 microseconds for each orbit
    public static func table(_ observations: SolarObservations, designations: [Int64: String] = [:], orbits: [Int64: Orbit] = [:]) -> Table
    {
        var rows: [Int64: [Int]] = [:]
        // In the order of time, so that the order of rows changes no sum.
        for row in timeOrder(observations) { rows[observations.ssObjectId[row], default: []].append(row) }
        let ids = rows.keys.sorted()
        let groups = ids.map { rows[$0]! }
        let names = ids.map { designations[$0] }
        let spans = groups.map { group in (observations.midpointMjdTai[group.first!], observations.midpointMjdTai[group.last!]) }
        let extents = groups.map { group in group.map { observations.extendedness[$0] }.filter(\.isFinite).sorted() }
        let head = [
            Column("ssObjectId", .int64(ids)),
            Column(
                "designation", .string(ByteStrings(names.map { $0 ?? "" })),
                validity: names.contains(nil) ? Validity(names.map { $0 != nil }) : nil),
            Column("nObs", .int32(groups.map { Int32($0.count) })),
            Column("arc", .float(spans.map { Float($0.1 - $0.0) }), unit: "d"),
            Column("firstObservationMjdTai", .double(spans.map(\.0)), unit: "d"),
        ]
        let shape = [
            float("extendednessMax", nil, extents.map(\.last)), float("extendednessMedian", nil, extents.map(median)),
            float("extendednessMin", nil, extents.map(\.first)),
        ]
        let curves = bands.flatMap { band in
            bandColumns(band, groups.map { group in BandCharacter(group.filter { observations.band[$0] == band }, of: observations) })
        }
        return Table(head + encounterColumns(ids.map { orbits[$0] }) + shape + curves)
    }

    private static func timeOrder(_ observations: SolarObservations) -> [Int] {
        (0..<observations.count).sorted { a, b in
            let (first, second) = (observations.midpointMjdTai[a], observations.midpointMjdTai[b])
            return first != second ? first < second : observations.psfFlux[a].bitPattern < observations.psfFlux[b].bitPattern
        }
    }

    private static func encounterColumns(_ orbits: [Orbit?]) -> [Column] {
        let known = orbits.map { orbit in orbit.flatMap { (try? $0.check()) == nil ? nil : $0 } }
        let encounters = known.map { orbit in orbit.map { MOID(of: $0, with: EarthOrbit.osculating(at: $0.epoch)) } }
        return [
            float("MOIDEarth", "AU", encounters.map { $0?.distance }),
            float("MOIDEarthDeltaV", "km/s", encounters.map { $0?.relativeSpeed }),
            float("MOIDEarthEclipticLongitude", "deg", encounters.map { $0?.eclipticLongitude }),
            float("MOIDEarthTrueAnomaly", "deg", encounters.map { $0?.trueAnomalyOther }),
            float("MOIDEarthTrueAnomalyObject", "deg", encounters.map { $0?.trueAnomaly }),
            float("tisserand_J", nil, known.map { $0.map(Tisserand.jupiter) }),
        ]
    }

    private static func bandColumns(_ band: String, _ all: [BandCharacter]) -> [Column] {
        let failed = all.map { $0.fit?.slopeFitFailed }
        return [
            Column("\(band)_nObs", .int32(all.map { Int32($0.count) })),
            float("\(band)_H", "mag", all.map { $0.fit?.h }), float("\(band)_HErr", "mag", all.map { $0.fit?.hErr }),
            float("\(band)_G12", nil, all.map { $0.fit?.g12 }), float("\(band)_G12Err", nil, all.map { $0.fit?.g12Err }),
            float("\(band)_H_\(band)_G12_Cov", "mag**2", all.map { $0.fit?.covariance }),
            Column("\(band)_nObsUsed", .int32(all.map { Int32($0.fit?.usedCount ?? 0) })),
            float("\(band)_Chi2", nil, all.map { $0.fit?.chi2 }),
            float("\(band)_phaseAngleMin", "deg", all.map { $0.phaseAngles?.lowerBound }),
            float("\(band)_phaseAngleMax", "deg", all.map { $0.phaseAngles?.upperBound }),
            Column(
                "\(band)_slope_fit_failed", .bool(failed.map { $0 ?? false }),
                validity: failed.contains(nil) ? Validity(failed.map { $0 != nil }) : nil),
        ]
    }

    /// Null where there is no value, or none that is finite.
    private static func float(_ name: String, _ unit: String?, _ values: [Double?]) -> Column {
        let finite = values.map { $0.flatMap { $0.isFinite ? $0 : nil } }
        return Column(
            name, .float(finite.map { Float($0 ?? 0) }), validity: finite.contains(nil) ? Validity(finite.map { $0 != nil }) : nil,
            unit: unit)
    }

    private static func median(_ sorted: [Double]) -> Double? {
        guard !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
