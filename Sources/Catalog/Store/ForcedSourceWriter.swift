import Columns
import Postgres
import Sphere

/// Writes rows of DiaForcedSource, with the columns that are SkyLedger's own. The caller holds the locks of the objects' tiles.
struct ForcedSourceWriter {
    let connection: Connection
    let generation: Generation
    let pixelization: any Pixelization

    /// - Parameters:
    ///   - rows: the schema document's columns.
    ///   - tiles: those of the rows' objects.
    ///   - isPrecovery: whether the exposure came before the object's first source.
    /// - Returns: the rows as they stand in the table.
    @discardableResult
    func insert(_ rows: Table, tiles: [Int32], isPrecovery: [Bool], processedMjdTai: Double) throws -> Table {
        let definition = generation.document[table: "DiaForcedSource"]!
        var table = rows
        for name in rows.columnNames
        where definition[column: name] == nil && !GenerationLayout.ownColumns(of: "DiaForcedSource").contains(where: { $0.name == name }) {
            table.remove(name)
        }
        let dec = definition[column: "dec"] != nil ? "dec" : "decl"
        table.set(Column("pixelId", .int64(pixelization.index(ra: rows["ra"]?.doubles ?? [], dec: rows[dec]?.doubles ?? []))))
        table.set(Column("tile", .int32(tiles)))
        table.set(Column("isPrecovery", .bool(isPrecovery)))
        if table["timeProcessedMjdTai"] == nil, definition[column: "timeProcessedMjdTai"] != nil {
            table.set(Column("timeProcessedMjdTai", .double(.init(repeating: processedMjdTai, count: rows.rowCount))))
        }
        try connection.copyIn(table, to: generation.table("DiaForcedSource"))
        return table
    }
}
