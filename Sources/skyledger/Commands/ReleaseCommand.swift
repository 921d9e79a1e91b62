import ArgumentParser

struct ReleaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Replacement of all Level-1 data at a data release.", subcommands: [ReleasePlanCommand.self, ReleaseCheckCommand.self])
}
