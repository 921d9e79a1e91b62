import ArgumentParser
import Catalog

struct StopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stop an instance's private server; the next command that needs it starts it again.",
        discussion: "Example: skyledger stop --instance sky")

    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try Instance.unstarted(instance.directory)
        guard let cluster = instance.cluster else {
            throw RequestError("the instance uses the server \(instance.configuration.databaseURL ?? ""), which is not its own to stop")
        }
        let wasRunning = cluster.isRunning
        try cluster.stop()
        print(wasRunning ? "stopped" : "it was not running")
    }
}
