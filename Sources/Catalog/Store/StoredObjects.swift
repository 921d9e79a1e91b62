import Columns

/// The object that a source belongs to.
public enum SourceOwner: Sendable, Equatable, Hashable {
    /// A row of `StoredObjects`.
    case object(Int)
    /// A new object whose founding source is in this row of the sources.
    case founder(Int)
    /// None: the source belongs to an SSObject.
    case none
}

/// The objects near a visit-detector, as association needs them.
public struct StoredObjects: Sendable {
    public let diaObjectId: [Int64]
    public let tile: [Int32]
    /// Present position, ICRS degrees.
    public let ra: [Double]
    public let dec: [Double]

    public var count: Int { diaObjectId.count }

    init(_ table: Table) throws {
        guard let id = table["diaObjectId"]?.int64s, let tile = table["tile"]?.int32s, let ra = table["ra"]?.doubles,
            let dec = table["dec"]?.doubles
        else {
            throw CatalogError.inconsistent(
                "DiaObjectLast does not have the columns diaObjectId, tile, ra, dec with the types of the schema document")
        }
        diaObjectId = id
        self.tile = tile
        self.ra = ra
        self.dec = dec
    }
}
