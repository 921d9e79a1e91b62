import Catalog
import Postgres
import Ppdb

/// How far the PPDBs of an instance are with two generations, from what the instance knows of its exports. A PPDB has a copy of each
/// generation; a chunk counts as exported when all of them have it.
struct PpdbReadiness {
    let instance: Instance
    let connection: Connection

    func read(old: Int, new: Int) throws -> [CheckMeasurement.PPDB] {
        try PpdbLocation.all(of: instance).map(\.consumer).map { consumer in
            let behind = try connection.int64(
                ReleaseFile.sql("ppdb-behind"), [.int32(Int32(old)), .int32(Int32(new)), .text(consumer)])
            return CheckMeasurement.PPDB(
                consumer: consumer, old: try part(old, consumer), new: try part(new, consumer), changesBehind: behind ?? 0)
        }
    }

    private func part(_ generation: Int, _ consumer: String) throws -> CheckMeasurement.PPDB.Part {
        let row = try connection.query(ReleaseFile.sql("ppdb-readiness"), [.int32(Int32(generation)), .text(consumer)])
        func number(_ name: String) -> Int64 { row[name]?.int64s?.first ?? 0 }
        return CheckMeasurement.PPDB.Part(
            generation: generation, changes: number("changes"), exported: number("exported"), verified: number("verified"))
    }
}
