/// Which sources are associated, and how.
public struct AssociationRules: Sendable, Equatable, Codable {
    /// How well a source fits an object.
    public var match = MatchModel()
    /// Sources of lower reliability are stored without object and alert; 0 for none. A source without reliability passes.
    ///
    /// Rubin cuts at 0.5, which lost 96 percent of variables in its first preview (RTN-095).
    public var minimumReliability = 0.0
    /// Trails as long as this speed makes in the exposure are stored without object and alert: 10 degrees a day (DMTN-199).
    public var maximumTrailArcsecPerSecond = 0.416
    /// No trail is long that is shorter than this, however short the exposure: the second moments of point sources scatter to lengths of
    /// their own. Of 10,349 trail lengths of real LSST alerts none reaches 3.6 arcsec, of 194 of HiTS none 4.2.
    public var minimumTrailArcsec = 5.0
    /// The exposure where a source does not say its own.
    public var defaultExposureSeconds = 30.0
    /// How far an object's mean position may move from its first before neighbours look for it in vain: errors of the first position and
    /// proper motion within a generation.
    public var driftArcsec = 2.0

    public init() {}
}
