import Columns
import Foundation

/// One visit as made: its pointing, its sources and the truth.
struct SyntheticVisit {
    var visit: Int64
    var band: String
    var mjd: Double
    var pointing: TangentPlane
    var sources: Table
    var truth: Table
}

extension SyntheticSurvey {
    func makeVisit(_ v: Int, sky: Sky, centres: [(x: Double, y: Double)]) -> SyntheticVisit {
        var random = RandomStream(seed, 1, UInt64(v))
        let (cycle, field) = v.quotientAndRemainder(dividingBy: centres.count)
        let footprint = TangentPlane(ra: centreRa, dec: centreDec)
        let (ra, dec) = footprint.sky(centres[field].x + 0.01 * random.normal(), centres[field].y + 0.01 * random.normal())
        let pointing = TangentPlane(ra: ra, dec: dec)
        let night = (Double(cycle) * revisitDays + Double(field) * revisitDays / Double(centres.count)).rounded(.down)
        let mjd = startMjdTai + night + Double(field) * 45 / 86400
        let half = sideDegrees / 2

        var found: [(x: Double, y: Double, truth: Int64, flux: Double)] = []
        for object in sky.objects {
            guard abs(object.dec - dec) < 1.2 * sideDegrees, let (x, y) = pointing.plane(object.ra, object.dec), abs(x) < half,
                abs(y) < half
            else { continue }
            let seen = random.uniform() < object.detectionProbability
            guard seen, let flux = object.flux(mjd: mjd) else { continue }
            let scatter = Self.astrometricScatter
            found.append((x + scatter * random.normal(), y + scatter * random.normal(), object.id, flux))
        }
        for _ in 0..<random.poisson(noiseFraction * sourcesPerVisit) {
            let sign = random.uniform() < 0.5 ? -1.0 : 1.0
            found.append((random.uniform(-half..<half), random.uniform(-half..<half), -1, sign * (5 + random.exponential()) * 500))
        }
        found.removeAll { abs($0.x) >= half || abs($0.y) >= half }
        for i in found.indices { found[i].flux += 100 * random.normal() }

        let visit = Int64(100_000 + v)
        let band = Self.bands[cycle % Self.bands.count]
        let ids = found.indices.map { visit * 1_000_000 + Int64($0) }
        return SyntheticVisit(
            visit: visit, band: band, mjd: mjd, pointing: pointing,
            sources: sourceTable(found, ids: ids, visit: visit, band: band, mjd: mjd, pointing: pointing, random: &random),
            truth: Table([Column("diaSourceId", .int64(ids)), Column("trueObject", .int64(found.map(\.truth)))]))
    }

    /// The detector that a place in the field falls on.
    private func detector(_ x: Double, _ y: Double) -> Int16 {
        let half = sideDegrees / 2
        let column = min(detectorColumns - 1, Int((x + half) / sideDegrees * Double(detectorColumns)))
        let row = min(detectorRows - 1, Int((y + half) / sideDegrees * Double(detectorRows)))
        return Int16(column + detectorColumns * row)
    }

    private func sourceTable(
        _ found: [(x: Double, y: Double, truth: Int64, flux: Double)], ids: [Int64], visit: Int64, band: String, mjd: Double,
        pointing: TangentPlane, random: inout RandomStream
    ) -> Table {
        let n = found.count
        let positions = found.map { pointing.sky($0.x, $0.y) }
        let reliability = found.map { Float($0.truth < 0 ? random.uniform(0..<0.6) : random.uniform(0.4..<1)) }
        let error = [Float](repeating: Float(Self.astrometricScatter), count: n)
        return Table([
            Column("diaSourceId", .int64(ids)),
            Column("visit", .int64(.init(repeating: visit, count: n))),
            Column("detector", .int16(found.map { detector($0.x, $0.y) })),
            Column("midpointMjdTai", .double(.init(repeating: mjd, count: n)), unit: "d"),
            Column("ra", .double(positions.map(\.ra)), unit: "deg"),
            Column("raErr", .float(error), unit: "deg"),
            Column("dec", .double(positions.map(\.dec)), unit: "deg"),
            Column("decErr", .float(error), unit: "deg"),
            Column("ra_dec_Cov", .float(.init(repeating: 0, count: n)), unit: "deg**2"),
            Column(
                "x",
                .float(
                    found.map {
                        Float(($0.x + sideDegrees / 2) / sideDegrees * 4000 * Double(detectorColumns)).truncatingRemainder(dividingBy: 4000)
                    }), unit: "pixel"),
            Column(
                "y",
                .float(
                    found.map {
                        Float(($0.y + sideDegrees / 2) / sideDegrees * 4000 * Double(detectorRows)).truncatingRemainder(dividingBy: 4000)
                    }), unit: "pixel"),
            Column("apFlux", .float(found.map { Float($0.flux * 1.02) }), unit: "nJy"),
            Column("apFluxErr", .float(.init(repeating: 600, count: n)), unit: "nJy"),
            Column("psfFlux", .float(found.map { Float($0.flux) }), unit: "nJy"),
            Column("psfFluxErr", .float(.init(repeating: 500, count: n)), unit: "nJy"),
            Column("psfNdata", .int32(.init(repeating: 1681, count: n))),
            Column("trailNdata", .int32(.init(repeating: 0, count: n))),
            Column("dipoleNdata", .int32(.init(repeating: 0, count: n))),
            Column("bboxSize", .int32(.init(repeating: 25, count: n))),
            Column("scienceFlux", .float(found.map { Float($0.flux + 3000) }), unit: "nJy"),
            Column("scienceFluxErr", .float(.init(repeating: 520, count: n)), unit: "nJy"),
            Column("snr", .float(found.map { Float(abs($0.flux) / 500) })),
            Column("isNegative", .bool(found.map { $0.flux < 0 })),
            Column("pixelFlags", .bool(.init(repeating: false, count: n))),
            Column("reliability", .float(reliability)),
            Column("band", .string(.init(Array(repeating: band, count: n)))),
            Column("timeProcessedMjdTai", .double(.init(repeating: mjd + 60 / 86400, count: n)), unit: "d"),
        ])
    }
}
