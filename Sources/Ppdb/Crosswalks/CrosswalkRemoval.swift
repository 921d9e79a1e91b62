import Catalog

/// Whether the PPDBs of an instance still have versions of crosswalks that were removed from it; those that can be reached lose them now.
public struct CrosswalkRemoval: Sendable, Equatable, Codable {
    public var consumer: String
    public var database: String
    /// The versions that were removed there.
    public var removed: [Int]
    /// Why it keeps them for now; nil where nothing is left to do.
    public var waitsFor: String?

    /// One sentence.
    public var sentence: String {
        if let waitsFor {
            return
                "the PPDB \(database) keeps its copies for now (\(waitsFor)): the next `skyledger ppdb export --consumer \(consumer)` removes them"
        }
        return removed.isEmpty
            ? "the PPDB \(database) has none of them"
            : "the PPDB \(database) lost its copies of crosswalk \(removed.map(String.init).joined(separator: ", "))"
    }

    /// Asks every PPDB that was made. One that cannot be reached does it with its next export.
    public static func run(_ instance: Instance) -> [CrosswalkRemoval] {
        PpdbLocation.all(of: instance).map { location in
            var removal = CrosswalkRemoval(consumer: location.consumer, database: location.label, removed: [], waitsFor: nil)
            do {
                removal.removed = try CrosswalkCopies(ppdb: Ppdb(instance: instance, location: location)).removePruned()
            } catch { removal.waitsFor = "\(error)" }
            return removal
        }
    }
}
