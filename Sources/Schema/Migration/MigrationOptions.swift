/// What a migration must know that the documents do not say.
public struct MigrationOptions: Sendable, Equatable {
    /// The clock of the `timestamp` columns of documents before v9.0.0, which do not say it.
    public var timeScale: TimeScale
    /// `ccdVisitId` is visit * factor + detector; which factor is the choice of the instrument, so that whoever migrates names it.
    public var ccdVisitIdFactor: Int64
    /// The bits of DiaSource's packed `flags`.
    public var flagBits: [String: Int]
    /// The time of processing of rows older than that column, in microseconds since 1970-01-01T00:00:00 on `timeScale`.
    public var unknownTimeMicroseconds: Int64
    public var renames: RenameMap

    public init(
        timeScale: TimeScale = .utc, ccdVisitIdFactor: Int64 = 100, flagBits: [String: Int] = DiaSourceFlags.bits,
        unknownTimeMicroseconds: Int64 = 0, renames: RenameMap = .builtIn
    ) {
        precondition(ccdVisitIdFactor > 0, "ccdVisitIdFactor is the number of detectors that an id has room for")
        self.timeScale = timeScale
        self.ccdVisitIdFactor = ccdVisitIdFactor
        self.flagBits = flagBits
        self.unknownTimeMicroseconds = unknownTimeMicroseconds
        self.renames = renames
    }
}
