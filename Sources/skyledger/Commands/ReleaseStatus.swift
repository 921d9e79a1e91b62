import ArgumentParser
import Catalog
import Columns

struct ReleaseStatus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Where releases stand: state, generations, what waits, what was done.",
        discussion: """
            Without a name a row for each release; with one a row for each of its steps, or with --updates for each update that was made while it
            was open, and what became of it in the other generation.
            Example: skyledger release status DR1 --format json
            """)

    @Argument(help: "The release's name.") var name: String?
    @Flag(help: "The release's updates rather than its steps.") var updates = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        if updates, name == nil { throw RequestError("name the release whose updates you want; skyledger release status DR1 --updates") }
        let instance = try instance.open()
        let connection = try instance.connect(as: .reader)
        let releases = Releases(connection: connection)
        if let name {
            if updates { return try write(ReleaseUpdates(connection: connection).all(of: releases.named(name).name)) }
            let steps = try releases.steps(of: releases.named(name).name)
            return try RowOutput.write(
                Table([
                    Column("number", .int64(steps.map(\.number))), Column("step", .string(.init(steps.map(\.kind.rawValue)))),
                    Column("finishedAt", .string(.init(steps.map(\.finishedAt)))), Column("detail", .string(.init(steps.map(\.detail)))),
                ]), output.request)
        }
        let all = try releases.all()
        let followed = ReleaseUpdates(connection: connection)
        func counts(_ count: (ReleaseRecord) throws -> Int) throws -> ColumnValues { .int64(try all.map { Int64(try count($0)) }) }
        try RowOutput.write(
            Table([
                Column("release", .string(.init(all.map(\.name)))), Column("state", .string(.init(all.map(\.state.rawValue)))),
                Column("fromGeneration", .int32(all.map { Int32($0.fromGeneration) })),
                Column("generation", .int32(all.map { Int32($0.generation) })),
                Column("cutoffMjdTai", .double(all.map(\.cutoffMjdTai)), unit: "d"),
                Column(
                    "region", .string(.init(all.map { $0.piece?.regionText ?? "" })),
                    validity: Validity(all.map { $0.piece?.regionText != nil })),
                Column(
                    "sinceMjdTai", .double(all.map { $0.piece?.sinceMjdTai ?? 0 }),
                    validity: Validity(all.map { $0.piece?.sinceMjdTai != nil }), unit: "d"),
                Column("begunAt", .string(.init(all.map(\.begunAt)))),
                Column("lag", try counts { $0.state.isClosed ? 0 : try releases.lag(of: $0.generation) }),
                Column("lagOfFormer", try counts { $0.state.isClosed ? 0 : try releases.lag(of: $0.fromGeneration) }),
                Column("updatesWaiting", try counts { try followed.waiting(of: $0.generation) }),
                Column("updatesWaitingOfFormer", try counts { try followed.waiting(of: $0.fromGeneration) }),
                Column("updatesSkipped", try counts { try followed.skipped(of: $0.generation) + followed.skipped(of: $0.fromGeneration) }),
                Column("visitDetectors", try counts { try releases.visitDetectors(of: $0.generation) }),
                Column("visitDetectorsOfFormer", try counts { try releases.visitDetectors(of: $0.fromGeneration) }),
                Column("visitDetectorsTakenOver", try counts { release in try releases.takenOver(by: release.generation) }),
            ]), output.request)
    }

    private func write(_ updates: [ReleaseUpdate]) throws {
        func numbers(_ name: String, _ value: (ReleaseUpdate) -> Int64?) -> Column {
            let values = updates.map(value)
            return Column(name, .int64(values.map { $0 ?? 0 }), validity: Validity(values.map { $0 != nil }))
        }
        func text(_ name: String, _ value: (ReleaseUpdate) -> String) -> Column { Column(name, .string(.init(updates.map(value)))) }
        try RowOutput.write(
            Table([
                numbers("number") { $0.number }, text("kind", \.kind.rawValue), numbers("operation", \.operation),
                Column("generation", .int32(updates.map { Int32($0.generation) })), text("state", \.state.rawValue),
                text("reason") { $0.reason ?? "" },
                text("left") { update in update.left.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ") },
                numbers("repeatedAs", \.repeatedAs), text("recordedAt", \.recordedAt), text("cause", \.cause),
            ]), output.request)
    }
}
