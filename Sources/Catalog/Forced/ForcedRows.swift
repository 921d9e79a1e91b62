import Columns

/// Rows of DiaForcedSource that came from outside, with what names each: the checks that need no database, and what the rows leave out.
struct ForcedRows {
    /// Columns of the schema document.
    let table: Table
    /// What messages call the rows' origin: the file.
    let source: String
    let keys: [Updates.ForcedKey]
    /// diaForcedSourceId; empty where the document has none.
    let ids: [Int64]
    private let roles: ColumnRoles
    private let dec: String

    var count: Int { keys.count }

    /// - Throws: `CatalogError.badRequest` where a row does not name object, visit and detector, or names what another row named.
    init(_ table: Table, source: String, generation: Generation) throws {
        let definition = generation.document[table: "DiaForcedSource"]!
        roles = generation.layout.roles
        dec = definition[column: "dec"] != nil ? "dec" : "decl"
        self.source = source
        func whole(_ name: String) throws -> [Int64] {
            guard let column = table[name] else { throw CatalogError.badRequest("\(source): there is no column \(name): add it") }
            if let row = (0..<column.count).first(where: column.isNull) {
                throw CatalogError.badRequest("\(source): row \(row + 1) has no \(name): every row must have one")
            }
            switch column.values {
            case .int16(let v): return v.map(Int64.init)
            case .int32(let v): return v.map(Int64.init)
            case .int64(let v): return v
            default: throw CatalogError.badRequest("\(source): column \(name) must hold whole numbers")
            }
        }
        let (object, visit, detector) = (try whole("diaObjectId"), try whole("visit"), try whole("detector"))
        ids = definition[column: "diaForcedSourceId"] == nil ? [] : try whole("diaForcedSourceId")
        keys = try object.indices.map { row in
            guard let number = Int32(exactly: detector[row]) else {
                throw CatalogError.badRequest("\(source): row \(row + 1) has detector \(detector[row]), which is none: correct the file")
            }
            return Updates.ForcedKey(diaObjectId: object[row], visit: visit[row], detector: number)
        }
        self.table = table
        try refuseTwins()
    }

    private func refuseTwins() throws {
        var rowOfKey: [Updates.ForcedKey: Int] = [:]
        var rowOfId: [Int64: Int] = [:]
        for row in keys.indices {
            if let first = rowOfKey.updateValue(row, forKey: keys[row]) {
                throw CatalogError.badRequest(
                    "\(source): rows \(first + 1) and \(row + 1) are both a \(keys[row].label): an object is measured once in each")
            }
            if !ids.isEmpty, let first = rowOfId.updateValue(row, forKey: ids[row]) {
                throw CatalogError.badRequest(
                    "\(source): diaForcedSourceId \(ids[row]) stands in rows \(first + 1) and \(row + 1): identifiers must be unique")
            }
        }
    }

    /// How far a row's time may be from its visit-detector's, in days: a millisecond, for rounding.
    private static let timeTolerance = 1e-3 / 86400

    /// Refuses rows whose time or band is another than that of the visit-detector they name, or whose position is none.
    func check(against entries: [StoredVisitDetector.Key: StoredVisitDetector]) throws {
        let (time, band) = (table[roles.forcedMidpoint], table["band"])
        let (ra, decs) = (table["ra"], table[dec])
        for (row, key) in keys.enumerated() {
            guard let entry = entries[.init(key)] else {
                throw CatalogError.badRequest(
                    "\(source): row \(row + 1) is of visit \(key.visit) detector \(key.detector), which is not stored: load its DiaSources first"
                )
            }
            if let time, !time.isNull(row), let value = time.doubles?[row], !(abs(value - entry.midpointMjdTai) <= Self.timeTolerance) {
                throw CatalogError.badRequest(
                    "\(source): row \(row + 1) has the time \(value), and visit \(key.visit) detector \(key.detector) was at \(entry.midpointMjdTai): correct the file"
                )
            }
            if let band, !band.isNull(row), let name = band.strings?[row], let known = entry.band, name != known {
                throw CatalogError.badRequest(
                    "\(source): row \(row + 1) has the band \(name), and visit \(key.visit) detector \(key.detector) was in \(known): correct the file"
                )
            }
            if let ra, let decs, !ra.isNull(row), !decs.isNull(row), let a = ra.doubles?[row], let d = decs.doubles?[row],
                !(a >= 0 && a < 360 && d >= -90 && d <= 90)
            {
                throw CatalogError.badRequest("\(source): row \(row + 1) has ra \(a) and dec \(d), which is not on the sky")
            }
        }
    }

    /// The columns in which a row must agree with a stored one to be the same measurement: all that the file or the document has, but the
    /// times of bookkeeping, and what the file left to be filled.
    func comparedColumns(_ generation: Generation) -> [String] {
        let own = GenerationLayout.ownColumns(of: "DiaForcedSource").map(\.name).filter {
            !["pixelId", "tile", "isPrecovery", "replicaKey", "generation"].contains($0)
        }
        let names = generation.document[table: "DiaForcedSource"]!.columns.map(\.name)
        let left: Set = ["timeProcessedMjdTai", "timeWithdrawnMjdTai", roles.forcedMidpoint]
        let optional: Set = ["ra", dec, "band"]
        return (names + own.filter { !names.contains($0) }).filter { name in
            !left.contains(name) && !(optional.contains(name) && (table[name].map { $0.nullCount > 0 } ?? true))
        }
    }

    /// Some of the rows, complete: with the visit-detector's time, and its band and the objects' positions where the file has none.
    func completed(_ rows: [Int], at entry: StoredVisitDetector, objects: [Int64: OpenObject]) -> Table {
        var out = table.gather(rows)
        func fill(_ name: String, _ known: [Double]) {
            var values = known
            if let given = out[name], let numbers = given.doubles {
                for row in values.indices where !given.isNull(row) { values[row] = numbers[row] }
            }
            out.set(Column(name, .double(values)))
        }
        fill("ra", rows.map { objects[keys[$0].diaObjectId]!.ra })
        fill(dec, rows.map { objects[keys[$0].diaObjectId]!.dec })
        out.set(Column(roles.forcedMidpoint, .double(.init(repeating: entry.midpointMjdTai, count: rows.count))))
        if let band = entry.band { out.set(Column("band", .string(.init([String](repeating: band, count: rows.count))))) }
        // The clock's time stands for one that was not given.
        if let processed = out["timeProcessedMjdTai"], processed.nullCount > 0 { out.remove("timeProcessedMjdTai") }
        return out
    }
}
