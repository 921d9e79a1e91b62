import Columns
import Foundation
import Schema

/// The next version of an object from the one before and a source that joined it. Pure.
///
/// Position is the mean of its sources' positions, each with the same weight; its error is that of this mean. Counts and first and last
/// times follow each source. Means over light curves need the history and are filled by association's summaries.
struct ObjectVersions {
    let table: TableDefinition
    let dec: String
    let bands: [String]

    init(_ layout: GenerationLayout) {
        table = layout.document[table: "DiaObject"]!
        dec = layout.roles.dec
        bands = ["u", "g", "r", "i", "z", "y"]
    }

    /// A source as its object sees it.
    struct Source {
        var diaSourceId: Int64
        var ra: Double
        var dec: Double
        var raErr: Float?
        var decErr: Float?
        var midpointMjdTai: Double
        var band: String
        /// Whether it has a flux that counts as a measurement.
        var hasFlux: Bool
    }

    /// What a version says, beside the columns that are filled later.
    struct Version: Equatable {
        var diaObjectId: Int64
        var ra: Double
        var dec: Double
        var raErr: Float?
        var decErr: Float?
        var nDiaSources: Int32
        var first: Double?
        var last: Double?
        /// Measurements in each band.
        var nData: [String: Int32]
    }

    /// The first version of an object: its founding source.
    func founded(by source: Source) -> Version {
        Version(
            diaObjectId: source.diaSourceId, ra: source.ra, dec: source.dec, raErr: source.raErr, decErr: source.decErr, nDiaSources: 1,
            first: source.midpointMjdTai, last: source.midpointMjdTai, nData: source.hasFlux ? [source.band: 1] : [:])
    }

    func next(after version: Version, joinedBy source: Source) -> Version {
        var next = version
        let n = Double(version.nDiaSources)
        // The mean in the plane that touches the sphere at the old position: exact to the square of an arcsecond.
        let width = cos(version.dec * .pi / 180)
        var step = source.ra - version.ra
        if step > 180 { step -= 360 } else if step < -180 { step += 360 }
        if width > 1e-6 {
            next.ra = version.ra + step / (n + 1)
            if next.ra < 0 { next.ra += 360 } else if next.ra >= 360 { next.ra -= 360 }
        }
        next.dec = version.dec + (source.dec - version.dec) / (n + 1)
        next.raErr = Self.errorOfMean(version.raErr, n, source.raErr)
        next.decErr = Self.errorOfMean(version.decErr, n, source.decErr)
        next.nDiaSources += 1
        next.first = min(version.first ?? source.midpointMjdTai, source.midpointMjdTai)
        next.last = max(version.last ?? source.midpointMjdTai, source.midpointMjdTai)
        if source.hasFlux { next.nData[source.band, default: 0] += 1 }
        return next
    }

    /// Error of the mean of n + 1 values from that of n and the new value's.
    private static func errorOfMean(_ error: Float?, _ n: Double, _ new: Float?) -> Float? {
        guard let error, let new, error.isFinite, new.isFinite else { return nil }
        return Float((n * n * Double(error) * Double(error) + Double(new) * Double(new)).squareRoot() / (n + 1))
    }
}
