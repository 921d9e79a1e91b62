import Association
import Columns

/// The objects near a visit-detector, as association and the rules of forced photometry need them: the newest state of each.
public struct StoredObjects: Sendable {
    public let diaObjectId: [Int64]
    public let tile: [Int32]
    /// Present position, ICRS degrees, and its errors; `raErr` is d(ra) cos(dec).
    public let ra: [Double]
    public let dec: [Double]
    public let errors: PositionErrors
    /// Sources over the object's life, the first and the last, MJD TAI (NaN where unknown).
    public let nDiaSources: [Int32]
    public let firstDiaSourceMjdTai: [Double]
    public let lastDiaSourceMjdTai: [Double]
    /// Sources that speak for forced photometry, at the object's last version.
    public let nDiaSourcesGood: [Int32]

    public var count: Int { diaObjectId.count }

    public var positions: Positions { Positions(id: diaObjectId, ra: ra, dec: dec, errors: errors) }

    /// What is read of DiaObjectLast, in the document's names.
    static func selection(_ roles: ColumnRoles, _ last: Set<String>) -> String {
        let columns =
            ["diaObjectId", "tile", "ra", roles.dec, "nDiaSourcesGood"]
            + ["raErr", "decErr", "ra_dec_Cov", "nDiaSources", "firstDiaSourceMjdTai", "lastDiaSourceMjdTai"].filter(last.contains)
        return columns.map { "o.\(quoted($0))" }.joined(separator: ", ")
    }

    init(_ table: Table, dec decName: String) throws {
        guard let id = table["diaObjectId"]?.int64s, let tile = table["tile"]?.int32s, let ra = table["ra"]?.doubles,
            let dec = table[decName]?.doubles
        else {
            throw CatalogError.inconsistent(
                "DiaObjectLast does not have the columns diaObjectId, tile, ra, dec with the types of the schema document")
        }
        diaObjectId = id
        self.tile = tile
        self.ra = ra
        self.dec = dec
        let missing = [Float](repeating: .nan, count: id.count)
        errors = PositionErrors(
            raErr: table["raErr"]?.singles ?? missing, decErr: table["decErr"]?.singles ?? missing,
            raDecCov: table["ra_dec_Cov"]?.singles ?? missing)
        func counts(_ name: String) -> [Int32] {
            table[name]?.numbers?.map { $0.isNaN ? 0 : Int32($0) } ?? .init(repeating: 0, count: id.count)
        }
        nDiaSources = counts("nDiaSources")
        nDiaSourcesGood = counts("nDiaSourcesGood")
        firstDiaSourceMjdTai = table["firstDiaSourceMjdTai"]?.numbers ?? .init(repeating: .nan, count: id.count)
        lastDiaSourceMjdTai = table["lastDiaSourceMjdTai"]?.numbers ?? .init(repeating: .nan, count: id.count)
    }
}
