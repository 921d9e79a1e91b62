import Catalog
import Ppdb

/// Whether the PPDBs of an instance have followed its newest swap; those that can follow now do.
public struct PpdbFollowing: Sendable, Equatable, Codable {
    public var consumer: String
    public var database: String
    /// Why it does not follow yet; nil where it did, or there is nothing to follow.
    public var waitsFor: String?

    /// One sentence.
    public var sentence: String {
        waitsFor.map {
            "the PPDB \(database) does not follow yet (\($0)): the next `skyledger ppdb export --consumer \(consumer)` follows the swap"
        } ?? "the PPDB \(database) has followed"
    }

    /// Asks every PPDB that was made. One that cannot be reached is none that can fail the swap: it was committed, and the PPDB's next export
    /// does what this could not.
    public static func run(_ instance: Instance) -> [PpdbFollowing] {
        PpdbLocation.all(of: instance).map { location in
            var following = PpdbFollowing(consumer: location.consumer, database: location.label, waitsFor: nil)
            do {
                let ppdb = try Ppdb(instance: instance, location: location)
                if let swap = try PpdbSwap.pending(ppdb), case .waits(let reason) = try swap.follow(ppdb) { following.waitsFor = reason }
            } catch { following.waitsFor = "\(error)" }
            return following
        }
    }
}
