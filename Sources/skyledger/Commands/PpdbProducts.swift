import ArgumentParser
import Columns
import Foundation
import Ppdb

struct PpdbProductsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "products", abstract: "Files for the community's tools: the tables of a night, or all objects as a HATS collection.",
        discussion: """
            --night writes one Parquet file a table with the rows of the night's visits into OUTPUT/night-DATE (--fits: as FITS binary tables
            too). --hats writes all objects with their light curves, cut by HEALPix pixel, with a margin of 10 arcseconds. A product is
            complete or absent; one that is there is checked against its manifest and against the PPDB, and left alone.
            Examples: skyledger ppdb products --night 2026-08-01 --output products
                      skyledger ppdb products --hats products/objects
            """)

    @Option(help: "The night: its evening's date, or MJD.") var night: String?
    @Option(name: [.short, .long], help: "The directory for products of nights.") var output = "."
    @Flag(help: "FITS binary tables of the night too.") var fits = false
    @Option(help: "The folder of the HATS collection.") var hats: String?
    @Option(help: "Rows of a HATS partition, objects and sources together, beyond which it is cut.") var rows = 1_000_000
    @Flag(help: "Make anew what is there.") var replace = false
    @Option(help: "table, csv, json, parquet or fits, for the list of files.") var format: OutputFormat = .table
    @OptionGroup var observatory: ObservatoryOptions
    @OptionGroup var ppdb: PpdbOptions

    func validate() throws {
        guard (night != nil) != (hats != nil) else {
            throw ValidationError("name a night with --night, or a folder with --hats, one of the two")
        }
        if fits, night == nil { throw ValidationError("--fits needs --night") }
    }

    func run() throws {
        let interruption = Interruption("stopping; no unfinished product is left")
        let outcome: NightProduct.Outcome
        do {
            outcome = try hats.map { try collection($0, interruption) } ?? ofNight(interruption)
        } catch ProductError.interrupted {
            throw ExitCode(130)
        }
        remark("\(outcome.path): \(outcome.isNew ? "made" : "there already, complete and of the present state")")
        let files = outcome.manifest.files
        let rows = files.map { Int64($0.rows ?? 0) }
        try RowOutput.write(
            Table([
                Column("file", .string(ByteStrings(files.map(\.file)))), Column("rows", .int64(rows)),
                Column("bytes", .int64(files.map { Int64($0.bytes) })), Column("sha256", .string(ByteStrings(files.map(\.sha256)))),
            ]), OutputRequest(format: format, path: nil))
    }

    private func ofNight(_ interruption: Interruption) throws -> NightProduct.Outcome {
        let night = try AlertsNight(parsing: night ?? "")
        var product = NightProduct(night: night.description, span: try night.span(at: observatory.place()))
        (product.writesFITS, product.replaces) = (fits, replace)
        let bar = ProgressBar("rows")
        defer { bar.end() }
        return try product.run(ppdb.tables(), into: output) { done, total in
            bar.update(done: done, total: total)
            return !interruption.isRequested
        }
    }

    private func collection(_ path: String, _ interruption: Interruption) throws -> NightProduct.Outcome {
        var product = HATSProduct()
        (product.rowsMax, product.replaces) = (rows, replace)
        var bars: [HATSProduct.Stage: ProgressBar] = [:]
        defer { for bar in bars.values { bar.end() } }
        return try product.run(ppdb.tables(), to: path) { stage, done, total in
            let bar = bars[stage] ?? ProgressBar(stage.rawValue)
            bars[stage] = bar
            bar.update(done: done, total: total)
            return !interruption.isRequested
        }
    }
}
