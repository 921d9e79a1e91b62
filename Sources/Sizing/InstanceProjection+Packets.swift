import Foundation

/// Alerts, the long-term database and files.
extension InstanceProjection {
    /// The ledger's alerts: for ever, with packets that grow with the histories in them.
    func alerts(_ total: Double) -> Projection.Component {
        let relations = measurement.relations(of: "Alert")
        let now = relations.reduce(0.0) { $0 + Double($1.bytes) }
        let slopes = Slopes(relations)
        let rate = rate { $0.alerts }
        let stored = visits.reduce(0.0) { $0 + Double($1.packetStoredBytes) }
        guard slopes.rows > 0 else {
            return Projection.Component(
                "Alert", .ledger, rows: 0, bytes: Projection.Range(now), origin: .measured, basis: "no alerts so far")
        }
        let more = max(0, total - Double(visits.count))
        // A row without its packet.
        let bare = max(0, slopes.all - stored / slopes.rows)
        let packets = packetTrend
        let mean = (1...32).reduce(0.0) { $0 + packets(Double(visits.count) + more * (Double($1) - 0.5) / 32) } / 32
        let flat = packets(Double(visits.count))
        let straight =
            (1...32).reduce(0.0) { sum, i in
                let at = Double(visits.count) + more * (Double(i) - 0.5) / 32
                return sum + rawTrend.value(at) * (flat / max(1, rawTrend.value(Double(visits.count))))
            } / 32
        let rows = rate.mean * more
        return Projection.Component(
            "Alert", .ledger, rows: slopes.rows + rows,
            bytes: Projection.Range(
                low: now + rows * (1 - rate.spread) * (bare + min(flat, mean)), expected: now + rows * (bare + mean),
                high: now + rows * (1 + rate.spread) * (bare + max(mean, straight))),
            indexBytes: relations.reduce(0) { $0 + Double($1.indexBytes) } + rows * slopes.index,
            origin: more > 0 ? .projectedFromMeasured : .measured,
            basis: String(
                format:
                    "%.1f alerts a visit, %.0f bytes a row without packet, %.0f bytes a compressed packet by the growth of the packets so far",
                rate.mean, bare, mean))
    }

    /// Bytes of a packet before compression by the number of the visit.
    var rawTrend: TrendLaw {
        TrendLaw(
            .linear,
            fitting: visits.map { visit in
                visit.alerts > 0 ? (Double(visit.packetBytes) / Double(visit.alerts), Double(visit.alerts)) : (0, 0)
            }, lastVisit: daysPerVisit > 0 ? max(Double(visits.count), options.historyMonths * Self.partitionDays / daysPerVisit) : nil)
    }

    /// Bytes of a packet after compression: a power of those before, as fitted, for longer packets repeat themselves more.
    private var packetTrend: (Double) -> Double {
        let raw = rawTrend
        let seen = visits.filter { $0.alerts > 0 && $0.packetBytes > 0 && $0.packetStoredBytes > 0 }
        let points = seen.map { visit in
            (
                x: log(Double(visit.packetBytes) / Double(visit.alerts)), y: log(Double(visit.packetStoredBytes) / Double(visit.alerts)),
                weight: Double(visit.alerts)
            )
        }
        let weight = points.reduce(0) { $0 + $1.weight }
        guard weight > 0 else { return { _ in 0 } }
        let mx = points.reduce(0) { $0 + $1.weight * $1.x } / weight
        let my = points.reduce(0) { $0 + $1.weight * $1.y } / weight
        let sxx = points.reduce(0) { $0 + $1.weight * ($1.x - mx) * ($1.x - mx) }
        let sxy = points.reduce(0) { $0 + $1.weight * ($1.x - mx) * ($1.y - my) }
        let power = sxx > 1e-6 * weight ? min(1, max(0, sxy / sxx)) : 1
        return { visit in exp(my + power * (log(max(1, raw.value(visit))) - mx)) }
    }

    /// The long-term database: all sources, forced sources and versions for ever, at the bytes a row that they take here.
    func ppdb(_ total: Double) -> Projection.Component {
        let unbounded = try? InstanceProjection(measurement, options: Options(historyMonths: options.historyMonths))
        let parts =
            unbounded.map {
                [
                    $0.timed("DiaSource", total) { $0.diaSources }, $0.timed("DiaForcedSource", total) { $0.diaForcedSources },
                    $0.versions(total),
                ]
            } ?? []
        return Projection.Component(
            "PPDB", .ppdb, rows: parts.reduce(0) { $0 + $1.rows }, bytes: parts.reduce(Projection.Range(0)) { $0 + $1.bytes },
            indexBytes: parts.reduce(0) { $0 + $1.indexBytes }, origin: .projectedFromMeasured,
            basis: "all sources, forced sources and versions, at the bytes a row that they take in the APDB")
    }

    /// Images as they are, and the write-ahead log up to the server's limit.
    func files() -> [Projection.Component] {
        let server = measurement.server
        var out = [
            Projection.Component(
                "write-ahead log", .files, rows: 0,
                bytes: Projection.Range(
                    low: Double(server.walBytes ?? 0), expected: Double(max(server.walLimitBytes, server.walBytes ?? 0)),
                    high: 1.5 * Double(max(server.walLimitBytes, server.walBytes ?? 0))), origin: .projectedFromMeasured,
                basis: "the server's max_wal_size; measured now: \(server.walBytes.map { "\($0) bytes" } ?? "not visible from here")")
        ]
        if let images = measurement.images {
            out.append(
                Projection.Component(
                    "images", .files, rows: images.reduce(0) { $0 + Double($1.files) },
                    bytes: Projection.Range(images.reduce(0) { $0 + Double($1.bytes) }), origin: .measured,
                    basis: "the image cache as it is now: as many files expire as come"))
        }
        return out
    }
}
