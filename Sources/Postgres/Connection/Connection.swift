import CLibPQ
import Columns
import Glibc

/// One connection to a database.
///
///     let connection = try Connection(parameters)
///     try connection.transaction {
///         try connection.execute("SET LOCAL synchronous_commit = off")
///         let table = try connection.query("SELECT ra, dec FROM t WHERE id = $1", [.int64(7)])
///     }
///
/// All calls block; one thread uses a connection at a time. Statements run in binary format, results come as columns.
public final class Connection {
    let handle: OpaquePointer
    private(set) var transactionDepth = 0
    /// The statements that were prepared under a name: mostly one, more where it is used for the tables of several generations.
    private var prepared: [String: [String]] = [:]
    /// COPY statements whose columns were held against the target's types.
    var checkedCopies: Set<String> = []
    /// Messages of level NOTICE and above that the server sent, for callers that want to show them; at most the last hundred.
    public internal(set) var notices: [String] = []

    /// - Throws: `PostgresError` of kind `.connection`.
    public init(_ parameters: ConnectionParameters) throws {
        let pairs = parameters.keywords
        var keywords: [UnsafePointer<CChar>?] = []
        var values: [UnsafePointer<CChar>?] = []
        let copies = pairs.flatMap { [strdup($0.0), strdup($0.1)] }
        defer { for copy in copies { free(copy) } }
        for i in stride(from: 0, to: copies.count, by: 2) {
            keywords.append(UnsafePointer(copies[i]))
            values.append(UnsafePointer(copies[i + 1]))
        }
        keywords.append(nil)
        values.append(nil)
        guard let opened = PQconnectdbParams(keywords, values, 1) else { throw PostgresError(.connection, "no memory for a connection") }
        guard PQstatus(opened) == CONNECTION_OK else {
            let message = String(cString: PQerrorMessage(opened)).trimmedLine
            PQfinish(opened)
            throw PostgresError(.connection, message)
        }
        handle = opened
        PQsetNoticeProcessor(
            handle,
            { context, text in
                guard let context, let text else { return }
                let connection = Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
                connection.notices.append(String(cString: text).trimmedLine)
                if connection.notices.count > 100 { connection.notices.removeFirst() }
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit { PQfinish(handle) }

    public var isAlive: Bool { PQstatus(handle) == CONNECTION_OK }
    /// Whether no transaction is open and none is broken.
    public var isOutsideTransaction: Bool { PQtransactionStatus(handle) == PQTRANS_IDLE }
    public var backendProcessId: Int32 { PQbackendPID(handle) }
    public var serverVersion: Int32 { PQserverVersion(handle) }

    /// Runs statements without parameters and without results that matter; several may stand in one text.
    public func execute(_ sql: String) throws { PQclear(try checked(PQexec(handle, sql), statement: sql)) }

    /// Runs one statement with bound parameters and gives its rows as columns.
    ///
    /// - Parameter name: statements with a name are prepared once on this connection and planned less often; a name may be given to several
    ///   that do the same on other tables.
    /// - Throws: `PostgresError`; the statement's name or first words are in it.
    @discardableResult
    public func query(_ sql: String, _ parameters: [Parameter] = [], name: String? = nil) throws -> Table {
        let result = try run(sql, parameters, name: name)
        defer { PQclear(result) }
        return try ResultDecoder.table(result)
    }

    /// Runs one statement with bound parameters for its effect.
    /// - Returns: rows affected.
    @discardableResult
    public func run(_ sql: String, _ parameters: [Parameter] = []) throws -> Int {
        let result: OpaquePointer = try run(sql, parameters, name: nil)
        defer { PQclear(result) }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    /// The first value of the first row of a query, nil where there is no row or it is null.
    public func int64(_ sql: String, _ parameters: [Parameter] = []) throws -> Int64? {
        let table = try query(sql, parameters)
        guard table.rowCount > 0, let column = table.columns.first, !column.isNull(0) else { return nil }
        return column.int64s?[0] ?? column.int32s.map { Int64($0[0]) } ?? column.int16s.map { Int64($0[0]) }
    }

    public func text(_ sql: String, _ parameters: [Parameter] = []) throws -> String? {
        let table = try query(sql, parameters)
        guard table.rowCount > 0, let column = table.columns.first, !column.isNull(0) else { return nil }
        return column.strings?[0]
    }

    /// Runs the body in a transaction: committed when it returns, rolled back when it throws. A transaction inside a transaction is a savepoint.
    public func transaction<Result>(_ mode: String = "", _ body: () throws -> Result) throws -> Result {
        let depth = transactionDepth
        try execute(depth == 0 ? "BEGIN \(mode)" : "SAVEPOINT level\(depth)")
        transactionDepth += 1
        let result: Result
        do {
            result = try body()
        } catch {
            transactionDepth -= 1
            // The rollback's own failure means the connection is gone, and with it the transaction.
            try? execute(depth == 0 ? "ROLLBACK" : "ROLLBACK TO SAVEPOINT level\(depth); RELEASE SAVEPOINT level\(depth)")
            throw error
        }
        transactionDepth -= 1
        // COMMIT of a failed transaction is a rollback that reports success: a body that swallowed a statement's error must not pass for done.
        guard PQtransactionStatus(handle) == PQTRANS_INTRANS else {
            try? execute(depth == 0 ? "ROLLBACK" : "ROLLBACK TO SAVEPOINT level\(depth); RELEASE SAVEPOINT level\(depth)")
            throw PostgresError(.encoding, "the transaction was rolled back: a statement in it failed and its error was not passed on")
        }
        try execute(depth == 0 ? "COMMIT" : "RELEASE SAVEPOINT level\(depth)")
        return result
    }

    /// As `transaction`, repeated when another transaction was in the way.
    public func retryingTransaction<Result>(_ mode: String = "", attempts: Int = 5, _ body: () throws -> Result) throws -> Result {
        for attempt in 1... {
            do {
                return try transaction(mode, body)
            } catch let error as PostgresError where error.isRetryable && attempt < attempts {
                continue
            }
        }
        preconditionFailure("the loop ends by return or throw")
    }

    /// What another thread needs to stop the statement that runs on this connection.
    public func canceller() -> Canceller { Canceller(PQgetCancel(handle)) }

    func run(_ sql: String, _ parameters: [Parameter], name: String?) throws -> OpaquePointer {
        let values = parameters.map(\.encoded)
        let oids = parameters.map(\.oid)
        let name = try name.map { try prepare(sql, oids, name: $0) }
        let lengths = values.map { Int32($0?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: values.count)
        let result = Self.withPointers(values) { pointers in
            if let name {
                PQexecPrepared(handle, name, Int32(values.count), pointers, lengths, formats, 1)
            } else {
                PQexecParams(handle, sql, Int32(values.count), oids, pointers, lengths, formats, 1)
            }
        }
        return try checked(result, statement: name ?? sql)
    }

    /// Prepares a statement unless it is.
    /// - Returns: what it is called on the server.
    private func prepare(_ sql: String, _ oids: [Oid], name: String) throws -> String {
        let known = prepared[name] ?? []
        let number = known.firstIndex(of: sql) ?? known.count
        let called = number == 0 ? name : "\(name)#\(number)"
        if number == known.count {
            PQclear(try checked(PQprepare(handle, called, sql, Int32(oids.count), oids), statement: name))
            prepared[name, default: []].append(sql)
        }
        return called
    }

    /// One block with all values end to end; libpq wants a pointer to each.
    static func withPointers<Result>(_ values: [[UInt8]?], _ body: ([UnsafePointer<CChar>?]) -> Result) -> Result {
        let block = values.reduce(into: [UInt8]()) { $0 += $1 ?? [] } + [0]
        return block.withUnsafeBytes { raw in
            var offset = 0
            let pointers = values.map { value -> UnsafePointer<CChar>? in
                guard let value else { return nil }
                defer { offset += value.count }
                return (raw.baseAddress! + offset).assumingMemoryBound(to: CChar.self)
            }
            return body(pointers)
        }
    }

    /// The result if it is a success; otherwise its error.
    func checked(_ result: OpaquePointer?, statement: String) throws -> OpaquePointer {
        guard let result else { throw connectionError() }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_EMPTY_QUERY, PGRES_SINGLE_TUPLE, PGRES_PIPELINE_SYNC:
            return result
        default:
            defer { PQclear(result) }
            throw error(of: result, statement: statement)
        }
    }

    func error(of result: OpaquePointer, statement: String) -> PostgresError {
        func field(_ code: Character) -> String? { PQresultErrorField(result, Int32(code.asciiValue!)).map { String(cString: $0) } }
        guard let state = field("C") else {
            var lost = connectionError()
            lost.statement = Self.shortened(statement)
            return lost
        }
        var error = PostgresError(.server, field("M") ?? String(cString: PQresultErrorMessage(result)).trimmedLine)
        error.sqlState = state
        error.detail = field("D")
        error.hint = field("H")
        error.schema = field("s")
        error.table = field("t")
        error.column = field("c")
        error.constraint = field("n")
        error.statement = Self.shortened(statement)
        if error.isConnectionLost { error.kind = .connection }
        return error
    }

    func connectionError() -> PostgresError { PostgresError(.connection, String(cString: PQerrorMessage(handle)).trimmedLine) }

    private static func shortened(_ statement: String) -> String {
        let words = statement.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > 80 ? words.prefix(77) + "..." : words
    }
}

extension String {
    /// Without line breaks and the severity that libpq puts before messages.
    var trimmedLine: String {
        split(whereSeparator: \.isNewline).joined(separator: " ").replacing(/^(ERROR|FATAL|PANIC|NOTICE|WARNING):\s+/, with: "")
    }
}
