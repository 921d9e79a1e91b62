import CLibPQ
import Columns

/// Statements that are sent together and answered in order, so that one round trip serves many.
public struct Pipeline {
    var statements: [(sql: String, parameters: [Parameter])] = []

    /// Adds a statement.
    /// - Returns: its place among the results.
    @discardableResult
    public mutating func add(_ sql: String, _ parameters: [Parameter] = []) -> Int {
        statements.append((sql, parameters))
        return statements.count - 1
    }
}

extension Connection {
    /// Runs the statements of a pipeline.
    ///
    /// - Returns: a table for each, in order (without columns where the statement gives no rows).
    /// - Throws: the first statement's error; those after it did not run, and outside a transaction those before it are undone with it.
    public func pipeline(_ build: (inout Pipeline) -> Void) throws -> [Table] {
        var pipeline = Pipeline()
        build(&pipeline)
        guard PQenterPipelineMode(handle) == 1 else { throw connectionError() }
        for (sql, parameters) in pipeline.statements {
            let values = parameters.map(\.encoded)
            let lengths = values.map { Int32($0?.count ?? 0) }
            let formats = [Int32](repeating: 1, count: values.count)
            let sent = Self.withPointers(values) {
                PQsendQueryParams(handle, sql, Int32(values.count), parameters.map(\.oid), $0, lengths, formats, 1)
            }
            guard sent == 1 else { throw connectionError() }
        }
        guard PQpipelineSync(handle) == 1 else { throw connectionError() }
        var tables: [Table] = []
        var failure: Error?
        for (sql, _) in pipeline.statements {
            while let result = PQgetResult(handle) {
                defer { PQclear(result) }
                let status = PQresultStatus(result)
                if failure != nil || status == PGRES_PIPELINE_ABORTED { continue }
                if status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK {
                    do { tables.append(try ResultDecoder.table(result)) } catch { failure = error }
                } else {
                    failure = error(of: result, statement: sql)
                }
            }
            guard isAlive else { throw failure ?? connectionError() }
        }
        while let result = PQgetResult(handle) {
            let isSync = PQresultStatus(result) == PGRES_PIPELINE_SYNC
            PQclear(result)
            if isSync { break }
        }
        PQexitPipelineMode(handle)
        if let failure { throw failure }
        return tables
    }
}
