import Association
import Columns

/// DiaSources and DiaForcedSources of several objects as they come from tables, put together for `Summaries`. Pure.
struct ObjectHistory {
    /// How many objects there are; rows name theirs by number.
    let objectCount: Int
    let roles: ColumnRoles
    let forcedRules: ForcedRules
    private var owner: [Int] = []
    private var sources = SourceHistory(objects: 0)
    /// Whether the source speaks for forced photometry.
    private var isGood: [Bool] = []
    private var forcedOwner: [Int] = []
    private var forced = ForcedHistory(objects: 0)

    init(objectCount: Int, roles: ColumnRoles, forcedRules: ForcedRules) {
        self.objectCount = objectCount
        self.roles = roles
        self.forcedRules = forcedRules
    }

    /// Takes rows of DiaSource. A flagged flux is no measurement.
    /// - Parameter owners: for each row the number of its object, nil to leave it out.
    mutating func add(_ rows: Table, owners: [Int?]) {
        let n = rows.rowCount
        let missing = [Float](repeating: .nan, count: n)
        func singles(_ name: String) -> [Float] { rows[name]?.singles ?? missing }
        let (raErr, decErr, cov) = (singles("raErr"), singles("decErr"), singles("ra_dec_Cov"))
        let psf = Self.unflagged(singles("psfFlux"), singles("psfFluxErr"), by: rows["psfFlux_flag"])
        let science = Self.unflagged(singles("scienceFlux"), singles("scienceFluxErr"), by: rows["forced_PsfFlux_flag"])
        let bands = Self.bands(rows["band"], count: n)
        let good = forcedRules.good(rows)
        let id = rows["diaSourceId"]?.int64s ?? []
        let (midpoint, ra, dec) = (
            rows[roles.sourceMidpoint]?.numbers ?? [], rows["ra"]?.numbers ?? [], rows[roles.dec]?.numbers ?? []
        )
        for row in 0..<n {
            guard let object = owners[row] else { continue }
            owner.append(object)
            isGood.append(good[row])
            sources.diaSourceId.append(id[row])
            sources.midpointMjdTai.append(midpoint[row])
            sources.ra.append(ra[row])
            sources.dec.append(dec[row])
            sources.raErr.append(raErr[row])
            sources.decErr.append(decErr[row])
            sources.raDecCov.append(cov[row])
            sources.band.append(bands[row])
            sources.psfFlux.append(psf.flux[row])
            sources.psfFluxErr.append(psf.error[row])
            sources.scienceFlux.append(science.flux[row])
            sources.scienceFluxErr.append(science.error[row])
        }
    }

    /// Takes rows of DiaForcedSource.
    mutating func addForced(_ rows: Table, owners: [Int?]) {
        let n = rows.rowCount
        let missing = [Float](repeating: .nan, count: n)
        let psf = Self.unflagged(
            rows["psfFlux"]?.singles ?? missing, rows["psfFluxErr"]?.singles ?? missing, by: rows["psfFlux_flag"])
        let bands = Self.bands(rows["band"], count: n)
        let midpoint = rows[roles.forcedMidpoint]?.numbers ?? []
        for row in 0..<n {
            guard let object = owners[row] else { continue }
            forcedOwner.append(object)
            forced.midpointMjdTai.append(midpoint[row])
            forced.band.append(bands[row])
            forced.psfFlux.append(psf.flux[row])
            forced.psfFluxErr.append(psf.error[row])
        }
    }

    /// The summaries of every object.
    func summaries(_ model: SummaryModel, columns: Set<String>) -> Table {
        Summaries.compute(grouped(), groupedForced(), model: model, columns: columns)
    }

    /// What is known of each object from the rows that were added: their number, the first and last time, the good ones in the window.
    func spans(_ model: SummaryModel) -> [(count: Int, first: Double, last: Double, good: Int)] {
        var out = [(count: Int, first: Double, last: Double, good: Int)](
            repeating: (0, .infinity, -.infinity, 0), count: objectCount)
        for (row, object) in owner.enumerated() {
            let time = sources.midpointMjdTai[row]
            out[object].count += 1
            out[object].first = min(out[object].first, time)
            out[object].last = max(out[object].last, time)
        }
        let window = Double(model.readSourcesMonths) * SummaryModel.daysPerMonth
        for (row, object) in owner.enumerated() where isGood[row] && sources.midpointMjdTai[row] > out[object].last - window {
            out[object].good += 1
        }
        return out
    }

    private func grouped() -> SourceHistory {
        let (start, order) = Self.grouping(owner, objectCount)
        let s = sources
        return SourceHistory(
            start: start, diaSourceId: order.map { s.diaSourceId[$0] }, midpointMjdTai: order.map { s.midpointMjdTai[$0] },
            ra: order.map { s.ra[$0] }, dec: order.map { s.dec[$0] }, raErr: order.map { s.raErr[$0] },
            decErr: order.map { s.decErr[$0] }, raDecCov: order.map { s.raDecCov[$0] }, band: order.map { s.band[$0] },
            psfFlux: order.map { s.psfFlux[$0] }, psfFluxErr: order.map { s.psfFluxErr[$0] },
            scienceFlux: order.map { s.scienceFlux[$0] }, scienceFluxErr: order.map { s.scienceFluxErr[$0] })
    }

    private func groupedForced() -> ForcedHistory {
        let (start, order) = Self.grouping(forcedOwner, objectCount)
        let f = forced
        return ForcedHistory(
            start: start, midpointMjdTai: order.map { f.midpointMjdTai[$0] }, band: order.map { f.band[$0] },
            psfFlux: order.map { f.psfFlux[$0] }, psfFluxErr: order.map { f.psfFluxErr[$0] })
    }

    /// Rows in the order of their objects, by counting.
    private static func grouping(_ owner: [Int], _ count: Int) -> (start: [Int], order: [Int]) {
        var start = [Int](repeating: 0, count: count + 1)
        for object in owner { start[object + 1] += 1 }
        for object in 0..<count { start[object + 1] += start[object] }
        var next = start
        var order = [Int](repeating: 0, count: owner.count)
        for (row, object) in owner.enumerated() {
            order[next[object]] = row
            next[object] += 1
        }
        return (start, order)
    }

    private static func unflagged(_ flux: [Float], _ error: [Float], by flag: Column?) -> (flux: [Float], error: [Float]) {
        guard let flag, let flags = flag.bools, flags.contains(true) else { return (flux, error) }
        var (flux, error) = (flux, error)
        for row in flags.indices where flags[row] && !flag.isNull(row) { (flux[row], error[row]) = (.nan, .nan) }
        return (flux, error)
    }

    private static func bands(_ column: Column?, count: Int) -> [UInt8] {
        guard let strings = column?.strings else { return .init(repeating: 255, count: count) }
        return (0..<count).map { row in
            let bytes = strings.bytes(at: row)
            guard bytes.count == 1, let first = bytes.first else { return 255 }
            return Self.bandNames.firstIndex(of: first).map(UInt8.init) ?? 255
        }
    }

    private static let bandNames = Array("ugrizy".utf8)
}
