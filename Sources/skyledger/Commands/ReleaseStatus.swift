import ArgumentParser
import Catalog
import Columns

struct ReleaseStatus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Where releases stand: state, generations, what waits, what was done.",
        discussion: """
            Without a name a row for each release; with one a row for each of its steps.
            Example: skyledger release status DR1 --format json
            """)

    @Argument(help: "The release's name.") var name: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        let connection = try instance.connect(as: .reader)
        let releases = Releases(connection: connection)
        if let name {
            let steps = try releases.steps(of: releases.named(name).name)
            return try RowOutput.write(
                Table([
                    Column("number", .int64(steps.map(\.number))), Column("step", .string(.init(steps.map(\.kind.rawValue)))),
                    Column("finishedAt", .string(.init(steps.map(\.finishedAt)))), Column("detail", .string(.init(steps.map(\.detail)))),
                ]), output.request)
        }
        let all = try releases.all()
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
                Column("visitDetectors", try counts { try releases.visitDetectors(of: $0.generation) }),
                Column("visitDetectorsOfFormer", try counts { try releases.visitDetectors(of: $0.fromGeneration) }),
                Column("visitDetectorsTakenOver", try counts { release in try releases.takenOver(by: release.generation) }),
            ]), output.request)
    }
}
