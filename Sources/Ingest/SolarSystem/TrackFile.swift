import Catalog
import Columns
import Postgres
import SolarSystem

/// A linker's tracks: a row a source.
public enum TrackFile {
    /// - Parameters:
    ///   - path: Parquet, FITS or CSV with columns track and diaSourceId.
    /// - Returns: tracks in the order of their names, each with its object: the known one of that designation, else a new one, whose
    ///   identifier follows from a designation as Rubin's do, or is the lowest of its sources' where the name is none.
    /// - Throws: `ColumnsError`; `IngestError.notAnInput` for a source in two tracks.
    public static func read(_ path: String, generation: Generation, on connection: Connection) throws -> [Updates.Track] {
        let isText = [".csv", ".txt"].contains { path.lowercased().hasSuffix($0) }
        let table = try isText ? CSV.read(path: path) { $0 == "track" ? .string : nil } : CatalogFile.read(path)
        guard let names = table["track"]?.strings else { throw ColumnsError.missingColumn(path: path, column: "track") }
        guard let sources = table["diaSourceId"]?.int64s else { throw ColumnsError.missingColumn(path: path, column: "diaSourceId") }
        var members: [String: [Int64]] = [:]
        var seen: [Int64: Int] = [:]
        for row in sources.indices {
            if let other = seen.updateValue(row, forKey: sources[row]) {
                throw IngestError.notAnInput(
                    path: path, reason: "diaSourceId \(sources[row]) stands in rows \(other + 1) and \(row + 1): a source is of one track")
            }
            members[names[row], default: []].append(sources[row])
        }
        let called = members.keys.sorted().map { (name: $0, designation: (try? Designation($0))?.unpacked ?? $0) }
        let known = try connection.query(
            "SELECT \"designation\", \"ssObjectId\" FROM \(generation.table("SSObjectDesignation")) WHERE \"designation\" = ANY ($1)",
            [.textArray(called.map(\.designation))])
        let ids = known["ssObjectId"]?.int64s ?? []
        let standing = Dictionary(uniqueKeysWithValues: ids.indices.map { (known["designation"]!.strings![$0], ids[$0]) })
        return called.map { name, designation in
            let new = (try? Designation(name))?.ssObjectId ?? members[name]!.min()!
            return Updates.Track(designation: designation, ssObjectId: standing[designation] ?? new, diaSourceIds: members[name]!.sorted())
        }
    }
}
