import Catalog
import Foundation
import Yams

/// How chunks are cut and what is held back, from a YAML file.
///
///     chunkSizeMB: 64
///     chunkRows: 1000000
///     chunkAgeSeconds: 600
///     smallTablesSeconds: 600
///     withholdHours:
///       catalogs: 0
///       alerts: 0
///       visitImages: 80
public struct ReplicationSettings: Sendable, Equatable {
    public var limits = SealPlan.Limits()
    /// How often a follower looks whether small tables changed, seconds.
    public var smallTablesSeconds = 600.0
    /// Hours for which a product is held back after its time; by product.
    public var withholdHours: [String: Double] = ["catalogs": 0, "alerts": 0, "visitImages": 80]

    public init() {}

    /// - Throws: `PpdbError.badRequest` with file and line.
    public init(file: String) throws {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw PpdbError.badRequest("the settings \(file) cannot be read: name a YAML file")
        }
        do { try self.init(yaml: text, file: file) } catch let error as YamlError {
            throw PpdbError.badRequest("\(file): \("\(error)".split(separator: "\n").joined(separator: " "))")
        }
    }

    init(yaml: String, file: String) throws {
        guard let node = try Yams.compose(yaml: yaml) else { return }
        for (name, value) in try Self.pairs(node, file) {
            let line = value.mark?.line ?? 0
            switch name {
            case "chunkSizeMB": limits.sizeBytes = Int64(try Self.number(value, name, file, positive: true) * 1_048_576)
            case "chunkRows": limits.rows = Int64(try Self.number(value, name, file, positive: true))
            case "chunkAgeSeconds": limits.ageSeconds = try Self.number(value, name, file, positive: false)
            case "smallTablesSeconds": smallTablesSeconds = try Self.number(value, name, file, positive: false)
            case "withholdHours":
                for (product, hours) in try Self.pairs(value, file) {
                    guard withholdHours[product] != nil else {
                        throw PpdbError.badRequest(
                            "\(file), line \(hours.mark?.line ?? line): there is no product \(product): name catalogs, alerts or visitImages"
                        )
                    }
                    withholdHours[product] = try Self.number(hours, product, file, positive: false)
                }
            default:
                throw PpdbError.badRequest(
                    "\(file), line \(line): there is no setting \(name): name chunkSizeMB, chunkRows, chunkAgeSeconds, smallTablesSeconds or withholdHours"
                )
            }
        }
    }

    private static func pairs(_ node: Node, _ file: String) throws -> [(String, Node)] {
        guard let mapping = node.mapping else {
            throw PpdbError.badRequest("\(file), line \(node.mark?.line ?? 0): expected names and values, as chunkRows: 1000000")
        }
        return mapping.map { ($0.key.string ?? "", $0.value) }
    }

    private static func number(_ node: Node, _ name: String, _ file: String, positive: Bool) throws -> Double {
        guard let value = node.float ?? node.int.map(Double.init), value.isFinite, positive ? value > 0 : value >= 0, value < 1e15 else {
            throw PpdbError.badRequest(
                "\(file), line \(node.mark?.line ?? 0): \(name) must be a number \(positive ? "more than" : "of at least") 0")
        }
        return value
    }
}
