import Catalog
import Foundation
import Postgres

/// How far the PPDBs of an instance are with two generations, from what the instance knows of its exports.
struct PpdbReadiness {
    let instance: Instance
    let connection: Connection

    func read(old: Int, new: Int) throws -> [CheckMeasurement.PPDB] {
        try consumers().map { consumer in
            let names = (Self.name(consumer, generation: old), Self.name(consumer, generation: new))
            func behind(_ column: String) throws -> Int64 {
                try connection.int64(
                    ReleaseFile.sql("ppdb-behind", ["column": column]),
                    [.int32(Int32(old)), .text(names.0), .int32(Int32(new)), .text(names.1)]) ?? 0
            }
            return CheckMeasurement.PPDB(
                consumer: consumer, old: try part(old, names.0), new: try part(new, names.1),
                changesBehind: max(try behind("\"exportedAt\""), try behind("\"verifiedAt\"")))
        }
    }

    private func part(_ generation: Int, _ name: String) throws -> CheckMeasurement.PPDB.Part {
        let row = try connection.query(ReleaseFile.sql("ppdb-readiness"), [.int32(Int32(generation)), .text(name)])
        func number(_ name: String) -> Int64 { row[name]?.int64s?.first ?? 0 }
        return CheckMeasurement.PPDB.Part(
            generation: generation, changes: number("changes"), exported: number("exported"), verified: number("verified"))
    }

    /// A PPDB has a file of its own in the instance's directory.
    private func consumers() throws -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: instance.directory + "/ppdb")) ?? []
        return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }

    /// What a consumer is called in the feed's bookkeeping for a generation: each of them goes its own way.
    static func name(_ consumer: String, generation: Int) -> String {
        generation == 1 ? consumer : consumer + "_" + String(repeating: "0", count: max(0, 4 - "\(generation)".count)) + "\(generation)"
    }
}
