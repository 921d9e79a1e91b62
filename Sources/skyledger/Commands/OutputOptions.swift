import ArgumentParser

/// In which form rows are printed.
struct OutputOptions: ParsableArguments {
    @Option(help: "table, csv, json, parquet or fits.")
    var format: OutputFormat = .table

    @Option(name: [.short, .long], help: "Write to this file instead of standard output.")
    var output: String?

    var request: OutputRequest { OutputRequest(format: format, path: output) }
}

/// Where rows go, and in which form.
struct OutputRequest {
    var format: OutputFormat
    /// Nil for standard output.
    var path: String?
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case table, csv, json, parquet, fits }
