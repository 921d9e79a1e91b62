import Alerts
import ArgumentParser
import Catalog
import Foundation
import Postgres

struct AlertsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts", abstract: "The ledger of alerts: what was issued, as it was issued.",
        discussion: """
            skyledger alerts list --night 2026-08-01
            skyledger alerts get 170032933619892227 --cutouts stamps
            skyledger alerts verify --receipt last.receipt --save-receipt last.receipt
            """,
        subcommands: [
            AlertsGet.self, AlertsList.self, AlertsTrace.self, AlertsVerify.self, AlertsExport.self, AlertsInspect.self,
            AlertsImport.self, AlertsSchemas.self, AlertsDictionary.self, AlertsCutout.self, AlertsPublish.self,
        ])
}

/// What commands that read the ledger need of the instance.
struct LedgerAccess {
    let instance: Instance
    let connection: Connection
    let reader: LedgerReader
    let packets: LedgerPackets

    init(_ options: InstanceOptions) throws {
        instance = try options.open()
        connection = try instance.connect(as: .reader)
        reader = LedgerReader(connection)
        packets = LedgerPackets(LedgerRegistry(connection))
    }

    /// The alert of a number.
    /// - Throws: `NoAlert`
    func alert(_ alertId: Int64) throws -> (entry: LedgerEntry, packet: [UInt8]) {
        guard let found = try reader.alert(alertId) else { throw NoAlert(alertId: alertId) }
        return found
    }
}

/// An alert that was asked for and never issued: the work cannot be done (exit code 1).
struct NoAlert: Error, CustomStringConvertible {
    var alertId: Int64

    var description: String {
        "no alert \(alertId) was issued by this instance: `skyledger alerts list` shows those that were"
    }
}
