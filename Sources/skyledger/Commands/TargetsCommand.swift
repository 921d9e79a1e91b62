import ArgumentParser
import Catalog
import Columns
import Foundation

struct TargetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "targets", abstract: "Public lists of positions that get alerts of their own.",
        discussion: """
            A list changes by a new version; the old ones stay. Positions of the lists that the setting alerts.zeroFluxLists names get an alert
            at every visit that covers them; those of alerts.belowThreshold.lists make detections near them worth an alert.
            Example: skyledger targets put public targets.csv --cause "supernovae of the month"
            """,
        subcommands: [TargetsList.self, TargetsShow.self, TargetsPut.self], defaultSubcommand: TargetsList.self)
}

struct TargetsList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "The lists and their versions, the newest in force.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let versions = try TargetLists(instance.open().connect(as: .reader)).versions()
        try RowOutput.write(
            Table([
                Column("list", .string(.init(versions.map(\.list)))), Column("version", .int32(versions.map(\.version))),
                Column("nTargets", .int32(versions.map(\.nTargets))), Column("changedAt", .string(.init(versions.map(\.changedAt)))),
                Column("cause", .string(.init(versions.map(\.cause)))),
            ]), output.request)
    }
}

struct TargetsShow: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "The positions of a list.")

    @Argument(help: "The list.") var list: String
    @Option(help: "An older version (default: the newest).") var version: Int32?
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let lists = TargetLists(try instance.open().connect(as: .reader))
        let versions = try lists.versions(of: list)
        guard let chosen = version ?? versions.last?.version, versions.contains(where: { $0.version == chosen }) else {
            throw RequestError(
                "there is no \(version.map { "version \($0) of the " } ?? "")list \(list): `skyledger targets list` shows those that there are"
            )
        }
        let targets = try lists.targets(of: list, version: chosen)
        try RowOutput.write(
            Table([
                Column("name", .string(.init(targets.map(\.name)))), Column("ra", .double(targets.map(\.ra)), unit: "deg"),
                Column("dec", .double(targets.map(\.dec)), unit: "deg"),
            ]), output.request)
    }
}

struct TargetsPut: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "put", abstract: "Make the positions of a file the next version of a list.",
        discussion: """
            The file is CSV or Parquet with columns name, ra and dec (ICRS degrees); one without rows empties the list.
            """)

    @Argument(help: "The list.") var list: String
    @Argument(help: "The file.") var file: String
    @Option(help: "Why, for the record.") var cause: String = "put by hand"
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let table =
            try file.hasSuffix(".parquet")
            ? ParquetFile.read(file)
            : CSV.read(path: file) { $0 == "name" ? .string : ["ra", "dec"].contains($0) ? .double : nil }
        guard let names = table["name"]?.strings, let ra = table["ra"]?.doubles, let dec = table["dec"]?.doubles else {
            throw RequestError("\(file) must have columns name (text), ra and dec (degrees)")
        }
        let targets = ra.indices.map { TargetLists.Target(list: list, name: names[$0], ra: ra[$0], dec: dec[$0]) }
        let version = try TargetLists(instance.open().connect(as: .owner)).put(targets, as: list, cause: cause)
        print("list \(list) version \(version.version) has \(version.nTargets) targets")
    }
}
