/// DiaSources of several objects, column by column: rows of object i are `start[i]..<start[i + 1]`, in any order within an object.
///
/// Whoever fills it decides which measurements count: one that is flagged has NaN as flux and as error.
public struct SourceHistory: Sendable {
    /// Count of objects + 1 row numbers, the first 0, the last the number of rows.
    public var start: [Int]
    public var diaSourceId: [Int64]
    /// Days. A row whose time is not finite is in no window.
    public var midpointMjdTai: [Double]
    /// ICRS, degrees; a row whose position is not finite has no part in the mean position.
    public var ra: [Double]
    public var dec: [Double]
    /// Degrees, NaN where unknown; `raErr` is the error of d(ra) cos(dec).
    public var raErr: [Float]
    public var decErr: [Float]
    /// Covariance of d(ra) cos(dec) and dec, square degrees, NaN where unknown.
    public var raDecCov: [Float]
    /// 0 to 5 for u g r i z y, 255 for any other.
    public var band: [UInt8]
    /// nJy on the difference image; NaN where null, flagged or not to be counted.
    public var psfFlux: [Float]
    public var psfFluxErr: [Float]
    /// nJy on the direct image; NaN where null, flagged or not to be counted.
    public var scienceFlux: [Float]
    public var scienceFluxErr: [Float]

    /// Objects without any source.
    public init(objects: Int) {
        self.init(
            start: [Int](repeating: 0, count: objects + 1), diaSourceId: [], midpointMjdTai: [], ra: [], dec: [], raErr: [], decErr: [],
            raDecCov: [], band: [], psfFlux: [], psfFluxErr: [], scienceFlux: [], scienceFluxErr: [])
    }

    public init(
        start: [Int], diaSourceId: [Int64], midpointMjdTai: [Double], ra: [Double], dec: [Double], raErr: [Float], decErr: [Float],
        raDecCov: [Float], band: [UInt8], psfFlux: [Float], psfFluxErr: [Float], scienceFlux: [Float], scienceFluxErr: [Float]
    ) {
        self.start = start
        self.diaSourceId = diaSourceId
        self.midpointMjdTai = midpointMjdTai
        self.ra = ra
        self.dec = dec
        self.raErr = raErr
        self.decErr = decErr
        self.raDecCov = raDecCov
        self.band = band
        self.psfFlux = psfFlux
        self.psfFluxErr = psfFluxErr
        self.scienceFlux = scienceFlux
        self.scienceFluxErr = scienceFluxErr
    }

    public var objectCount: Int { start.count - 1 }
    public var rowCount: Int { diaSourceId.count }

    /// Traps when the columns differ in length or the starts do not rise from 0 to the number of rows.
    func checkShape() {
        precondition(isRising(start, to: rowCount), "the starts of a source history do not fit its \(rowCount) rows")
        let counts = [
            midpointMjdTai.count, ra.count, dec.count, raErr.count, decErr.count, raDecCov.count, band.count, psfFlux.count,
            psfFluxErr.count, scienceFlux.count, scienceFluxErr.count,
        ]
        precondition(counts.allSatisfy { $0 == rowCount }, "the columns of a source history differ in length: \(counts), \(rowCount)")
    }
}

/// Whether row numbers begin with 0, never fall and end with the number of rows.
func isRising(_ start: [Int], to rowCount: Int) -> Bool {
    start.first == 0 && start.last == rowCount && zip(start, start.dropFirst()).allSatisfy { $0 <= $1 }
}
