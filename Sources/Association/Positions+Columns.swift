import Columns

extension Positions {
    /// Positions and their errors from DiaSource or DiaObject rows under the present schema's names.
    /// - Parameter dec: the name of the column of declination.
    public init(_ rows: Table, id: String = "diaSourceId", dec: String) {
        let count = rows.rowCount
        let missing = [Float](repeating: .nan, count: count)
        let (raErr, decErr) = (rows["raErr"]?.singles, rows["decErr"]?.singles)
        let errors =
            raErr == nil && decErr == nil
            ? nil : PositionErrors(raErr: raErr ?? missing, decErr: decErr ?? missing, raDecCov: rows["ra_dec_Cov"]?.singles ?? missing)
        self.init(
            id: rows[id]?.int64s ?? [], ra: rows["ra"]?.numbers ?? [], dec: rows[dec]?.numbers ?? [], errors: errors)
    }

    /// These positions and then those of `other`.
    func appending(_ other: Positions) -> Positions {
        func known(_ p: Positions) -> PositionErrors {
            let missing = [Float](repeating: .nan, count: p.count)
            return p.errors ?? PositionErrors(raErr: missing, decErr: missing, raDecCov: missing)
        }
        let (a, b) = (known(self), known(other))
        return Positions(
            id: id + other.id, x: x + other.x, y: y + other.y, z: z + other.z,
            errors: errors == nil && other.errors == nil
                ? nil : PositionErrors(raErr: a.raErr + b.raErr, decErr: a.decErr + b.decErr, raDecCov: a.raDecCov + b.raDecCov))
    }
}
