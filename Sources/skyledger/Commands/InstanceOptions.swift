import ArgumentParser
import Catalog
import Foundation

/// Where the instance is.
struct InstanceOptions: ParsableArguments {
    @Option(help: "The instance's directory (default: SKYLEDGER_INSTANCE, else ./sky).")
    var instance: String?

    var directory: String { instance ?? ProcessInfo.processInfo.environment["SKYLEDGER_INSTANCE"] ?? "sky" }

    /// Whether somebody said which.
    var isNamed: Bool { instance != nil || ProcessInfo.processInfo.environment["SKYLEDGER_INSTANCE"] != nil }

    func open() throws -> Instance { try Instance.open(directory) }
}
