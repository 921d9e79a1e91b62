import Alerts
import Columns
import Foundation

/// What `release check` says: what was measured, the thresholds, and the verdicts. Its JSON is what is stored; the SHA-256 of it is its name.
public struct CheckReport: Sendable, Equatable, Codable {
    public var kind = "releaseCheck"
    public var release: String
    public var fromGeneration: Int
    public var generation: Int
    public var releaseState: String
    public var cutoffMjdTai: Double
    /// What is replaced, in words; nil for everything.
    public var piece: String?
    /// Digest of the state that was checked; a report of another state is stale.
    public var state: String
    public var thresholds: CheckThresholds
    public var thresholdsDigest: String
    public var measurement: CheckMeasurement
    public var verdicts: [CheckVerdict]

    public var passes: Bool { !verdicts.contains { $0.outcome == .fails } }

    /// One text for one report: keys are sorted.
    public var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// A row a verdict.
    public var table: Table {
        func text(_ name: String, _ value: (CheckVerdict) -> String) -> Column { Column(name, .string(.init(verdicts.map(value)))) }
        return Table([
            text("outcome", \.outcome.rawValue), text("check", \.check), text("of", \.subject),
            text("measured") { Self.number($0.measured) },
            text("allowed") { Self.number($0.allowed) }, text("says", \.says),
        ])
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : String(format: "%.4g", value)
    }

    /// Lower-case hexadecimal SHA-256 of a text.
    public static func digest(_ text: String) -> String {
        LedgerDigest().of(Array(text.utf8)).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}

extension CheckThresholds {
    /// SHA-256 of the thresholds as they are written: what a state of a release is held against.
    public var digest: String { CheckReport.digest(yaml) }
}
