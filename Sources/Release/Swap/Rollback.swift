import Catalog
import Columns
import Foundation
import Postgres

/// Puts the former generation of a published release back. The release goes on as one that is loading: what was stored since the publication
/// waits for the former generation in the queue, and join and publish can be done again.
public struct Rollback {
    let instance: Instance
    let connection: Connection

    public init(_ instance: Instance) throws {
        self.instance = instance
        connection = try instance.connect(as: .owner)
    }

    /// - Throws: `ReleaseError.notNow` where the release is not published.
    public func run(_ name: String) throws -> SwapRecord {
        var start = Date()
        var swap = try GenerationGate.close(on: connection) {
            start = Date()
            let release = try Releases(connection: connection).named(name)
            try SwapRules(release: release, lastSwap: SwapRecord.last(of: name, on: connection)).requirePublished(for: "rolled back")
            return try SwapTransaction(instance: instance, connection: connection, release: release).run(
                .rollback, from: release.generation, to: release.fromGeneration, stateOfFrom: "next", state: .loading, report: nil,
                configuration: formerConfiguration(name))
        }
        swap.seconds = Date().timeIntervalSince(start)
        return swap
    }

    /// What the publication replaced; nil where it replaced nothing, or another was put into force since.
    private func formerConfiguration(_ name: String) throws -> Configuration? {
        let step = try Releases(connection: connection).steps(of: name).last { $0.kind == .publish }
        guard let detail = try step.map({ try JSONDecoder().decode(SwapDetail.self, from: Data($0.detail.utf8)) }),
            detail.configurationBefore != detail.configurationAfter,
            try ConfigurationRecord.current(on: connection).number == detail.configurationAfter
        else { return nil }
        let before = detail.configurationBefore
        let yaml = try connection.text("SELECT \"yaml\" FROM skyledger.\"Configuration\" WHERE \"number\" = $1", [.int32(before)])
        return try yaml.map { try Configuration(yaml: $0, name: "configuration \(before)") } ?? Configuration()
    }
}
