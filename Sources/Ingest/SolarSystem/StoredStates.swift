import Columns
import SolarSystem

/// Rows of `OrbitCatalog.states`, found by object.
struct StoredStates {
    private let ids: [Int64]
    private let keys: [Int64]
    private let epochs: [Double]
    private let values: [[Double]]

    init(_ table: Table) {
        ids = table["ssObjectId"]?.int64s ?? []
        keys = table["orbitKey"]?.int64s ?? []
        epochs = table["epochMjdTdb"]?.doubles ?? []
        values = ["x", "y", "z", "vx", "vy", "vz"].map { table[$0]?.doubles ?? [] }
    }

    var count: Int { ids.count }

    /// The row of an object; ids ascend.
    func row(of id: Int64) -> Int? {
        var (low, high) = (0, ids.count)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < ids.count && ids[low] == id ? low : nil
    }

    /// The state of an object, if it was carried from the orbit with this key.
    func state(of id: Int64, key: Int64) -> StateVector? {
        guard let row = row(of: id), keys[row] == key else { return nil }
        return self[row]
    }

    subscript(row: Int) -> StateVector {
        StateVector(
            position: SIMD3(values[0][row], values[1][row], values[2][row]),
            velocity: SIMD3(values[3][row], values[4][row], values[5][row]), epoch: epochs[row])
    }

    func key(_ row: Int) -> Int64 { keys[row] }
    func epoch(_ row: Int) -> Double { epochs[row] }
}
