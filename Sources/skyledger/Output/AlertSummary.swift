import Alerts
import Foundation
import Schema

/// What an alert is, for eyes.
struct AlertSummary {
    private let entry: LedgerEntry
    private let packet: AvroValue
    private let schemaName: String

    init(_ entry: LedgerEntry, _ packet: AvroValue, schemaName: String) {
        self.entry = entry
        self.packet = packet
        self.schemaName = schemaName
    }

    var text: String {
        let alert = entry.alert
        var lines: [(String, String)] = []
        func add(_ name: String, _ value: String?) { if let value { lines.append((name, value)) } }
        let isForeign = ForeignImport.isForeign(entry.key)
        add(isForeign ? "imported" : "issued", Self.time(entry.issuedMjdTai) + (alert.isLate ? ", late" : ""))
        add("queried", alert.queriedMjdTai.map(Self.time))
        add("observed", PacketFacts(packet).midpointMjdTai.map(Self.time))
        add("position", String(format: "ra %.7f  dec %+.7f degrees (pixel %lld)", alert.ra, alert.dec, alert.pixelId))
        add("diaSource", alert.diaSourceId.map { "\($0)" })
        add("diaObject", alert.diaObjectId.map { "\($0)" } ?? packet["objectId"]?.text)
        add("ssObject", alert.ssObjectId.map { "\($0)" })
        add("flux", PacketFacts(packet).brightness)
        for (name, size) in PacketFacts(packet).histories { add(name, size.map { "\($0) rows" } ?? "none") }
        for stamp in PacketStamps(packet).stamps { add("cutout", "\(stamp.fileSuffix), \(stamp.bytes.count) bytes") }
        add("schema", "\(schemaName) (number \(alert.schemaId))")
        add("visit", isForeign ? nil : "\(entry.key.visit) detector \(entry.key.detector) generation \(entry.key.generation)")
        add("batch", "\(entry.batchId) (\(entry.key.kind)), place \(entry.place)")
        add("packet", "\(entry.sizeBytes) bytes, SHA-256 \(LedgerReceipt.hexadecimal(entry.sha256))")
        let width = lines.map(\.0.count).max() ?? 0
        let body = lines.map { "  " + $0.0.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $0.1 }
        return "alert \(alert.alertId)\n" + body.joined(separator: "\n") + "\n"
    }

    /// "MJD TAI 61253.250000 (2026-08-01 05:59:23 UTC)".
    private static func time(_ mjdTai: Double) -> String {
        guard let microseconds = ModifiedJulianDate.microseconds(tai: mjdTai, scale: .utc) else { return "MJD TAI \(mjdTai)" }
        let form = DateFormatter()
        form.locale = Locale(identifier: "en_US_POSIX")
        form.timeZone = TimeZone(identifier: "UTC")
        form.dateFormat = "yyyy-MM-dd HH:mm:ss"
        let date = form.string(from: Date(timeIntervalSince1970: Double(microseconds) / 1e6))
        return String(format: "MJD TAI %.6f (%@ UTC)", mjdTai, date)
    }
}
