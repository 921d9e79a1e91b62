import Foundation
import Yams

/// What a new generation may differ by from the one that it is to replace. A YAML document sets what should not stay at its default:
///
///     completeness: {missingVisitDetectors: 0}
///     astrometry: {medianArcsec: 0.05}
public struct CheckThresholds: Sendable, Equatable, Codable {
    public struct Completeness: Sendable, Equatable, Codable {
        /// Visit-detectors of the old generation that the new one lacks and no list excuses.
        public var missingVisitDetectors = 0
    }
    public struct Counts: Sendable, Equatable, Codable {
        /// Difference of a night's sources in a band, as a fraction of the old count.
        public var nightFraction = 0.1
        /// Nights and bands with fewer old sources are shown and not judged.
        public var minimumSources = 100
    }
    public struct Unmatched: Sendable, Equatable, Codable {
        /// Old sources that the crosswalk gives no new one, by band.
        public var oldFraction = 0.05
        /// New sources that the crosswalk gives no old one, by band.
        public var newFraction = 0.05
        /// Bands with fewer sources are shown and not judged; so are bands with fewer pairs, below.
        public var minimumSources = 100
    }
    public struct Astrometry: Sendable, Equatable, Codable {
        /// Median angle between the positions of one source, by band.
        public var medianArcsec = 0.1
        /// Scatter of the offsets in right ascension and in declination: half of what lies between their 15.87 and 84.13 percentiles.
        public var scatterArcsec = 0.1
    }
    public struct Photometry: Sendable, Equatable, Codable {
        /// Median of the ratio of the new to the old flux, less 1, by band.
        public var medianFraction = 0.05
        /// Scatter of that ratio, as that of the offsets.
        public var scatterFraction = 0.1
    }
    public struct Copied: Sendable, Equatable, Codable {
        /// Rows that were taken over and are not as they were.
        public var differentRows = 0
        /// Sources that were taken over and are with sources of other objects than before.
        public var movedSources = 0
    }
    public struct Invariants: Sendable, Equatable, Codable {
        /// Contradictions that the doctor's checks find in the new generation; each check names at most a hundred.
        public var faults = 0
    }
    public struct Lag: Sendable, Equatable, Codable {
        /// Visit-detectors that wait to be stored in the new generation.
        public var visitDetectors = 0
        /// Changes of either generation, other than stores of what both have, since the crosswalk was made.
        public var changesSinceCrosswalk = 0
    }
    public struct Updates: Sendable, Equatable, Codable {
        /// Updates of the old generation that wait to be repeated in the new.
        public var waiting = 0
        /// Withdrawals and restorations that could not be repeated, a row each; what was so already and sources that are not there are none.
        public var skippedWithdrawals = 0
        /// The same of reassignments, splits, merges, closed objects and forced sources.
        public var skippedOthers = 0
        /// Sources that are withdrawn in the old generation, since whenever, and stand in the new one.
        public var withdrawnShown = 0
    }
    public struct PPDB: Sendable, Equatable, Codable {
        /// Whether an instance without a PPDB fails.
        public var required = false
        /// Changes of the new generation that a PPDB has not, older than all of the old generation that it has not.
        public var changesBehind = 0
        /// By how many more changes of the new generation than of the old wait for verification.
        public var unverifiedMore = 0
    }
    public struct Disk: Sendable, Equatable, Codable {
        /// Nights of both generations that must find room: until the old one is removed.
        public var nights = 30
        /// Bytes that must stay free beside them.
        public var freeBytes = 2 << 30
    }

    public var completeness = Completeness()
    public var counts = Counts()
    public var unmatched = Unmatched()
    public var astrometry = Astrometry()
    public var photometry = Photometry()
    public var copied = Copied()
    public var invariants = Invariants()
    public var lag = Lag()
    public var updates = Updates()
    public var ppdb = PPDB()
    public var disk = Disk()

    public init() {}

    /// Reports that were stored before there were pieces have no thresholds of what is taken over, nor of updates.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        completeness = try values.decode(Completeness.self, forKey: .completeness)
        counts = try values.decode(Counts.self, forKey: .counts)
        unmatched = try values.decode(Unmatched.self, forKey: .unmatched)
        astrometry = try values.decode(Astrometry.self, forKey: .astrometry)
        photometry = try values.decode(Photometry.self, forKey: .photometry)
        copied = try values.decodeIfPresent(Copied.self, forKey: .copied) ?? Copied()
        invariants = try values.decode(Invariants.self, forKey: .invariants)
        lag = try values.decode(Lag.self, forKey: .lag)
        updates = try values.decodeIfPresent(Updates.self, forKey: .updates) ?? Updates()
        ppdb = try values.decode(PPDB.self, forKey: .ppdb)
        disk = try values.decode(Disk.self, forKey: .disk)
    }

    /// The document, every setting with its value, in the order above.
    public var yaml: String {
        var text = ""
        for group in Self.groups {
            text += "\(group.name):\n"
            for setting in group.settings { text += "  \(setting.name): \(setting.text(self))\n" }
        }
        return text
    }

    /// - Parameter name: how messages call the document.
    /// - Throws: `ReleaseError.plan` naming the document and the line: unknown groups and settings, values of another kind or out of range.
    public init(yaml: String, name: String) throws {
        let reader = PlanReader(document: name)
        let groups = try reader.mapping(reader.root(yaml), keys: Self.groups.map(\.name), of: "the document of thresholds")
        for group in Self.groups {
            guard let node = groups[group.name] else { continue }
            let values = try reader.mapping(node, keys: group.settings.map(\.name), of: group.name)
            for setting in group.settings {
                guard let value = values[setting.name] else { continue }
                guard let text = value.scalar?.string, setting.set(&self, text) else {
                    throw reader.refusal(
                        value, "\(group.name).\(setting.name) is \(value.scalar?.string ?? "no value"): it must be \(setting.need)")
                }
            }
        }
    }
}
