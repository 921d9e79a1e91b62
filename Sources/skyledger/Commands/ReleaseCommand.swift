import ArgumentParser

struct ReleaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Replacement of all Level-1 data at a data release.",
        subcommands: [
            ReleasePlanCommand.self, ReleaseBegin.self, ReleaseLoad.self, ReleaseCatchUp.self, ReleaseJoin.self, ReleaseCrosswalkCommand.self,
            ReleaseCheckCommand.self, ReleasePublish.self, ReleaseRollback.self, ReleaseRetire.self, ReleaseAbandon.self, ReleaseStatus.self,
            ReleaseTraceCommand.self,
        ])
}
