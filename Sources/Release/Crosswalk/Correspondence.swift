import Columns

/// What became of objects from one generation to the next: of a set of objects that hang together by links that are not minor, how many are
/// old and how many new.
public enum Correspondence: String, Sendable, Hashable, CaseIterable {
    /// One old, one new.
    case same
    /// One old, several new.
    case split
    /// Several old, one new.
    case merged
    /// Several old, several new.
    case mixed
    /// An old one that shares no source with a new one, and that none lies on that is free.
    case vanished
    /// A new one that shares no source with an old one, and that none lies on that is free.
    case new

    init(old: Int, new: Int) {
        switch (old, new) {
        case (_, 0): self = .vanished
        case (0, _): self = .new
        case (1, 1): self = .same
        case (1, _): self = .split
        case (_, 1): self = .merged
        default: self = .mixed
        }
    }
}

/// A link between an old and a new object, or an object without any.
public struct ObjectMatch: Sendable, Equatable {
    /// 0 for a new object without partner.
    public var oldDiaObjectId: Int64
    /// 0 for an old object without partner.
    public var newDiaObjectId: Int64
    public var oldTile: Int64
    public var newTile: Int64
    /// Pairs of the source crosswalk between the two; 0 where they are linked by position alone.
    public var sharedSources: Int64
    /// Which part of all shared sources of the old object these are, and of the new one; nil where they have none.
    public var oldFraction: Double?
    public var newFraction: Double?
    /// Angle between the objects' positions, arcseconds; nil where one is missing or has no position.
    public var separationArcsec: Double?
    /// What became of both; nil for a minor link, which says nothing of that.
    public var correspondence: Correspondence?

    public var isMinor: Bool { correspondence == nil }
}

/// What a crosswalk of objects has decided: every object of the tiles in it stands in one row that is not minor at least, and all such rows
/// of one object say the same.
public struct ObjectMatches: Sendable, Equatable {
    /// In the order of old, then new identifiers.
    public internal(set) var rows: [ObjectMatch] = []
    /// Objects of each generation by what became of them.
    public internal(set) var oldCounts: [Correspondence: Int] = [:]
    public internal(set) var newCounts: [Correspondence: Int] = [:]

    public init() {}

    /// Those rows and then these; call `sort` when all are there.
    public mutating func append(_ other: ObjectMatches) {
        rows += other.rows
        oldCounts.merge(other.oldCounts, uniquingKeysWith: +)
        newCounts.merge(other.newCounts, uniquingKeysWith: +)
    }

    public mutating func sort() {
        rows.sort { ($0.oldDiaObjectId, $0.newDiaObjectId) < ($1.oldDiaObjectId, $1.newDiaObjectId) }
    }

    /// Counts an object on either side as what became of it.
    mutating func count(old: Int, new: Int, as correspondence: Correspondence) {
        if old > 0 { oldCounts[correspondence, default: 0] += old }
        if new > 0 { newCounts[correspondence, default: 0] += new }
    }

    /// For a file or a COPY: what is missing is null.
    public var table: Table {
        func ids(_ name: String, _ value: (ObjectMatch) -> Int64, _ isThere: (ObjectMatch) -> Bool) -> Column {
            Column(name, .int64(rows.map(value)), validity: Validity(rows.lazy.map(isThere)))
        }
        func numbers(_ name: String, _ value: (ObjectMatch) -> Double?, unit: String? = nil) -> Column {
            let values = rows.map(value)
            return Column(name, .double(values.map { $0 ?? 0 }), validity: Validity(values.lazy.map { $0 != nil }), unit: unit)
        }
        return Table([
            ids("oldDiaObjectId", \.oldDiaObjectId) { $0.oldDiaObjectId != 0 },
            ids("newDiaObjectId", \.newDiaObjectId) { $0.newDiaObjectId != 0 },
            ids("oldTile", \.oldTile) { $0.oldDiaObjectId != 0 }, ids("newTile", \.newTile) { $0.newDiaObjectId != 0 },
            Column("sharedSources", .int64(rows.map(\.sharedSources))), numbers("oldFraction", \.oldFraction),
            numbers("newFraction", \.newFraction), numbers("separationArcsec", \.separationArcsec, unit: "arcsec"),
            Column("isMinor", .bool(rows.map(\.isMinor))),
            Column(
                "correspondence", .string(.init(rows.map { $0.correspondence?.rawValue ?? "" })),
                validity: Validity(rows.lazy.map { !$0.isMinor })),
        ])
    }
}
