import CLibPQ
import Columns

extension Connection {
    /// What goes on in one message: each costs the target's server a little.
    private static let relayBytes = 60_000

    /// Copies the rows of a query into a table of another database by COPY BINARY, as they come off the wire: nothing is decoded, and many
    /// rows go on in one message.
    ///
    /// - Parameters:
    ///   - sql: a query without parameters.
    ///   - target: where the rows go; inside a transaction of the caller's.
    ///   - table: as SQL writes it, quoted and qualified.
    ///   - columns: names of its columns, in the order of the query's.
    ///   - progress: called now and then with the rows so far; return false to stop, which is an error of both statements.
    /// - Returns: rows copied.
    /// - Throws: `PostgresError`, of kind `.encoding` where types differ.
    @discardableResult
    public func relay(
        _ sql: String, to target: Connection, into table: String, columns: [String], progress: (Int) -> Bool = { _ in true }
    ) throws -> Int {
        let list = columns.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ", ")
        let (given, wanted) = (try describe(sql), try target.describe("SELECT \(list) FROM \(table)"))
        guard given.count == wanted.count else {
            throw PostgresError(.encoding, "\(given.count) columns cannot be copied into \(wanted.count)")
        }
        for (a, b) in zip(given, wanted) where a.decoding != b.decoding {
            throw PostgresError(.encoding, "column \(a.name) has another type than column \(b.name) of \(table): convert it")
        }
        let (out, into) = ("COPY (\(sql)) TO STDOUT (FORMAT BINARY)", "COPY \(table) (\(list)) FROM STDIN (FORMAT BINARY)")
        PQclear(try target.checked(PQexec(target.handle, into), statement: into))
        do {
            PQclear(try checked(PQexec(handle, out), statement: out))
        } catch {
            PQputCopyEnd(target.handle, "the source failed")
            _ = target.finishCopy(into)
            throw error
        }
        var rows = -1  // the header comes with the first row, the trailer alone
        var buffer: UnsafeMutablePointer<CChar>?
        var isStopped = false
        var message: [CChar] = []
        message.reserveCapacity(2 * Self.relayBytes)
        while true {
            let length = PQgetCopyData(handle, &buffer, 0)
            guard length > 0, let piece = buffer else { break }
            defer { PQfreemem(piece) }
            if isStopped { continue }  // the rest must be read off the wire
            rows += 1
            message.append(contentsOf: UnsafeBufferPointer(start: piece, count: Int(length)))
            if message.count >= Self.relayBytes {
                isStopped = PQputCopyData(target.handle, message, Int32(message.count)) != 1
                message.removeAll(keepingCapacity: true)
            }
            if !isStopped, rows & 0xFFF == 0xFFF { isStopped = !progress(rows) }
            if isStopped { canceller().cancel() }
        }
        if !isStopped, !message.isEmpty { isStopped = PQputCopyData(target.handle, message, Int32(message.count)) != 1 }
        let failure = finishCopy(out)
        PQputCopyEnd(target.handle, failure == nil && !isStopped ? nil : "the source failed")
        // What the target says comes first: a broken target is why the source was stopped.
        let cause = target.finishCopy(into)
        if let cause, failure == nil || isStopped { throw cause }
        if let failure { throw failure }
        return max(rows, 0)
    }
}
