/// A plan as a chart in SVG: a row a step, time to the right, what was planned as a bar, what was and what is projected as a thin one
/// below, and an arrow from each step to those that come after it. It needs no other file, and its colours follow the reader's light or
/// dark scheme.
///
/// Each step is a group with the dates as attributes (`data-release`, `data-step`, `data-start`, `data-end`, `data-days`, `data-late-
/// days`).
public struct PlanChart: Sendable {
    private let releases: [(name: String, piece: String?, rows: [PlanStanding.Row])]
    private let today: PlanDate?
    private let scale: Scale

    static let labelWidth = 360.0
    static let noteOffset = 178.0
    static let chartWidth = 900.0
    static let rowHeight = 30.0
    static let headHeight = 34.0
    static let margin = 16.0

    /// - Parameter showsToday: whether states count: a line at the day of the standing, and thin bars. Without, the chart is the plan
    ///   alone.
    public init(_ standing: PlanStanding, showsToday: Bool) {
        var groups: [(name: String, piece: String?, rows: [PlanStanding.Row])] = []
        for row in standing.rows {
            if groups.last?.name == row.release {
                groups[groups.count - 1].rows.append(row)
            } else {
                groups.append((row.release, row.piece, [row]))
            }
        }
        releases = groups
        today = showsToday ? standing.today : nil
        var dates = standing.rows.flatMap { [$0.planned.start, $0.planned.end] }
        if showsToday { dates += standing.rows.flatMap { [$0.start, $0.end] } + [standing.today] }
        scale = Scale(from: dates.min() ?? standing.today, to: dates.max() ?? standing.today)
    }

