import Catalog
import Columns
import Postgres
import Schema
import Sphere

/// A table of a Level-2 catalog: made of files, with its own columns, in the order of the sky.
struct Level2Table {
    let files: Level2Files
    let schemaName: String
    /// "Source" or "Object".
    let name: String

    var sql: String { SQLText.identifier(schemaName, name) }

    /// Makes and fills the table in the caller's transaction.
    /// - Parameter progress: rows so far; false to stop.
    /// - Returns: rows; nil where it was stopped.
    /// - Throws: `CatalogError.badRequest` for a row without identifier or position, and for an identifier that stands twice.
    func fill(on connection: Connection, _ pixelization: any Pixelization, progress: (Int) -> Bool) throws -> Int? {
        let columns = files.columns.map { "\(SQLText.identifier($0.name)) \(Level2Files.sqlType($0.type!))" }
        try connection.execute(
            "CREATE TABLE \(sql) (\(columns.joined(separator: ", ")), \"pixelId\" bigint NOT NULL, \"tile\" integer NOT NULL)")
        for column in files.columns {
            let words = [column.comment, column.unit.map { "[\($0)]" }].compactMap { $0 }.joined(separator: " ")
            if words.isEmpty { continue }
            try connection.execute("COMMENT ON COLUMN \(sql).\(SQLText.identifier(column.name)) IS \(SQLText.literal(words))")
        }
        var done = 0
        for path in files.paths {
            let reader = try ParquetReader(path: path)
            for group in 0..<reader.rowGroupCount {
                var rows = try reader.read(rowGroups: group..<group + 1)
                let pixels = try pixels(rows, path, pixelization)
                rows.set(Column("pixelId", .int64(pixels)))
                rows.set(Column("tile", .int32(pixels.map(pixelization.tile(of:)))))
                done += try connection.copyIn(rows, to: sql)
                if !progress(done) { return nil }
            }
        }
        try index(on: connection)
        return done
    }

    private func pixels(_ rows: Table, _ path: String, _ pixelization: any Pixelization) throws -> [Int64] {
        let (id, ra, dec) = (rows[files.roles.id]!, rows[files.roles.ra]!.numbers ?? [], rows[files.roles.dec]!.numbers ?? [])
        for row in 0..<rows.rowCount where id.isNull(row) || !ra[row].isFinite || !(abs(dec[row]) <= 90) {
            throw CatalogError.badRequest(
                "\(path): a row has no \(files.roles.id), or no position in degrees (\(ra[row]), \(dec[row])): correct the file")
        }
        return pixelization.index(ra: ra, dec: dec)
    }

    private func index(on connection: Connection) throws {
        let id = SQLText.identifier(files.roles.id)
        do {
            try connection.execute("CREATE UNIQUE INDEX ON \(sql) (\(id))")
        } catch let error as PostgresError where error.sqlState == "23505" {
            throw CatalogError.badRequest(
                "an identifier stands twice in the files of \(name) (\(error.detail ?? files.roles.id)): name each file once")
        }
        if let visit = files.roles.visit, let detector = files.roles.detector {
            try connection.execute("CREATE INDEX ON \(sql) (\(SQLText.identifier(visit)), \(SQLText.identifier(detector)))")
        }
        try connection.execute(
            "CREATE INDEX \(SQLText.identifier(name + "_pixelId")) ON \(sql) (\"pixelId\"); CLUSTER \(sql) USING \(SQLText.identifier(name + "_pixelId")); ANALYZE \(sql)"
        )
    }
}
