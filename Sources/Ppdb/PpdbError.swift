/// What can be wrong with a PPDB or with what is asked of it. Each message says what, where and what to do.
public enum PpdbError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The request contradicts itself or names what does not exist; nothing was done (exit code 2).
    case badRequest(String)
    /// No PPDB was made for the consumer.
    case missing(consumer: String)
    /// The database cannot be reached or written.
    case unavailable(database: String, reason: String)
    /// What is there contradicts what the program wrote.
    case inconsistent(String)
    /// Rows arrived otherwise than they were sent.
    case differs(table: String, chunk: Int64)

    public var description: String {
        switch self {
        case .badRequest(let sentence), .inconsistent(let sentence): sentence
        case .missing(let consumer): "there is no PPDB of the consumer \(consumer): make one with `skyledger ppdb init`"
        case .unavailable(let database, let reason):
            "the PPDB \(database) cannot be written (\(reason)): nothing of the chunk at hand was applied; mend it and run the command again"
        case .differs(let table, let chunk):
            "the rows of \(table) in chunk \(chunk) differ from those of the instance after they were copied: nothing was applied; run the command again, and check the PPDB's machine"
        }
    }

    /// Whether the request, rather than the work, was wrong.
    public var isBadRequest: Bool {
        switch self {
        case .badRequest, .missing: true
        default: false
        }
    }
}
