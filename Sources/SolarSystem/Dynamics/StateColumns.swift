/// Heliocentric states of many bodies at one common epoch, a column each: ICRF, au and au/day.
public struct StateColumns: Sendable, Equatable {
    /// MJD TDB.
    public internal(set) var epoch: Double
    public internal(set) var x: [Double]
    public internal(set) var y: [Double]
    public internal(set) var z: [Double]
    public internal(set) var vx: [Double]
    public internal(set) var vy: [Double]
    public internal(set) var vz: [Double]

    /// Number of bodies.
    public var count: Int { x.count }

    /// From columns of equal lengths. A body whose state has a value that is not a number stays in its row and is never predicted.
    public init(epoch: Double, x: [Double], y: [Double], z: [Double], vx: [Double], vy: [Double], vz: [Double]) {
        precondition([y, z, vx, vy, vz].allSatisfy { $0.count == x.count }, "the columns of states have different lengths")
        (self.epoch, self.x, self.y, self.z, self.vx, self.vy, self.vz) = (epoch, x, y, z, vx, vy, vz)
    }

    /// From states that share an epoch.
    public init(_ states: [StateVector], epoch: Double) {
        precondition(states.allSatisfy { $0.epoch == epoch }, "a state has another epoch")
        self.init(
            epoch: epoch, x: states.map(\.position.x), y: states.map(\.position.y), z: states.map(\.position.z),
            vx: states.map(\.velocity.x), vy: states.map(\.velocity.y), vz: states.map(\.velocity.z))
    }

    public subscript(_ row: Int) -> StateVector {
        get { StateVector(position: SIMD3(x[row], y[row], z[row]), velocity: SIMD3(vx[row], vy[row], vz[row]), epoch: epoch) }
        set {
            precondition(newValue.epoch == epoch, "the state has another epoch")
            (x[row], y[row], z[row]) = (newValue.position.x, newValue.position.y, newValue.position.z)
            (vx[row], vy[row], vz[row]) = (newValue.velocity.x, newValue.velocity.y, newValue.velocity.z)
        }
    }
}
