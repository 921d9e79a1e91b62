import ArgumentParser
import Catalog
import Foundation
import Ppdb
import Release

struct ReleasePublish: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Put the release's generation in the place of the current one.",
        discussion: """
            In one transaction: queries that run keep the generation that they began with, later ones see the new one, and nobody waits. The
            release must be joined, lack nothing, and have a passing report of its present state (`release check`), or a failing one that is
            accepted by its hash. PPDBs follow at once where they can, else with their next export. `release rollback` takes it back.
            Example: skyledger release publish dr2
            """)

    @Argument(help: "The release.") var name: String
    @Option(help: "The hash of a report of the present state that fails and is accepted; its first 8 digits will do.") var accept: String?
    @Option(help: "table or json.") var format: SummaryFormat = .table
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        let publication = try Publication(instance)
        do {
            try SwapOutput.print(publication.run(name, accepting: accept), PpdbFollowing.run(instance), format)
        } catch let error as ReleaseError {
            // A publication that was killed after its commit leaves this to the next.
            for following in PpdbFollowing.run(instance) where following.waitsFor != nil { remark(following.sentence) }
            throw error
        }
    }
}

struct ReleaseRollback: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Put the former generation back in its place.",
        discussion: """
            As a publication, the other way. Visits that were stored since are in the release's generation and wait for the other one:
            `release catch-up` brings them, then `release join` and `release publish` can be run again.
            Example: skyledger release rollback dr2
            """)

    @Argument(help: "The release.") var name: String
    @Option(help: "table or json.") var format: SummaryFormat = .table
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        let rollback = try Rollback(instance)
        do {
            try SwapOutput.print(rollback.run(name), PpdbFollowing.run(instance), format)
        } catch let error as ReleaseError {
            for following in PpdbFollowing.run(instance) where following.waitsFor != nil { remark(following.sentence) }
            throw error
        }
    }
}

enum SwapOutput {
    private struct Output: Encodable {
        var swap: SwapRecord
        var ppdb: [PpdbFollowing]
    }

    static func print(_ swap: SwapRecord, _ followings: [PpdbFollowing], _ format: SummaryFormat) throws {
        if format == .json { return try PpdbOutput.json(Output(swap: swap, ppdb: followings)) }
        Swift.print(
            "generation \(swap.toGeneration) is current, \(swap.fromGeneration) no longer: swap \(swap.number) of release \(swap.release) "
                + String(format: "(%.3f s)", swap.seconds))
        for following in followings { Swift.print(following.sentence) }
    }
}
