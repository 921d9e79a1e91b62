import Foundation
import Schema

/// The time that object versions are stamped with: when they were made.
public enum ProcessingClock: Sendable, Equatable {
    /// The machine's clock, in TAI.
    case now
    /// The visit's own time, for replays: the same input then gives the same rows, whenever it is loaded.
    case visit

    /// MJD TAI.
    func mjdTai(of visitDetector: VisitDetector) -> Double {
        switch self {
        case .now: ModifiedJulianDate.tai(microseconds: Int64(Date().timeIntervalSince1970 * 1e6), scale: .utc)
        case .visit: visitDetector.midpointMjdTai
        }
    }
}
