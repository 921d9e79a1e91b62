import Columns

/// What became of sources: a row a pair, a source without partner, or a new one. Every source that went in stands in exactly one row.
///
/// Rows are in the order of visit and detector; within one, first those with an old source in the order of its identifier, then the new
/// ones without partner in the order of theirs.
public struct SourceMatches: Sendable {
    public var visit: [Int64] = []
    public var detector: [Int32] = []
    /// 0 for a source that only the new generation has.
    public var oldDiaSourceId: [Int64] = []
    /// 0 for a source that only the old generation has.
    public var newDiaSourceId: [Int64] = []
    /// 0 where there is no source or it has no object.
    public var oldDiaObjectId: [Int64] = []
    public var newDiaObjectId: [Int64] = []
    public var oldTile: [Int64] = []
    public var newTile: [Int64] = []
    /// Angle between the two positions, arcseconds; NaN where one side is missing.
    public var separationArcsec: [Double] = []
    /// Sources by visit-detector, in order.
    public var counts: [SourceMatchCount] = []

    public init() {}

    public var rowCount: Int { visit.count }
    public var matchedCount: Int { counts.reduce(0) { $0 + $1.matched } }
    public var vanishedCount: Int { counts.reduce(0) { $0 + $1.vanished } }
    public var newCount: Int { counts.reduce(0) { $0 + $1.new } }

    /// Those rows and then these of later visit-detectors.
    public mutating func append(_ other: SourceMatches) {
        visit += other.visit
        detector += other.detector
        oldDiaSourceId += other.oldDiaSourceId
        newDiaSourceId += other.newDiaSourceId
        oldDiaObjectId += other.oldDiaObjectId
        newDiaObjectId += other.newDiaObjectId
        oldTile += other.oldTile
        newTile += other.newTile
        separationArcsec += other.separationArcsec
        counts += other.counts
    }

    /// For a file or a COPY: identifiers that are missing are null.
    public var table: Table {
        func ids(_ name: String, _ values: [Int64]) -> Column {
            Column(name, .int64(values), validity: values.contains(0) ? Validity(values.lazy.map { $0 != 0 }) : nil)
        }
        return Table([
            Column("visit", .int64(visit)), Column("detector", .int32(detector)), ids("oldDiaSourceId", oldDiaSourceId),
            ids("newDiaSourceId", newDiaSourceId), ids("oldDiaObjectId", oldDiaObjectId), ids("newDiaObjectId", newDiaObjectId),
            Column(
                "separationArcsec", .double(separationArcsec.map { $0.isNaN ? 0 : $0 }),
                validity: separationArcsec.contains(where: \.isNaN) ? Validity(separationArcsec.lazy.map { !$0.isNaN }) : nil,
                unit: "arcsec"),
        ])
    }
}

/// How many sources of a visit-detector have a partner.
public struct SourceMatchCount: Sendable, Equatable {
    public var key: VisitDetectorKey
    public var matched: Int
    /// Only in the old generation.
    public var vanished: Int
    /// Only in the new one.
    public var new: Int
}
