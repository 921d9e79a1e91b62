import ArgumentParser
import Catalog
import Foundation

struct ReleaseAbandon: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abandon", abstract: "Give a release up: its generation is removed, the current one stays as it is.",
        discussion: """
            A published release must be rolled back first. It can be interrupted and repeated.
            Example: skyledger release abandon DR1
            """)

    @Argument(help: "The release's name.") var name: String
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let bar = ProgressBar("tables")
        let interruption = Interruption("stopping after this table; run the same command again to finish")
        let isWhole = try ReleaseAbandonment(instance: instance.open()).run(name) { done, all in
            bar.update(done: done, total: all)
            return !interruption.isRequested
        }
        bar.end()
        guard isWhole else { throw ExitCode(130) }
        print("release \(name) is abandoned: its generation is removed")
    }
}
