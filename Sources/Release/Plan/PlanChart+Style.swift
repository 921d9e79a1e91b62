/// What the chart is written with: colours, the scale of time, numbers and text.
extension PlanChart {
    static let style = """
        <style>
        svg { color-scheme: light dark; --page: #ffffff; --ink: #1d2530; --faint: #d9dee5; --soft: #6a7482; --bar: #7fa6d6; --moment: #34557f;
          --good: #3d8f5f; --bad: #c4473a; --now: #a0670a; }
        @media (prefers-color-scheme: dark) { svg { --page: #14181e; --ink: #e4e9ef; --faint: #303843; --soft: #9aa5b3; --bar: #456a99;
          --moment: #a9c7ee; --good: #63bd88; --bad: #ef7c70; --now: #e0a84e; } }
        .page { fill: var(--page); }
        text { font: 12px system-ui, sans-serif; fill: var(--ink); }
        .head { font-size: 15px; font-weight: 600; }
        .tick { fill: var(--soft); text-anchor: middle; font-size: 11px; }
        .note { fill: var(--soft); font-size: 11px; }
        .now { fill: var(--now); text-anchor: middle; font-size: 11px; }
        .grid { stroke: var(--faint); stroke-width: 1; }
        .planned { fill: var(--bar); }
        .moment { fill: var(--moment); }
        .actual { fill: var(--good); }
        .late { fill: var(--bad); }
        .projected { opacity: 0.55; }
        .arrow { fill: none; stroke: var(--soft); stroke-width: 1.2; }
        .today { stroke: var(--now); stroke-width: 1.5; stroke-dasharray: 4 3; }
        </style>
        """

    /// Days to the right.
    struct Scale: Sendable {
        let from: PlanDate
        let days: Int

        init(from: PlanDate, to: PlanDate) {
            self.from = from
            days = max(1, to - from)
        }

        func x(_ date: PlanDate) -> Double {
            PlanChart.margin + PlanChart.labelWidth + Double(date - from) / Double(days) * PlanChart.chartWidth
        }

        /// First days of months, so many months apart that they are at most 14.
        var ticks: [PlanDate] {
            let (year, month, _) = from.calendar
            let months = days / 28 + 1
            let step = [1, 2, 3, 6, 12, 24, 60, 120].first { months / $0 <= 13 } ?? 240
            var out: [PlanDate] = []
            var place = year * 12 + (month - 1) / step * step
            while true {
                let date = PlanDate(year: place / 12, month: place % 12 + 1, day: 1)
                if date > from + days { return out }
                if date >= from { out.append(date) }
                place += step
            }
        }
    }

    /// Tenths are enough for a picture.
    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    static func points(_ points: [(Double, Double)]) -> String { points.map { "\(number($0.0)),\(number($0.1))" }.joined(separator: " ") }

    /// Text for XML 1.0: what it forbids is left out.
    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "\t", "\n", "\r": out += " "
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: continue
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
