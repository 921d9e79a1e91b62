import Foundation

/// `instance.json` in the instance's directory: where its database is. What the data depend on is frozen in the database itself.
public struct InstanceConfiguration: Codable, Sendable, Equatable {
    /// libpq URL of the database, or nil for the private cluster in the directory.
    public var databaseURL: String?
    /// Version of this file's form.
    public var format: Int
    /// What was chosen at init and never changes, as the database has it too; nil in instances of older programs.
    public var frozen: [String: String]?

    public init(databaseURL: String?, frozen: [String: String]? = nil) {
        self.databaseURL = databaseURL
        self.frozen = frozen
        format = 1
    }

    static func fileURL(in directory: String) -> URL { URL(fileURLWithPath: directory).appendingPathComponent("instance.json") }

    static func read(from directory: String) throws -> InstanceConfiguration {
        let url = fileURL(in: directory)
        guard FileManager.default.fileExists(atPath: url.path) else { throw CatalogError.noInstance(path: directory) }
        do {
            return try JSONDecoder().decode(InstanceConfiguration.self, from: Data(contentsOf: url))
        } catch {
            throw CatalogError.unavailable("\(url.path) cannot be read as an instance's configuration: restore it from a backup")
        }
    }

    func write(to directory: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            try encoder.encode(self).write(to: Self.fileURL(in: directory), options: .atomic)
        } catch {
            throw CatalogError.unavailable("\(directory)/instance.json cannot be written: \(error.localizedDescription)")
        }
    }
}
