import Alerts
import ArgumentParser
import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import Ppdb
import Release
import Schema
import Sizing
import SolarSystem
import Sphere

/// The program. Exit codes: 0 done, 1 the work failed, 2 the request was wrong.
@main
struct SkyLedger: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skyledger",
        abstract: "An alert-production database for time-domain surveys.",
        discussion: """
            A first instance, from nothing:
              skyledger simulate /tmp/visits --visits 20
              skyledger init sky
              skyledger load /tmp/visits
              skyledger query cone --ra 150 --dec -30 --radius-arcsec 600 --columns diaObjectId,ra,dec,nDiaSources
            """,
        version: "0.1.0",
        subcommands: [
            InitCommand.self, LoadCommand.self, QueryCommand.self, ObjectCommand.self, SQLCommand.self, SchemaCommand.self,
            SimulateCommand.self,
            UpdateCommand.self, PreloadCommand.self, DedupCommand.self, ForcedCommand.self, SolarSystemCommand.self, AlertsCommand.self,
            TargetsCommand.self,
            ConfigCommand.self, StatusCommand.self, SizingCommand.self, PpdbCommand.self,
            ReleaseCommand.self, RetentionCommand.self, ImageCacheCommand.self, DoctorCommand.self, StopCommand.self,
        ])

    static func main() {
        // A reader that goes away (skyledger ... | head) ends the output, not the program with a crash.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let code as ExitCode {
            Foundation.exit(code.rawValue)
        } catch {
            if isRequestForHelp(error) { exit(withError: error) }
            let failure = exitCode(for: error)
            if failure == .validationFailure || failure.rawValue == 64 {
                FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
                Foundation.exit(2)
            }
            FileHandle.standardError.write(Data("skyledger: \(error)\n".utf8))
            Foundation.exit(isBadRequest(error) ? 2 : 1)
        }
    }

    private static func isRequestForHelp(_ error: Error) -> Bool { exitCode(for: error) == .success }

    /// Whether the request rather than the work was wrong.
    private static func isBadRequest(_ error: Error) -> Bool {
        switch error {
        case let error as CatalogError: error.isBadRequest
        case let error as SizingError: error.isBadRequest
        case let error as PublicationError: error.isBadRequest
        case let error as PpdbError: error.isBadRequest
        case let error as ProductError: error.isBadRequest
        case let error as CheckError: error.isBadRequest
        case is SphereError, is IngestError, is TranslationError, is SchemaError, is RequestError, is EphemerisError, is ReleaseError: true
        case is AvroError: true
        case let error as ForeignError: error.isBadRequest
        case let error as LedgerError:
            switch error {
            case .receipt, .untrainable: true
            default: false
            }
        case let error as ColumnsError:
            switch error {
            case .unwritable: false
            default: true
            }
        case let error as PostgresError: error.sqlState.hasPrefix("42") || error.sqlState.hasPrefix("22") || error.sqlState == "25006"
        default: false
        }
    }
}

/// A request that contradicts itself.
struct RequestError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
