/// What can be wrong with an orbit, a planetary ephemeris, an observatory or a time. Each case prints as one sentence.
public enum EphemerisError: Error, Equatable, CustomStringConvertible {
    /// A planetary ephemeris cannot be read.
    case file(path: String, reason: String)
    /// A planetary ephemeris holds nothing for a body.
    case bodyMissing(path: String, naifCode: Int)
    /// A time outside the span of a planetary ephemeris.
    case outsideSpan(mjd: Double, first: Double, last: Double)
    /// Elements or a state that no body can have.
    case impossibleOrbit(reason: String)
    /// The step of the integration shrank to nothing: the body met the Sun or a planet.
    case collision(mjd: Double)
    /// A line of the list of observatories.
    case observatoryLine(number: Int, reason: String)
    /// A code that the list of observatories does not have.
    case unknownObservatory(code: String)
    /// An observatory that has no fixed place on the Earth (a satellite, a roving observer).
    case observatoryWithoutPlace(code: String, name: String)
    /// A time that a time scale cannot take.
    case time(mjd: Double, reason: String)

    public var description: String {
        switch self {
        case .file(let path, let reason): "The planetary ephemeris \(path) cannot be read: \(reason)."
        case .bodyMissing(let path, let code): "The planetary ephemeris \(path) holds no positions of the body \(code)."
        case .outsideSpan(let mjd, let first, let last):
            "The planetary ephemeris spans MJD \(first) to \(last) (TDB), not MJD \(mjd)."
        case .impossibleOrbit(let reason): "The orbit is impossible: \(reason)."
        case .collision(let mjd): "The orbit meets the Sun or a planet near MJD \(mjd) (TDB) and cannot be followed further."
        case .observatoryLine(let number, let reason): "Line \(number) of the list of observatories cannot be read: \(reason)."
        case .unknownObservatory(let code): "The list of observatories has no code \(code)."
        case .observatoryWithoutPlace(let code, let name):
            "The observatory \(code) (\(name)) has no fixed place on the Earth, so nothing can be predicted for it."
        case .time(let mjd, let reason): "The time MJD \(mjd) cannot be converted: \(reason)."
        }
    }
}
