import ArgumentParser

struct ReleaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Replacement of all Level-1 data at a data release.",
        discussion: """
            A release fills a generation of its own beside the current one, while nights go on, and then takes its place:
              skyledger release begin DR1 --cutoff 61400 --schema apdb-v11.yaml
              skyledger release load DR1 /data/reprocessed
              skyledger release catch-up DR1
              skyledger release join DR1
              skyledger release crosswalk DR1
              skyledger release check DR1 --html check.html
              skyledger release publish DR1
            A publication is taken back by `release rollback` while the former generation is there; `release retire` removes it.
            """,
        subcommands: [
            ReleaseBegin.self,
            ReleaseLoad.self,
            ReleaseCatchUp.self,
            ReleaseJoin.self,
            ReleaseCrosswalkCommand.self,
            ReleaseCheckCommand.self,
            ReleasePublish.self,
            ReleaseRollback.self,
            ReleaseRetire.self,
            ReleaseAbandon.self,
            ReleaseStatus.self,
            ReleaseTraceCommand.self,
            ReleaseAttachLevel2.self,
            ReleaseDetachLevel2.self,
            ReleasePlanCommand.self,
        ])
}