    /// The document, UTF-8.
    public var svg: String {
        let height =
            Self.margin * 2 + Double(releases.reduce(0) { $0 + $1.rows.count }) * Self.rowHeight + Double(releases.count) * Self.headHeight
            + 26
        let width = Self.margin * 2 + Self.labelWidth + Self.chartWidth + 24
        let names = releases.map(\.name).joined(separator: ", ")
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\" "
                + "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\" role=\"img\">",
            "<title>Plan of \(Self.escaped(names))</title>",
            "<desc>Steps of each release with their dates, and which come after which.</desc>", Self.style,
            "<rect class=\"page\" width=\"100%\" height=\"100%\"/>",
        ]
        lines += months(bottom: height - Self.margin - 20)
        var top = Self.margin
        for release in releases {
            lines.append(
                "<text class=\"head\" x=\"\(Self.number(Self.margin))\" y=\"\(Self.number(top + 22))\">\(Self.escaped(release.name))"
                    + (release.piece.map { ": \(Self.escaped($0))" } ?? "") + "</text>"
            )
            top += Self.headHeight
            lines += arrows(release.rows, top: top)
            for (k, row) in release.rows.enumerated() { lines += bar(row, top: top + Double(k) * Self.rowHeight) }
            top += Double(release.rows.count) * Self.rowHeight
        }
        if let today {
            lines.append(todayLine(today, bottom: height - Self.margin - 20))
            lines.append(
                "<text class=\"note\" x=\"\(Self.number(Self.margin + 8))\" y=\"\(Self.number(height - Self.margin - 4))\">"
                    + "below each bar: what was, paler what is projected, red where late</text>")
        }
        lines.append("</svg>")
        return lines.joined(separator: "\n") + "\n"
    }

    private func months(bottom: Double) -> [String] {
        scale.ticks.flatMap { tick in
            let x = Self.number(scale.x(tick))
            return [
                "<line class=\"grid\" x1=\"\(x)\" y1=\"\(Self.number(Self.margin))\" x2=\"\(x)\" y2=\"\(Self.number(bottom))\"/>",
                "<text class=\"tick\" x=\"\(x)\" y=\"\(Self.number(bottom + 16))\">\(tick.description.prefix(7))</text>",
            ]
        }
    }

    private func bar(_ row: PlanStanding.Row, top: Double) -> [String] {
        let step = row.planned
        let (x0, x1) = (scale.x(step.start), scale.x(step.end))
        let middle = top + 11
        let dates = step.step.isMoment ? step.start.description : "\(step.start) to \(step.end), \(step.days) days"
        var hint = "\(step.step.rawValue): planned \(dates)"
        var late = ""
        if today != nil {
            hint +=
                "; \(row.isReady ? "ready" : row.state.rawValue), \(row.isEndMeasured ? "measured" : "projected") \(row.start) to \(row.end)"
            late = " data-late-days=\"\(row.lateDays)\""
        }
        var out = [
            "<g class=\"step \(row.state.rawValue)\" data-release=\"\(Self.escaped(row.release))\" data-step=\"\(step.step.rawValue)\" "
                + "data-start=\"\(step.start)\" data-end=\"\(step.end)\" data-days=\"\(step.days)\"\(late)>",
            "<title>\(hint)</title>",
            "<text class=\"name\" x=\"\(Self.number(Self.margin + 8))\" y=\"\(Self.number(middle + 4))\">\(step.step.rawValue)</text>",
        ]
        if step.step.isMoment {
            let points = [(x0, middle - 8), (x0 + 8, middle), (x0, middle + 8), (x0 - 8, middle)]
            out.append("<polygon class=\"moment\" points=\"\(Self.points(points))\"/>")
        } else {
            out.append(
                "<rect class=\"planned\" x=\"\(Self.number(x0))\" y=\"\(Self.number(middle - 7))\" width=\"\(Self.number(max(2, x1 - x0)))\" "
                    + "height=\"14\" rx=\"3\"/>")
        }
        if today != nil {
            let (a, b) = (scale.x(row.start), scale.x(row.end))
            let kind = row.lateDays > 0 ? "late" : "actual"
            out.append(
                "<rect class=\"\(kind)\(row.isEndMeasured ? "" : " projected")\" x=\"\(Self.number(a))\" y=\"\(Self.number(middle + 9))\" "
                    + "width=\"\(Self.number(max(3, b - a)))\" height=\"4\"/>")
        }
        let days = step.step.isMoment ? "" : ", \(step.days) d"
        let delay = row.lateDays > 0 ? ", \(row.lateDays) d late" : row.lateDays < 0 ? ", \(-row.lateDays) d early" : ""
        out.append(
            "<text class=\"note\" x=\"\(Self.number(Self.margin + Self.noteOffset))\" y=\"\(Self.number(middle + 4))\">"
                + "\(step.start)\(days)\(today == nil ? "" : delay)</text>")
        out.append("</g>")
        return out
    }

    /// From the end of each step down to the start of those that come after it.
    private func arrows(_ rows: [PlanStanding.Row], top: Double) -> [String] {
        var out: [String] = []
        for (k, row) in rows.enumerated() {
            for earlier in row.planned.predecessors {
                guard let j = rows.firstIndex(where: { $0.planned.step == earlier }) else { continue }
                let from = (scale.x(rows[j].planned.end), top + Double(j) * Self.rowHeight + 11)
                let to = (scale.x(row.planned.start), top + Double(k) * Self.rowHeight + (k > j ? 3.0 : 19.0))
                let path = "M\(Self.number(from.0)) \(Self.number(from.1)) H\(Self.number(to.0)) V\(Self.number(to.1))"
                let tip = k > j ? -5.0 : 5.0
                let head = [(to.0 - 3.5, to.1 + tip), (to.0, to.1), (to.0 + 3.5, to.1 + tip)]
                out.append(
                    "<path class=\"arrow\" data-from=\"\(earlier.rawValue)\" data-to=\"\(row.planned.step.rawValue)\" d=\"\(path)\"/>")
                out.append("<polyline class=\"arrow\" points=\"\(Self.points(head))\"/>")
            }
        }
        return out
    }

    private func todayLine(_ today: PlanDate, bottom: Double) -> String {
        let x = Self.number(scale.x(today))
        return
            "<g data-today=\"\(today)\"><title>\(today)</title><line class=\"today\" x1=\"\(x)\" y1=\"\(Self.number(Self.margin))\" x2=\"\(x)\" "
            + "y2=\"\(Self.number(bottom))\"/><text class=\"now\" x=\"\(x)\" y=\"\(Self.number(Self.margin - 3))\">\(today)</text></g>"
    }
}
