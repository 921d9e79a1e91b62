import Foundation
import Schema

/// The time that object versions are stamped with: when they were made.
public enum ProcessingClock: Sendable, Equatable {
    /// The machine's clock, in TAI.
    case now
    /// The visit's own time, for replays: the same input then gives the same rows, whenever it is loaded.
    case visit

    /// The machine's clock, MJD TAI.
    @Sendable public static func machineMjdTai() -> Double {
        ModifiedJulianDate.tai(microseconds: Int64(Date().timeIntervalSince1970 * 1e6), scale: .utc)
    }

    /// MJD TAI.
    func mjdTai(of visitDetector: VisitDetector) -> Double {
        switch self {
        case .now: Self.machineMjdTai()
        case .visit: visitDetector.midpointMjdTai
        }
    }
}
