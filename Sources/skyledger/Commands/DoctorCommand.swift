import ArgumentParser
import Catalog

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "What is wrong with an instance or the machine.",
        discussion: "Every check is a sentence that must hold. Exit code 1 where one does not. Example: skyledger doctor --instance sky")

    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let findings = try Doctor(Instance.unstarted(instance.directory)).run()
        for finding in findings {
            print("\(finding.faults.isEmpty ? "ok   " : "FAULT") \(finding.check)")
            for fault in finding.faults.prefix(10) { print("      \(fault)") }
            if finding.faults.count > 10 { print("      and \(finding.faults.count - 10) more") }
        }
        if findings.contains(where: { !$0.faults.isEmpty }) { throw ExitCode(1) }
    }
}
