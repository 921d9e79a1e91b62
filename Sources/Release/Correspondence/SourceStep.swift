import Catalog
import Columns
import Postgres

/// What one release made of a source.
public struct SourceStep: Sendable, Equatable, Codable {
    public enum Finding: String, Sendable, Codable {
        /// The crosswalk pairs it.
        case matched
        /// No crosswalk names it: its visit-detector is stored in both generations under one number.
        case sameId
        /// The other generation saw the visit-detector and has no such source.
        case vanished
        /// The release has no crosswalk.
        case noCrosswalk
    }

    public var release: String
    public var crosswalk: Int?
    public var fromGeneration: Int
    public var toGeneration: Int
    public var diaSourceId: Int64
    /// What it is then; nil where that is not known.
    public var becomes: Int64?
    public var finding: Finding
    public var separationArcsec: Double?

    /// One sentence.
    public var sentence: String {
        let way = "in generation \(toGeneration) (release \(release))"
        switch finding {
        case .matched:
            return "DiaSource \(diaSourceId) is \(becomes ?? 0) \(way)"
                + (separationArcsec.map { ", \(Correspondences.arcsec($0)) away" } ?? "")
        case .sameId: return "DiaSource \(diaSourceId) keeps its number \(way)"
        case .vanished: return "DiaSource \(diaSourceId) vanished \(way)"
        case .noCrosswalk:
            return "what DiaSource \(diaSourceId) is \(way) is not known: run `skyledger release crosswalk \(release)`"
        }
    }
}

extension Correspondences {
    static func arcsec(_ value: Double) -> String { "\((value * 1000).rounded() / 1000) arcsec" }

    /// The steps of each source on the way between two generations; they end early where a source vanished or a crosswalk is missing.
    /// - Complexity: a query a release.
    public func sources(_ ids: [Int64], from: Int, to: Int) throws -> [Int64: [SourceStep]] {
        var out: [Int64: [SourceStep]] = [:]
        // By what they are now, those that they were at first: two of them may meet nowhere, for pairs are one to one.
        var here = Dictionary(ids.map { ($0, $0) }, uniquingKeysWith: { first, _ in first })
        for id in ids { out[id] = [] }
        for leg in try legs(from: from, to: to) {
            let found = try pairs(Array(here.keys), leg)
            var next: [Int64: Int64] = [:]
            for (now, origin) in here {
                var step = SourceStep(
                    release: leg.way.release, crosswalk: leg.way.crosswalk, fromGeneration: leg.from, toGeneration: leg.to,
                    diaSourceId: now, becomes: now, finding: .sameId)
                if leg.way.crosswalk == nil {
                    (step.becomes, step.finding) = (nil, .noCrosswalk)
                } else if let pair = found[now] {
                    (step.becomes, step.separationArcsec) = (pair.partner, pair.separationArcsec)
                    step.finding = pair.partner == nil ? .vanished : .matched
                }
                out[origin, default: []].append(step)
                if let becomes = step.becomes { next[becomes] = origin }
            }
            here = next
        }
        return out
    }

    /// What the crosswalk of a leg says of sources.
    private func pairs(_ ids: [Int64], _ leg: Leg) throws -> [Int64: (partner: Int64?, separationArcsec: Double?)] {
        guard let crosswalk = leg.way.crosswalk, !ids.isEmpty else { return [:] }
        let (own, other) = leg.isBackward ? ("newDiaSourceId", "oldDiaSourceId") : ("oldDiaSourceId", "newDiaSourceId")
        let rows = try connection.query(
            """
            SELECT "\(own)" AS id, "\(other)" AS partner, "separationArcsec" FROM skyledger."CrosswalkSource"
            WHERE "crosswalk" = $1 AND "\(own)" = ANY ($2)
            """, [.int32(Int32(crosswalk)), .int64Array(ids)])
        guard let id = rows["id"]?.int64s, let partner = rows["partner"], let separation = rows["separationArcsec"] else { return [:] }
        var out: [Int64: (partner: Int64?, separationArcsec: Double?)] = [:]
        for row in id.indices {
            out[id[row]] = (
                partner.isNull(row) ? nil : partner.int64s![row], separation.isNull(row) ? nil : Double(separation.floats![row])
            )
        }
        return out
    }
}
