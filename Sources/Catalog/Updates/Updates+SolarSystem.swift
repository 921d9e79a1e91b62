import Association
import Columns
import Postgres

/// Sources that turn out to be objects of the solar system.
extension Updates {
    /// Gives sources to SSObjects. DiaObjects that lose their last source are closed.
    ///
    /// - Parameters:
    ///   - ssSources: rows of SSSource for them, where they are known.
    ///   - follows: whether it is repeated in the other generation of an open release; what a search in one generation's orbits found is
    ///     not, for the search itself is.
    /// - Throws: `CatalogError.badRequest` for an unknown source, or one named twice.
    public func reassignToSSObjects(
        _ owners: [(diaSourceId: Int64, ssObjectId: Int64)], ssSources: Table = Table(), follows: Bool = true, cause: String
    ) throws -> Outcome {
        try requireSSObjects(owners)
        let followed = FollowedUpdate(
            kind: .reassignSSObject, sources: owners.map(\.diaSourceId),
            targets: Dictionary(owners.map { ($0.diaSourceId, $0.ssObjectId) }, uniquingKeysWith: { first, _ in first }))
        return try run(cause: cause, followed: follows ? followed : nil) { update in
            update.ssSources = ssSources
            try update.moveToSSObjects(owners)
        }
    }

    /// An object that a linker found: its sources, and how it is called.
    public struct Track: Sendable, Equatable {
        public var designation: String
        public var ssObjectId: Int64
        public var diaSourceIds: [Int64]

        public init(designation: String, ssObjectId: Int64, diaSourceIds: [Int64]) {
            self.designation = designation
            self.ssObjectId = ssObjectId
            self.diaSourceIds = diaSourceIds
        }
    }

    /// Takes a linker's result: objects that are new are entered in SSObject, and the sources given to them.
    ///
    /// - Throws: `CatalogError.badRequest` for an unknown source, one in two tracks, a designation that is another object's.
    public func link(_ tracks: [Track], cause: String) throws -> Outcome {
        let owners = tracks.flatMap { track in track.diaSourceIds.map { (diaSourceId: $0, ssObjectId: track.ssObjectId) } }
        try requireSSObjects(owners)
        let followed = FollowedUpdate(
            kind: .link, sources: owners.map(\.diaSourceId),
            targets: Dictionary(owners.map { ($0.diaSourceId, $0.ssObjectId) }, uniquingKeysWith: { first, _ in first }),
            designations: Dictionary(tracks.map { ($0.ssObjectId, $0.designation) }, uniquingKeysWith: { first, _ in first }))
        return try run(cause: cause, followed: followed) { update in
            for track in tracks { try update.enter(track) }
            try update.moveToSSObjects(owners)
        }
    }

    private func requireSSObjects(_ owners: [(diaSourceId: Int64, ssObjectId: Int64)]) throws {
        guard generation.document[table: "DiaSource"]![column: "ssObjectId"] != nil else {
            throw CatalogError.documentLacks(
                what: "column DiaSource.ssObjectId", document: generation.document.label, advice: "migrate the instance to a newer one")
        }
        try Self.requireDistinct(owners.map(\.diaSourceId), "DiaSource")
        if let zero = owners.first(where: { $0.ssObjectId == 0 }) {
            throw CatalogError.badRequest("DiaSource \(zero.diaSourceId) cannot belong to SSObject 0: 0 stands for none in alerts")
        }
    }
}

extension UpdateTransaction {
    /// Moves sources; those that belong to the objects already stay as they are.
    fileprivate func moveToSSObjects(_ owners: [(diaSourceId: Int64, ssObjectId: Int64)]) throws {
        let target = Dictionary(uniqueKeysWithValues: owners.map { ($0.diaSourceId, $0.ssObjectId) })
        // Without a DiaObject a source lies in its own position's tile.
        let rows = try lockSources(owners.map(\.diaSourceId))
        var moved: [Int64] = []
        for row in rows where row.ssObjectId != target[row.diaSourceId] {
            move(row, to: nil, ssObjectId: target[row.diaSourceId], disposition: .solarSystem)
            moved.append(row.diaSourceId)
            records.add(
                .reassignSourceToSSObject, diaSourceId: row.diaSourceId, before: row.owner,
                after: [
                    "diaObjectId": .none, "ssObjectId": .integer(target[row.diaSourceId]!),
                    "ssObjectReassocTimeMjdTai": .real(mjdTai), "disposition": .text(Disposition.solarSystem.rawValue),
                    "tile": .integer(Int64(updates.pixelization.tile(of: row.pixelId))),
                ])
        }
        if generation.document[table: "DiaSource"]![column: "ssObjectReassocTimeMjdTai"] != nil, !moved.isEmpty {
            try connection.run(
                "UPDATE \(generation.table("DiaSource")) SET \"ssObjectReassocTimeMjdTai\" = $2 WHERE \"diaSourceId\" = ANY ($1)",
                [.int64Array(moved), .double(mjdTai)])
        }
    }

    /// Makes a track's object known.
    fileprivate func enter(_ track: Updates.Track) throws {
        guard !track.diaSourceIds.isEmpty else {
            throw CatalogError.badRequest("the track \(track.designation) has no sources: nothing was changed")
        }
        let known = try connection.query(
            "SELECT \"ssObjectId\" FROM \(generation.table("SSObjectDesignation")) WHERE \"designation\" = $1", [.text(track.designation)])
        if let id = known["ssObjectId"]?.int64s?.first, id != track.ssObjectId {
            throw CatalogError.badRequest(
                "\(track.designation) is SSObject \(id) and cannot be \(track.ssObjectId) too: nothing was changed")
        }
        if known.rowCount == 0 {
            try connection.run(
                "INSERT INTO \(generation.table("SSObjectDesignation")) (\"designation\", \"ssObjectId\") VALUES ($1, $2)",
                [.text(track.designation), .int64(track.ssObjectId)])
        }
        guard let definition = generation.document[table: "SSObject"] else { return }
        let hasDesignation = definition[column: "designation"] != nil
        let required = RequiredColumns(of: definition, except: ["ssObjectId", "designation"])
        try connection.run(
            """
            INSERT INTO \(generation.table("SSObject")) ("ssObjectId"\(hasDesignation ? ", \"designation\"" : "")\(required.names))
            SELECT $1\(hasDesignation ? ", $2" : "")\(required.zeros) WHERE $2::text IS NOT NULL
              AND NOT EXISTS (SELECT FROM \(generation.table("SSObject")) WHERE "ssObjectId" = $1)
            """, [.int64(track.ssObjectId), .text(track.designation)])
    }
}
