import ArgumentParser
import Catalog
import Schema

struct SchemaMigrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring a populated instance to a newer schema document, in one transaction.",
        discussion: "Example: skyledger schema migrate apdb-v10.yaml --dry-run")

    @Argument(help: "The newer Felis YAML file.") var new: String
    @Flag(help: "Print the plan and what would be lost, and do nothing.") var dryRun = false
    @Option(help: "ccdVisitId = visit x factor + detector, in documents before 1.0.0.") var ccdVisitIdFactor: Int64 = 100
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        guard ccdVisitIdFactor > 0 else { throw RequestError("--ccd-visit-id-factor must be more than 0") }
        let instance = try instance.open()
        var migration = try SchemaMigration(instance: instance, path: new)
        migration.options = MigrationOptions(ccdVisitIdFactor: ccdVisitIdFactor)
        let plan = try migration.plan(on: instance.connect(as: .reader))
        if dryRun {
            print(plan.text)
        } else {
            try migration.run(progress: { remark($0) })
            print("migrated to \(migration.newDocument.label)")
        }
        if !plan.losses.isEmpty { print("\(dryRun ? "would be lost" : "lost"): \(plan.losses.joined(separator: ", "))") }
    }
}
