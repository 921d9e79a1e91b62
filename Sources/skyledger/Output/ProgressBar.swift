import Foundation

/// A line on standard error that shows how far a run is, how fast, and how long it will take; silent where that is no terminal.
final class ProgressBar {
    private let what: String
    private let started = Date()
    private var drawn = Date.distantPast
    private let isShown = isatty(2) == 1

    /// - Parameter what: what is counted, in the plural ("visits").
    init(_ what: String) { self.what = what }

    func update(done: Int, total: Int, note: String = "") {
        guard isShown, Date().timeIntervalSince(drawn) > 0.1 || done == total else { return }
        drawn = Date()
        let seconds = max(drawn.timeIntervalSince(started), 1e-3)
        let rate = Double(done) / seconds
        let left = rate > 0 ? Double(max(total - done, 0)) / rate : 0
        let filled = total > 0 ? min(30, 30 * done / total) : 0
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
        let line = String(format: "\r[%@] %d/%d %@  %.1f/s  %@ left  %@\u{1B}[K", bar, done, total, what, rate, Self.duration(left), note)
        FileHandle.standardError.write(Data(line.utf8))
    }

    /// Says what goes on between two steps.
    func note(_ text: String) {
        guard isShown, Date().timeIntervalSince(drawn) > 0.1 else { return }
        drawn = Date()
        FileHandle.standardError.write(Data("\r\(text)\u{1B}[K".utf8))
    }

    func end() { if isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) } }

    static func duration(_ seconds: Double) -> String {
        if seconds < 60 { return String(format: "%.0f s", seconds) }
        return seconds < 3600 ? String(format: "%.0f min", seconds / 60) : String(format: "%.1f h", seconds / 3600)
    }
}

/// A remark for the person at the terminal; standard output stays for results.
func remark(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
