/// DiaForcedSources of several objects, column by column: rows of object i are `start[i]..<start[i + 1]`, in any order within an object.
public struct ForcedHistory: Sendable {
    /// Count of objects + 1 row numbers, the first 0, the last the number of rows.
    public var start: [Int]
    /// Days. A row whose time is not finite is in no window.
    public var midpointMjdTai: [Double]
    /// 0 to 5 for u g r i z y, 255 for any other.
    public var band: [UInt8]
    /// nJy on the difference image; NaN where null, flagged or not to be counted.
    public var psfFlux: [Float]
    public var psfFluxErr: [Float]

    /// Objects without any forced source.
    public init(objects: Int) {
        self.init(start: [Int](repeating: 0, count: objects + 1), midpointMjdTai: [], band: [], psfFlux: [], psfFluxErr: [])
    }

    public init(start: [Int], midpointMjdTai: [Double], band: [UInt8], psfFlux: [Float], psfFluxErr: [Float]) {
        self.start = start
        self.midpointMjdTai = midpointMjdTai
        self.band = band
        self.psfFlux = psfFlux
        self.psfFluxErr = psfFluxErr
    }

    public var objectCount: Int { start.count - 1 }
    public var rowCount: Int { midpointMjdTai.count }

    /// Traps when the columns differ in length or the starts do not rise from 0 to the number of rows.
    func checkShape() {
        precondition(isRising(start, to: rowCount), "the starts of a forced history do not fit its \(rowCount) rows")
        let counts = [band.count, psfFlux.count, psfFluxErr.count]
        precondition(counts.allSatisfy { $0 == rowCount }, "the columns of a forced history differ in length: \(counts), \(rowCount)")
    }
}
