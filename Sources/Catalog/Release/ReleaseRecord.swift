/// A data release, as the database has it: it fills a generation beside the one that was current when it began, and may put it in its place.
public struct ReleaseRecord: Sendable, Equatable {
    /// How far it is; `docs/decisions/031` draws the ways between them.
    public enum State: String, Sendable, CaseIterable, Codable {
        /// Its generation waits for its copy of what lies outside the piece that it replaces.
        case beginning
        /// Visits of the nights are stored in the current generation and wait for the release's.
        case loading
        /// Visits of the nights are stored in both generations, in one transaction.
        case joined
        /// The release's generation is current; visits of the nights wait for the former one.
        case published
        /// The former generation is gone.
        case retired
        /// The release's generation is gone; it was never published, or was taken back.
        case abandoned

        /// Whether nothing more happens in it.
        public var isClosed: Bool { self == .retired || self == .abandoned }
    }

    public var name: String
    /// The generation that was current when it began.
    public var fromGeneration: Int
    /// The one that it fills.
    public var generation: Int
    /// Visits up to here, MJD TAI, are its input; later ones follow from the nights.
    public var cutoffMjdTai: Double
    public var state: State
    /// The settings that its generation is made under, YAML.
    public var configurationText: String
    /// UTC, ISO 8601.
    public var begunAt: String
    /// What it replaces; nil for everything.
    public var piece: ReleasePiece?

    /// The settings that its generation is made under.
    /// - Throws: `CatalogError.badRequest` where they hold what this program does not know.
    public func configuration() throws -> Configuration {
        try Configuration(yaml: configurationText, name: "the configuration of release \(name)")
    }

    /// Refuses what needs both generations before the release's has what it takes over.
    /// - Throws: `CatalogError.badRequest`
    public func requireBegun() throws {
        guard state == .beginning else { return }
        throw CatalogError.badRequest("release \(name) is not begun to the end: repeat `skyledger release begin` as it was")
    }

    /// The other generation of the two.
    public func other(than generation: Int) -> Int { generation == self.generation ? fromGeneration : self.generation }

    /// The generation that is not current while the release is open: what `load` and catch-up bring up to the current one.
    public var following: Int { state == .published ? fromGeneration : generation }
}
