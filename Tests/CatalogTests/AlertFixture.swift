import Alerts
import Catalog
import Columns
import Foundation
import Ingest
import TestSupport

/// What tests of alerts ask of an instance.
extension TestInstance {
    /// Alerts of the ledger by kind.
    func alerts(_ kind: AlertKind = .visit) throws -> [Int64] {
        try connection().query("SELECT \"alertId\" FROM ledger.\"Alert\" WHERE \"kind\" = $1 ORDER BY 1", [.text(kind.rawValue)])[
            "alertId"]?
            .int64s ?? []
    }

    /// An alert's packet, decoded by the ledger's schema.
    func packet(_ alertId: Int64) throws -> AvroValue {
        let reader = LedgerReader(try connection(.reader))
        guard let (entry, packet) = try reader.alert(alertId) else { throw NoSuchAlert(alertId: alertId) }
        return try LedgerPackets(LedgerRegistry(connection(.reader))).value(entry, packet)
    }

    struct NoSuchAlert: Error { var alertId: Int64 }

    /// Holds alerts against the tables by tools/golden/alert_packets.py.
    /// - Returns: what it compared.
    func comparePackets(_ count: Int, seed: Int = 20_261_121) throws -> String {
        try GoldenScript.run("alert_packets.py", [instance.cluster!.socketDirectory, "\(count)", "\(seed)"])
    }

    /// A verification of the whole ledger with the visit tables as witness.
    func ledgerReport() throws -> LedgerVerification.Report {
        let witness = try LedgerWitness.allGenerations(on: connection())
        let instance = instance
        return try LedgerVerification { try instance.connect(as: .reader) }.run(.init(witness: witness))
    }

    /// Loads with what a test chooses.
    @discardableResult
    func loadAlerts(_ paths: [String], _ change: (inout LoadTask.Options) -> Void = { _ in }) throws -> LoadTask.Summary {
        var options = LoadTask.Options()
        options.clock = .visit
        options.alertSchemas = try AlertSchemaFolder(PackageFolder.dependencies.appendingPathComponent("schema/alerts").path)
        change(&options)
        return try LoadTask(instance: instance, options: options).run(paths.map(LoadInput.init(path:)))
    }
}

extension LoadTask.Options {
    static var withoutAlerts: LoadTask.Options {
        var options = LoadTask.Options()
        options.issuesAlerts = false
        return options
    }
}
