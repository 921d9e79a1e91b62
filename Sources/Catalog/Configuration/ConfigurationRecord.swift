import Postgres

/// The configuration in the database: the one in force, and those before it.
public struct ConfigurationRecord: Sendable {
    /// Which of the instance's configurations it is; visit-detectors refer to it. 0 is the program's defaults.
    public let number: Int32
    public let configuration: Configuration

    /// The one in force.
    public static func current(on connection: Connection) throws -> ConfigurationRecord {
        let row = try connection.query(
            "SELECT \"number\", \"yaml\" FROM skyledger.\"Configuration\" ORDER BY \"number\" DESC LIMIT 1")
        guard let number = row["number"]?.int32s?.first, let yaml = row["yaml"]?.strings?[0] else {
            return ConfigurationRecord(number: 0, configuration: Configuration())
        }
        return ConfigurationRecord(number: number, configuration: try Configuration(yaml: yaml, name: "configuration \(number)"))
    }

    /// Puts another into force.
    /// - Parameter connection: as the role `owner`.
    /// - Returns: its number; the present one's where nothing differs.
    public static func put(_ configuration: Configuration, cause: String, on connection: Connection) throws -> Int32 {
        try configuration.check()
        return try connection.transaction {
            try connection.execute("LOCK TABLE skyledger.\"Configuration\" IN EXCLUSIVE MODE")
            let present = try current(on: connection)
            if present.configuration == configuration { return present.number }
            try connection.run(
                "INSERT INTO skyledger.\"Configuration\" (\"number\", \"yaml\", \"cause\") VALUES ($1, $2, $3)",
                [.int32(present.number + 1), .text(try configuration.yaml), .text(cause)])
            return present.number + 1
        }
    }
}
