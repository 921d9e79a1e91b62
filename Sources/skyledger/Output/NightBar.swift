import Foundation
import Ingest

/// The bar of a run over visits while orbits are carried to the night that it has come to.
struct NightBar {
    private let bar: ProgressBar
    private let interruption: Interruption

    /// - Parameter bar: that of the run; it shows the night's orbits for as long as that takes.
    init(_ bar: ProgressBar, _ interruption: Interruption) { (self.bar, self.interruption) = (bar, interruption) }

    /// - Returns: false where the run is to stop.
    func update(_ night: NightProgress) -> Bool {
        bar.note("orbits of the night of MJD \(Int(night.midnightMjdUtc)): \(night.done) of \(night.total)")
        return !interruption.isRequested
    }

    static func withoutEphemerides(_ visitDetectors: Int, _ reason: String?) -> String {
        "in \(visitDetectors) visit-detectors nobody looked for known objects (\(reason ?? "no ephemerides"))"
    }
}
