/// The orbit of the Earth, for distances between orbits: `osculating` at the epoch of the other body's elements is what published
/// distances are to; `mean` is free of the Moon's wobble and stays for decades.
public enum EarthOrbit {
    /// Mean elements of the Earth-Moon barycentre on the ecliptic of J2000 at a time (MJD TDB).
    ///
    /// Source: Simon et al. (1994, Astron. Astrophys. 282, 663), table 5.8.3, to the second power of time. Good to 1e-5 au for centuries
    /// around 2000. The time of perihelion is the one nearest to the date.
    public static func mean(at mjd: Double) -> Orbit {
        let t = (mjd - 51544.5) / 365_250
        let arcsecond = 1.0 / 3600
        let a = 1.0000010178
        let e = 0.0167086342 + t * (-0.0004203654 + t * -0.0000126734)
        let perihelion = 102.93734808 + t * (11612.35290 + t * 53.27577) * arcsecond
        let inclination = t * (469.97289 + t * -3.35053) * arcsecond
        let node = 174.87317577 + t * (-8679.27034 + t * 15.34191) * arcsecond
        let longitude = 100.46645683 + t * (1_295_977_422.83429 + t * -2.04411) * arcsecond
        let anomaly = (longitude - perihelion).remainder(dividingBy: 360)
        let motion = 1_295_977_422.83429 * arcsecond / 365_250
        // Before J2000 the inclination is below zero: the same plane has the node on the other side.
        let turned = inclination < 0
        return Orbit(
            q: a * (1 - e), e: e, inclination: abs(inclination), node: turned ? node + 180 : node,
            argumentOfPerihelion: turned ? perihelion - node - 180 : perihelion - node, perihelionTime: mjd - anomaly / motion, epoch: mjd)
    }
}
