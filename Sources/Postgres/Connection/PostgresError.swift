/// An error of the server, of the connection to it, or of the server's start. The message is one sentence.
public struct PostgresError: Error, Sendable, CustomStringConvertible {
    public enum Kind: Sendable, Equatable {
        /// The server refused a statement; `sqlState` says why.
        case server
        /// The connection was lost or could not be made.
        case connection
        /// What was sent or received does not have the expected form.
        case encoding
        /// The private server could not be made, started or stopped.
        case cluster
    }

    public var kind: Kind
    /// Five characters (PostgreSQL manual, appendix A); empty where the server said nothing.
    public var sqlState: String = ""
    public var message: String
    public var detail: String?
    public var hint: String?
    /// The statement's name, or its first words.
    public var statement: String?
    public var schema: String?
    public var table: String?
    public var column: String?
    public var constraint: String?

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var isConnectionLost: Bool {
        kind == .connection || sqlState.hasPrefix("08") || sqlState == "57P01" || sqlState == "57P02" || sqlState == "57P03"
    }
    /// Another transaction was in the way; the same transaction may succeed when it is repeated.
    public var isRetryable: Bool { sqlState == "40001" || sqlState == "40P01" }
    public var isUniqueViolation: Bool { sqlState == "23505" }
    /// The server may say it with its last words, when the log itself cannot be written and it goes down.
    public var isDiskFull: Bool { sqlState == "53100" || message.contains("No space left on device") }

    public var description: String {
        var text = message
        if isDiskFull {
            text = "the disk of the database is full (\(message)): free space and run the command again; nothing is half stored"
        }
        if let detail, !detail.isEmpty { text += " (\(detail))" }
        if kind == .connection, !isDiskFull { text = "the database does not answer: \(text)" }
        if let statement, kind == .server { text += " [in \(statement)]" }
        return text.replacing("\n", with: " ")
    }
}
