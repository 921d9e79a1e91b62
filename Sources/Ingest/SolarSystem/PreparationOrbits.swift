import Columns
import SolarSystem

/// The rows of `OrbitCatalog.elements` as orbits.
public struct KnownOrbits: Sendable {
    public let ssObjectId: [Int64]
    public let designation: ByteStrings
    public let orbits: [Orbit]
    /// Nil where only gravity is known to act.
    public let nonGravitational: [NonGravitational?]
    /// Absolute magnitude and slope, NaN where unknown.
    public let h: [Double]
    public let g: [Double]
    /// The Minor Planet Center's uncertainty parameter, 0 to 9; nil where unknown.
    public let uncertainty: [Int?]
    /// Hash of what the states are carried from.
    public let key: [Int64]

    public var count: Int { ssObjectId.count }

    /// - Parameter elements: from `OrbitCatalog.elements`. An orbit without elements stays in its row with values that are not numbers.
    ///
    /// `a1` to `a3` are taken as au/day^2 at 1 au, falling as 1/r^2; `yarkovsky` (1e-10 au/day^2) is added to the transverse part.
    public init(_ elements: Table) {
        let count = elements.rowCount
        func column(_ name: String) -> [Double] {
            guard let column = elements[name], var values = column.numbers else { return .init(repeating: .nan, count: count) }
            for row in 0..<count where column.isNull(row) { values[row] = .nan }
            return values
        }
        ssObjectId = elements["ssObjectId"]?.int64s ?? []
        designation = elements["designation"]?.strings ?? ByteStrings()
        let names = ["q", "e", "i", "node", "argperi", "peri_time", "epoch_mjd"]
        let values = names.map(column)
        let forces = ["a1", "a2", "a3", "yarkovsky"].map(column)
        (h, g) = (column("h"), column("g"))
        uncertainty = column("u_param").map { 0...9 ~= $0 ? Int($0) : nil }
        orbits = (0..<count).map { row in
            Orbit(
                q: values[0][row], e: values[1][row], inclination: values[2][row], node: values[3][row],
                argumentOfPerihelion: values[4][row], perihelionTime: values[5][row], epoch: values[6][row])
        }
        nonGravitational = (0..<count).map { row in
            let parts = forces.map { $0[row].isFinite ? $0[row] : 0 }
            guard parts.contains(where: { $0 != 0 }) else { return nil }
            return NonGravitational(a1: parts[0], a2: parts[1] + parts[3] * 1e-10, a3: parts[2])
        }
        key = (0..<count).map { row in
            // FNV-1a over the bits.
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for column in values + forces {
                var bits = (column[row].isNaN ? Double.nan : column[row]).bitPattern
                for _ in 0..<8 {
                    hash = (hash ^ (bits & 0xFF)) &* 0x100_0000_01b3
                    bits >>= 8
                }
            }
            return Int64(bitPattern: hash)
        }
    }
}
