import Foundation

/// What each table takes at a number of visits.
extension InstanceProjection {
    /// What a table's partitions take whatever is in them: maps of free space and visibility, and the first two pages of each index.
    static func overhead(_ relation: SizingMeasurement.Relation) -> Double {
        Double(relation.mapBytes) + 16384 * Double(relation.indexCount)
    }

    /// A table's bytes a row beyond that, of indexes and of all else.
    struct Slopes {
        var rows = 0.0
        var heap = 0.0
        /// The part of `heap` that no live row takes.
        var free = 0.0
        var index = 0.0
        var overheadOfPartition = 0.0
        var isEmpty: Bool { rows == 0 }
        var all: Double { heap + index }

        init(_ relations: [SizingMeasurement.Relation]) {
            let filled = relations.filter { $0.rows > 0 }
            rows = filled.reduce(0) { $0 + Double($1.rows) }
            guard rows > 0 else { return }
            heap = filled.reduce(0) { $0 + Double($1.heapBytes + $1.toastBytes) } / rows
            free = filled.reduce(0) { $0 + Double($1.freeBytes ?? 0) } / rows
            index = filled.reduce(0) { $0 + max(0, Double($1.indexBytes) - 16384 * Double($1.indexCount)) } / rows
            overheadOfPartition = filled.reduce(0) { $0 + InstanceProjection.overhead($1) } / Double(filled.count)
        }
    }

    /// Rows that visits to come add to what was measured, or what of all rows is left where the retention has begun.
    func grown(
        _ name: String, _ place: Projection.Place, _ relations: [SizingMeasurement.Relation], rows: Projection.Range,
        widths: Projection.Range = Projection.Range(1),
        newPartitions: Double = 0, basis: String
    ) -> Projection.Component {
        let now = relations.reduce(0.0) { $0 + Double($1.bytes) }
        let slopes = Slopes(relations)
        let more = Projection.Range(low: rows.low - slopes.rows, expected: rows.expected - slopes.rows, high: rows.high - slopes.rows)
        let perRow = Projection.Range(
            low: (slopes.heap - slopes.free) * widths.low + slopes.index * 0.85, expected: slopes.heap * widths.expected + slopes.index,
            high: (slopes.heap + slopes.free) * widths.high + slopes.index * 1.15)
        let partitions = newPartitions * slopes.overheadOfPartition
        func at(_ more: Double, _ perRow: Double) -> Double { max(0, now + more * perRow + partitions) }
        let indexNow = relations.reduce(0.0) { $0 + Double($1.indexBytes) }
        return Projection.Component(
            name, place, rows: max(0, rows.expected),
            bytes: Projection.Range(
                low: at(more.low, perRow.low), expected: at(more.expected, perRow.expected), high: at(more.high, perRow.high)),
            indexBytes: max(0, indexNow + more.expected * slopes.index),
            origin: more.expected == 0 ? .measured : .projectedFromMeasured,
            basis: slopes.isEmpty
                ? "no rows so far"
                : String(
                    format: "%.1f bytes a row of %.0f rows measured, %.1f of them indexes; %@", slopes.all, slopes.rows, slopes.index, basis
                ))
    }

    /// Tables in partitions of time.
    func timed(_ table: String, _ total: Double, _ count: (SizingMeasurement.Visit) -> Int64) -> Projection.Component {
        let relations = measurement.relations(of: table)
        let rate = rate(count)
        let measured = relations.reduce(0.0) { $0 + Double($1.rows) }
        let kept = kept(total)
        let expected = kept < total ? rate.mean * kept : measured + rate.mean * (total - Double(visits.count))
        let partitions = relations.contains { $0.partition != nil } ? partitions(kept) - Double(relations.count { $0.rows > 0 }) : 0
        let spread = rate.spread * abs(expected - measured)
        return grown(
            table, .apdb, relations, rows: Projection.Range(low: expected - spread, expected: expected, high: expected + spread),
            newPartitions: expected > 0 ? max(0, partitions) : 0, basis: String(format: "%.1f rows a visit", rate.mean))
    }

