import Catalog
import Columns
import Postgres
import Schema

/// Brings rows of a table from the instance to the PPDB: off one wire and onto the other, or, where the documents differ in the table's
/// columns, through the steps between the documents, a batch at a time.
struct RowTransfer {
    let ppdb: Ppdb
    let table: FeedTable

    init(_ ppdb: Ppdb, _ table: FeedTable) {
        self.ppdb = ppdb
        self.table = table
    }

    private static let batch = 20_000

    /// - Parameters:
    ///   - query: the rows' query, for columns of the instance.
    ///   - progress: rows so far; false to stop.
    /// - Returns: rows that were sent.
    /// - Throws: `PpdbError.unavailable` where the PPDB cannot be written.
    @discardableResult
    func run(_ query: ([String]) -> String, progress: (Int) -> Bool = { _ in true }) throws -> Int {
        guard table.isConverted else {
            return try ppdb.apdb.relay(
                query(table.common), to: ppdb.connection, into: table.target, columns: table.common, progress: progress)
        }
        var (old, new) = (ppdb.generation.document, ppdb.document)
        old.tables.removeAll { $0.name != table.name }
        new.tables.removeAll { $0.name != table.name }
        let plan = MigrationPlan(from: old, to: new)
        let given = old.tables[0].columns.map(\.name)
        let own = table.columns.filter { new.tables[0][column: $0] == nil && !given.contains($0) }
        var done = 0
        try ppdb.apdb.copyOut(query(given + own), rowsPerTable: Self.batch) { rows in
            guard let converted = try plan.apply(to: [table.name: rows])[table.name], let kept = converted.selecting(table.columns) else {
                throw PpdbError.inconsistent("rows of \(table.name) lack columns of the PPDB's schema document: check it")
            }
            done += try ppdb.connection.copyIn(kept, to: table.target)
            if !progress(done) { throw PostgresError(.server, "the copy was stopped") }
        }
        return done
    }
}
