/// Where the Sun, the planets and the Moon are: barycentric positions and velocities in the ICRF from an SPK file such as DE440.
///
///     let planets = try Planets(path: "de440.bsp")
///     let earth = try planets.state(of: .earth, at: 60_000)  // au, au/day; MJD in TDB
public struct Planets: Sendable {
    /// Position in au and velocity in au/day.
    public struct State: Sendable, Equatable {
        public var position: SIMD3<Double>
        public var velocity: SIMD3<Double>
    }

    private let file: SPKFile
    private let direct: [SPKFile.Segment]
    private let earthToBarycentre: SPKFile.Segment
    private let moonToBarycentre: SPKFile.Segment
    /// First and last moment, MJD TDB.
    public let firstMjd: Double
    public let lastMjd: Double

    /// Gravitational parameters in au^3/day^2, in the order of `Body`.
    public static let gms: [Double] = Body.allCases.map(\.gm)

    /// Opens a file.
    /// - Throws: `EphemerisError.file`, and `.bodyMissing` where a body or a chain to the barycentre is not there.
    public init(path: String) throws(EphemerisError) {
        try self.init(SPKFile(path: path))
    }

    public init(_ file: SPKFile) throws(EphemerisError) {
        self.file = file
        // Slots in the order of `Body`; the Earth's slot holds the barycentre of Earth and Moon, the Moon's is a copy of it.
        var direct = [SPKFile.Segment]()
        for code in [10, 1, 2, 3, 3, 4, 5, 6, 7, 8, 9] {
            let segment = try file.segment(of: code)
            guard segment.center == 0 else { throw .bodyMissing(path: file.path, naifCode: code) }
            direct.append(segment)
        }
        self.direct = direct
        earthToBarycentre = try file.segment(of: 399)
        moonToBarycentre = try file.segment(of: 301)
        guard earthToBarycentre.center == 3 else { throw .bodyMissing(path: file.path, naifCode: 399) }
        guard moonToBarycentre.center == 3 else { throw .bodyMissing(path: file.path, naifCode: 301) }
        let all = direct + [earthToBarycentre, moonToBarycentre]
        firstMjd = all.map(\.start).max()! / 86_400 + Constants.j2000
        lastMjd = all.map(\.end).min()! / 86_400 + Constants.j2000
    }

    /// The state of one body relative to the barycentre of the solar system.
    /// - Parameter mjd: MJD in TDB.
    /// - Throws: `EphemerisError.outsideSpan`.
    public func state(of body: Body, at mjd: Double) throws(EphemerisError) -> State {
        try check(mjd)
        let seconds = (mjd - Constants.j2000) * 86_400
        var (position, velocity) = file.state(direct[body.rawValue], at: seconds)
        if body == .earth || body == .moon {
            let rest = file.state(body == .earth ? earthToBarycentre : moonToBarycentre, at: seconds)
            position += rest.position
            velocity += rest.velocity
        }
        return State(position: position / Constants.auKm, velocity: velocity * (86_400 / Constants.auKm))
    }

    func check(_ mjd: Double) throws(EphemerisError) {
        guard mjd >= firstMjd, mjd <= lastMjd else { throw .outsideSpan(mjd: mjd, first: firstMjd, last: lastMjd) }
    }

    /// Positions of all bodies in the order of `Body`, au, into `positions`, and the Sun's velocity. The time must be within the span.
    func positions(at mjd: Double, into positions: UnsafeMutableBufferPointer<SIMD3<Double>>) -> SIMD3<Double> {
        let seconds = (mjd - Constants.j2000) * 86_400
        let scale = 1 / Constants.auKm
        let sun = file.state(direct[0], at: seconds)
        positions[0] = sun.position * scale
        for slot in 1..<direct.count where slot != Body.moon.rawValue {
            positions[slot] = file.position(direct[slot], at: seconds) * scale
        }
        let barycentre = positions[Body.earth.rawValue]
        positions[Body.earth.rawValue] = barycentre + file.position(earthToBarycentre, at: seconds) * scale
        positions[Body.moon.rawValue] = barycentre + file.position(moonToBarycentre, at: seconds) * scale
        return sun.velocity * (86_400 * scale)
    }
}
