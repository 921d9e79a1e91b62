import ArgumentParser
import Foundation

/// In which form a command that changes something says what it did.
struct SummaryOptions: ParsableArguments {
    @Option(help: "table or json.") var format: SummaryFormat = .table

    /// Prints a summary: one line of JSON with sorted keys, or the sentences for people.
    ///
    /// - Parameter text: the sentences, made only where they are wanted.
    /// - Throws: what encoding throws.
    func print<Summary: Encodable>(_ summary: Summary, text: (Summary) -> String) throws {
        switch format {
        case .table: Swift.print(text(summary))
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            Swift.print(String(decoding: try encoder.encode(summary), as: UTF8.self))
        }
    }
}

enum SummaryFormat: String, ExpressibleByArgument, CaseIterable { case table, json }
