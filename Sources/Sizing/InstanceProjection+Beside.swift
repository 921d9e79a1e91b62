import Foundation

/// What lies beside the current generation while a release is open.
extension InstanceProjection {
    /// Rows of sources from which on a generation's own bytes a visit-detector are believed.
    static let fewestSources: Int64 = 1000

    /// - Parameter own: the components of the current generation's tables.
    func beside(_ own: [Projection.Component], _ ppdb: Projection.Component, _ total: Double) -> [Projection.Component] {
        let current = own.reduce(Projection.Range(0)) { $0 + $1.bytes }
        return measurement.beside.flatMap { beside -> [Projection.Component] in
            guard beside.kind == .generation else {
                return [
                    Projection.Component(
                        beside.label, .apdb, rows: Double(beside.rows), bytes: Projection.Range(Double(beside.bytes)),
                        indexBytes: Double(beside.indexBytes), origin: .measured, basis: "as it is now: nothing is added to it")
                ]
            }
            let generation = generation(beside, current, rows: own.reduce(0) { $0 + $1.rows }, total)
            let share = current.expected > 0 ? generation.bytes.expected / current.expected : 0
            let copy = Projection.Component(
                "PPDB, \(beside.schema)", .ppdb, rows: ppdb.rows * share,
                bytes: Projection.Range(low: 0, expected: ppdb.bytes.expected * share, high: ppdb.bytes.high * share),
                indexBytes: ppdb.indexBytes * share, origin: .projectedFromMeasured,
                basis: "the PPDB's copy of it, in the measure of the two generations here; of a release that is abandoned it goes")
            return [generation, copy]
        }
    }

    private func generation(
        _ beside: SizingMeasurement.Beside, _ current: Projection.Range, rows: Double, _ total: Double
    ) -> Projection.Component {
        let now = Double(beside.bytes)
        guard total > Double(visits.count) else {
            return Projection.Component(
                beside.label, .apdb, rows: Double(beside.rows), bytes: Projection.Range(now), indexBytes: Double(beside.indexBytes),
                origin: .measured, basis: "measured; it goes when its release is retired or abandoned")
        }
        let ratio = ratio(beside)
        let expected = max(now, current.expected * (ratio ?? 1))
        let factor = current.expected > 0 ? expected / current.expected : 1
        let indexShare = now > 0 ? Double(beside.indexBytes) / now : 0
        let measure =
            ratio.map { String(format: "%.2f times its bytes a visit-detector, as measured", $0) }
            ?? "its bytes, for it has few rows so far"
        return Projection.Component(
            beside.label, .apdb, rows: rows * factor,
            bytes: Projection.Range(low: 0, expected: expected, high: max(now, current.high * max(1, ratio ?? 1))),
            indexBytes: expected * indexShare, origin: .projectedFromMeasured,
            basis:
                "the same visits as the current generation, at \(measure), as long as both are kept; nothing when the release is retired or abandoned"
        )
    }

    /// Bytes a visit-detector of another generation over those of the current one; nil where it has too few rows to tell.
    private func ratio(_ beside: SizingMeasurement.Beside) -> Double? {
        let (own, other) = (Double(measurement.rows(of: "VisitDetector")), Double(beside.rows(of: "VisitDetector")))
        guard beside.rows(of: "DiaSource") >= Self.fewestSources, own > 0, other > 0, measurement.generationBytes > 0 else { return nil }
        return Double(beside.bytes) / other / (Double(measurement.generationBytes) / own)
    }
}
