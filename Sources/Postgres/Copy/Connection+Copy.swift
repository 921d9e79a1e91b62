import CLibPQ
import Columns

extension Connection {
    /// Stores all rows of a table by COPY BINARY. The table's columns go to the columns of the same name, whose types must be the same.
    ///
    /// - Parameter target: the table as SQL writes it, quoted and qualified.
    /// - Returns: rows stored.
    @discardableResult
    public func copyIn(_ table: Table, to target: String) throws -> Int {
        guard table.rowCount > 0 else { return 0 }
        let columns = table.columnNames.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ", ")
        let statement = "COPY \(target) (\(columns)) FROM STDIN (FORMAT BINARY)"
        try requireSameTypes(table, target, columns, statement)
        PQclear(try checked(PQexec(handle, statement), statement: statement))
        do {
            try put(CopyEncoder.header.withUnsafeBytes { Array($0) })
            try CopyEncoder.encode(table, bufferSize: 1 << 18) { (piece) throws(PostgresError) in try put(piece) }
            try put(CopyEncoder.trailer)
        } catch {
            // The server has more to say than the broken pipe: its last error is the cause.
            PQputCopyEnd(handle, "the client gave up")
            let cause = finishCopy(statement)
            throw cause ?? error
        }
        guard PQputCopyEnd(handle, nil) == 1 else { throw connectionError() }
        if let error = finishCopy(statement) { throw error }
        return table.rowCount
    }

    /// Binary values carry no type: four bytes of an integer would be stored as a real without a word. Asked once a statement.
    private func requireSameTypes(_ table: Table, _ target: String, _ columns: String, _ statement: String) throws {
        let key = statement + table.columns.map(\.type.rawValue).joined(separator: ",")
        if checkedCopies.contains(key) { return }
        for (column, field) in zip(table.columns, try describe("SELECT \(columns) FROM \(target)"))
        where field.decoding != CopyDecoder.decoding(of: column.type) {
            throw PostgresError(
                .encoding,
                "column \(column.name) holds \(column.type.rawValue) and the column of \(target) \(field.decoding.columnType.rawValue): convert it"
            )
        }
        checkedCopies.insert(key)
    }

    /// The rows of a query by COPY BINARY, column by column.
    ///
    /// - Parameter sql: a query without parameters; values that vary must be put in as literals by the caller.
    public func copyOut(_ sql: String) throws -> Table {
        var decoder = CopyDecoder(fields: try describe(sql))
        try copyOut(sql) { try decoder.append($0) }
        return decoder.finish()
    }

    /// The rows of a query in tables of at most about `rows` rows each.
    public func copyOut(_ sql: String, rowsPerTable rows: Int, _ body: (Table) throws -> Void) throws {
        let fields = try describe(sql)
        var decoder = CopyDecoder(fields: fields)
        var pending = false
        try copyOut(sql) { piece in
            try decoder.append(piece)
            pending = true
            if decoder.rowCount >= rows {
                try body(decoder.finish())
                decoder = CopyDecoder(continuing: fields)
                pending = false
            }
        }
        if pending { try body(decoder.finish()) }
    }

    private func copyOut(_ sql: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let statement = "COPY (\(sql)) TO STDOUT (FORMAT BINARY)"
        PQclear(try checked(PQexec(handle, statement), statement: statement))
        var buffer: UnsafeMutablePointer<CChar>?
        var failure: Error?
        while true {
            let length = PQgetCopyData(handle, &buffer, 0)
            guard length > 0, let piece = buffer else { break }
            defer { PQfreemem(piece) }
            if failure != nil { continue }  // the rest must be read off the wire
            do {
                try body(UnsafeRawBufferPointer(start: piece, count: Int(length)))
            } catch {
                failure = error
                canceller().cancel()
            }
        }
        let ending = finishCopy(statement)
        if let failure { throw failure }
        if let ending { throw ending }
    }

    /// Names and types of a query's columns, without running it.
    func describe(_ sql: String) throws -> [(name: String, decoding: ColumnDecoding)] {
        PQclear(try checked(PQprepare(handle, "", sql, 0, nil), statement: sql))
        let result = try checked(PQdescribePrepared(handle, ""), statement: sql)
        defer { PQclear(result) }
        return try ResultDecoder.fields(of: result)
    }

    private func put(_ piece: UnsafeRawBufferPointer) throws(PostgresError) {
        var sent = 0
        while sent < piece.count {
            let length = min(piece.count - sent, 1 << 20)
            let base = (piece.baseAddress! + sent).assumingMemoryBound(to: CChar.self)
            guard PQputCopyData(handle, base, Int32(length)) == 1 else { throw connectionError() }
            sent += length
        }
    }

    private func put(_ bytes: [UInt8]) throws(PostgresError) {
        var failure: PostgresError?
        bytes.withUnsafeBytes { raw in
            do throws(PostgresError) { try put(raw) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Reads results to the end of the statement; the error, if it had one.
    func finishCopy(_ statement: String) -> PostgresError? {
        var failure: PostgresError?
        while let result = PQgetResult(handle) {
            if PQresultStatus(result) != PGRES_COMMAND_OK, failure == nil { failure = error(of: result, statement: statement) }
            PQclear(result)
            if !isAlive { break }
        }
        if failure == nil, !isAlive { failure = connectionError() }
        return failure
    }
}

extension CopyDecoder {
    /// For rows after the header was read.
    init(continuing fields: [(name: String, decoding: ColumnDecoding)]) {
        self.init(fields: fields)
        skipHeader()
    }
}