    /// New objects after the visits so far: by the law, and at the rate of the last quarter.
    func objects(_ total: Double) -> Projection.Range {
        let stored = visits.reduce(0.0) { $0 + Double($1.diaObjectsNew) }
        let by = objects.total(total) - objects.total(Double(visits.count))
        let last = visits.suffix(max(1, visits.count / 4))
        let rate = last.reduce(0.0) { $0 + Double($1.diaObjectsNew) } / Double(last.count)
        let straight = rate * (total - Double(visits.count))
        return Projection.Range(low: stored + min(by, straight), expected: stored + by, high: stored + max(by, straight))
    }

    /// Versions of objects: the open ones grow with the objects, the closed ones with what is left of the detections.
    func versions(_ total: Double) -> Projection.Component {
        let relations = measurement.relations(of: "DiaObject")
        let open = relations.filter { $0.partition == "DiaObject_open" }
        let closed = relations.filter { $0.partition != "DiaObject_open" }
        let objects = objects(total)
        let rate = rate { $0.versions }
        let all = visits.reduce(0.0) { $0 + Double($1.versions) } + rate.mean * (total - Double(visits.count))
        let kept = kept(total)
        let closedRows = max(0, all - objects.expected) * (kept / total)
        let spread = rate.spread * closedRows
        let widths = widths(total)
        let basis = String(format: "%.1f versions a visit, %.2f times as wide as so far", rate.mean, widths.expected)
        let first = grown("open", .apdb, open, rows: objects, widths: widths, basis: basis)
        let second = grown(
            "closed", .apdb, closed,
            rows: Projection.Range(low: closedRows - spread, expected: closedRows, high: closedRows + spread), widths: widths, basis: basis)
        return Projection.Component(
            "DiaObject", .apdb, rows: first.rows + second.rows, bytes: first.bytes + second.bytes,
            indexBytes: first.indexBytes + second.indexBytes, origin: total > Double(visits.count) ? .projectedFromMeasured : .measured,
            basis: "open: \(first.basis); closed: \(second.basis)")
    }

    /// Width of versions to come over that of those that are there.
    private func widths(_ total: Double) -> Projection.Range {
        let place = Dictionary(visits.enumerated().map { ($1.night, $0) }) { first, _ in first }
        var byVisit: [(value: Double, weight: Double)] = visits.map { _ in (0, 0) }
        for width in measurement.versionWidths {
            if let first = place[width.night] { byVisit[first] = (width.width, Double(width.rows)) }
        }
        let known = byVisit.reduce((sum: 0.0, weight: 0.0)) { ($0.sum + $1.value * $1.weight, $0.weight + $1.weight) }
        guard known.weight > 0, total > Double(visits.count) else { return Projection.Range(1) }
        let trend = TrendLaw(.logarithmic, fitting: byVisit)
        let middle = (Double(visits.count) + total) / 2
        let wider = max(1, trend.value(middle) / (known.sum / known.weight))
        return Projection.Range(low: 1, expected: wider, high: 2 * wider - 1)
    }

    func latest(_ total: Double) -> Projection.Component {
        grown(
            "DiaObjectLast", .apdb, measurement.relations(of: "DiaObjectLast"), rows: objects(total),
            basis: String(
                format: "new objects by a law fitted to the visits: %.1f a visit by chance and %.0f of the sky's, seen within %.0f visits",
                objects.chancePerVisit, objects.reservoir, objects.scaleVisits))
    }

    /// Tables with as many rows a visit as so far.
    func perVisit(_ table: String, _ place: Projection.Place, _ total: Double) -> Projection.Component {
        let relations = measurement.relations(of: table)
        let rows = relations.reduce(0.0) { $0 + Double($1.rows) } * total / Double(visits.count)
        let more = 0.1 * (rows - relations.reduce(0.0) { $0 + Double($1.rows) })
        return grown(
            table, place, relations, rows: Projection.Range(low: rows - more, expected: rows, high: rows + more),
            basis: "as many rows a visit as so far")
    }

    /// Tables that visits do not add to.
    func others(known: Set<String>) -> [Projection.Component] {
        let rest = measurement.relations.filter { !known.contains($0.table) }
        return [
            Projection.Component(
                "other tables", .apdb, rows: rest.reduce(0) { $0 + Double($1.rows) },
                bytes: Projection.Range(rest.reduce(0) { $0 + Double($1.bytes) }),
                indexBytes: rest.reduce(0) { $0 + Double($1.indexBytes) }, origin: .measured, basis: "as they are now")
        ]
    }
}
