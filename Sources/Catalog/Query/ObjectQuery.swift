import Columns
import Postgres

/// An object, its versions and its light curve.
public struct ObjectQuery: Sendable {
    public struct Answer: Sendable {
        /// The open version, one row; or the last one, where the object was closed.
        public var object: Table
        /// In the order of time.
        public var diaSources: Table
        public var diaForcedSources: Table
    }

    public var diaObjectId: Int64

    public init(diaObjectId: Int64) { self.diaObjectId = diaObjectId }

    /// - Throws: `CatalogError.badRequest` where no object has the id.
    public func run(on connection: Connection, generation: Generation) throws -> Answer {
        let roles = generation.layout.roles
        return try connection.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") {
            let object = try connection.query(
                "SELECT * FROM \(generation.table("DiaObject")) WHERE \"diaObjectId\" = $1 ORDER BY \(quoted(roles.validityStart)) DESC LIMIT 1",
                [.int64(diaObjectId)])
            guard object.rowCount == 1 else { throw CatalogError.badRequest("there is no DiaObject \(diaObjectId)") }
            func rows(_ table: String, _ time: String) throws -> Table {
                try connection.query(
                    "SELECT * FROM \(generation.table(table)) WHERE \"diaObjectId\" = $1 ORDER BY \(quoted(time))", [.int64(diaObjectId)])
            }
            return Answer(
                object: object, diaSources: try rows("DiaSource", roles.sourceMidpoint),
                diaForcedSources: try rows("DiaForcedSource", roles.forcedMidpoint))
        }
    }
}
