import ArgumentParser
import Columns
import Ppdb

struct PpdbObjectsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "objects", abstract: "A narrow copy of a data release's objects, and the nearest of them to each DiaObject.",
        subcommands: [PpdbObjectsLoad.self, PpdbObjectsMatch.self])
}

struct PpdbMatchOptions: ParsableArguments {
    @Option(help: "How far a match may be, arcseconds.") var radiusArcsec = 5.0

    func match(_ tables: PpdbTables, onlyNew: Bool, _ interruption: Interruption) throws {
        var matches = ObjectMatches(tables)
        (matches.radiusArcsec, matches.onlyNew) = (radiusArcsec, onlyNew)
        let bar = ProgressBar("DiaObjects")
        defer { bar.end() }
        do {
            let summary = try matches.run { done, total in
                bar.update(done: done, total: total)
                return !interruption.isRequested
            }
            bar.end()
            remark("\(summary.diaObjects) DiaObjects have \(summary.matches) matches within \(radiusArcsec) arcsec")
        } catch ProductError.interrupted {
            throw ExitCode(130)
        }
    }
}

struct PpdbObjectsLoad: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Store objects of a data release, then match all DiaObjects with them.",
        discussion: """
            The files (Parquet or FITS) have objectId, ra, dec in degrees, extendedness or refExtendedness (0 star, 1 galaxy) or type (star,
            galaxy), and where they are known mag, raErr and decErr in degrees. Objects that are stored already take the new values.
            Example: skyledger ppdb objects load dr2/object-*.parquet --mag-column i_psfMag
            """)

    @Argument(help: "Files with objects.") var files: [String]
    @Option(help: "The column of star or galaxy, where it has another name.") var typeColumn: String?
    @Option(help: "The column of the magnitude, where it is not called mag.") var magColumn: String?
    @Flag(help: "Load only; match later with `skyledger ppdb objects match`.") var noMatch = false
    @OptionGroup var matching: PpdbMatchOptions
    @OptionGroup var ppdb: PpdbOptions

    func run() throws {
        let tables = try ppdb.tables()
        let objects = ReleaseObjects(tables, pixelization: try ppdb.pixelization())
        let interruption = Interruption("stopping; files that are done stay, run the same command again to finish")
        for file in files {
            let bar = ProgressBar("objects")
            defer { bar.end() }
            do {
                let summary = try objects.load(file, names: .init(type: typeColumn, magnitude: magColumn)) { done, total in
                    bar.update(done: done, total: total)
                    return !interruption.isRequested
                }
                bar.end()
                let untyped = summary.untyped > 0 ? ", \(summary.untyped) neither star nor galaxy, which match nothing" : ""
                remark("\(file): \(summary.objects) objects\(untyped)")
            } catch ProductError.interrupted {
                throw ExitCode(130)
            }
        }
        if !noMatch { try matching.match(tables, onlyNew: false, interruption) }
    }
}

struct PpdbObjectsMatch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match", abstract: "Fill DiaObject_To_Object_Match: the nearest three stars and three galaxies of each DiaObject.",
        discussion: "Example, each morning after the export: skyledger ppdb objects match --update")

    @Flag(help: "Only DiaObjects that were not matched before.") var update = false
    @OptionGroup var matching: PpdbMatchOptions
    @OptionGroup var ppdb: PpdbOptions

    func run() throws {
        try matching.match(
            ppdb.tables(), onlyNew: update, Interruption("stopping after this batch; run the same command again to finish"))
    }
}
