import Catalog
import Columns
import Foundation
import Ingest
import Postgres

/// Files of orbits that tests make, and what a catalog holds.
final class OrbitSky {
    let sky: TestInstance
    let folder: String

    init() throws {
        sky = try TestInstance()
        folder = sky.directory + "-orbits"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// A record of the MPC's JSON; `a` tells versions of an orbit apart.
    static func record(_ principal: String?, number: Int? = nil, others: [String] = [], a: Double = 2.5) -> String {
        var parts = [
            "\"a\": \(a), \"e\": 0.1, \"i\": 5.5, \"Node\": 10.25, \"Peri\": 20.5, \"M\": 30.75, \"Epoch\": 2461000.5, \"H\": 18.25, \"G\": 0.15"
        ]
        if let principal { parts.append("\"Principal_desig\": \"\(principal)\"") }
        if let number { parts.append("\"Number\": \"(\(number))\"") }
        if !others.isEmpty { parts.append("\"Other_desigs\": [\(others.map { "\"\($0)\"" }.joined(separator: ", "))]") }
        return "{\(parts.joined(separator: ", "))}"
    }

    func file(_ text: String, _ name: String = "orbits.json") throws -> String {
        let path = "\(folder)/\(UInt32.random(in: 0 ... .max))-\(name)"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @discardableResult
    func load(_ records: String..., isComplete: Bool = false) throws -> OrbitCatalog.Outcome {
        try load(files: [try file("[\(records.joined(separator: ",\n"))]")], isComplete: isComplete)
    }

    @discardableResult
    func load(files: [String], isComplete: Bool = false) throws -> OrbitCatalog.Outcome {
        try OrbitLoad(instance: sky.instance).run(files, isComplete: isComplete)
    }

    func catalog(_ role: Role = .reader) throws -> OrbitCatalog {
        let connection = try sky.connection(role)
        return OrbitCatalog(connection: connection, generation: try sky.instance.currentGeneration(on: connection))
    }

    /// Identifiers of designations.
    func ids(_ designations: String...) throws -> [Int64?] {
        let found = try catalog().ids(of: designations)
        return designations.map { found[$0] }
    }

    /// Rows of a query as text, in order.
    func rows(_ sql: String) throws -> [String] { try sky.rows(sql).filter { $0.contains("{") } }

    /// Designation and semi-major axis of each orbit, by the number of its row.
    func orbits() throws -> [String] { try rows("SELECT \"id\", \"designation\", \"a\" FROM \"mpc_orbits\"") }

    /// Every value of the catalog.
    func everything() throws -> [[String]] {
        try ["mpc_orbits", "numbered_identifications", "current_identifications", "SSObject", "SSObjectDesignation", "OrbitCatalog"].map {
            try rows("SELECT * FROM \"\($0)\"")
        }
    }
}
