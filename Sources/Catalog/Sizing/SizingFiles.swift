import Foundation
import Sizing

/// What a private server's files take beside the database's tables.
struct SizingFiles {
    let instance: Instance

    func server(databaseBytes: Int64, walLimitBytes: Int64) -> SizingMeasurement.Server {
        guard let cluster = instance.cluster else {
            return SizingMeasurement.Server(databaseBytes: databaseBytes, walLimitBytes: walLimitBytes)
        }
        let all = Self.bytes(under: cluster.directory)
        let wal = Self.bytes(under: cluster.directory + "/data/pg_wal")
        return SizingMeasurement.Server(
            databaseBytes: databaseBytes, walBytes: wal, walLimitBytes: walLimitBytes, otherBytes: max(0, all - wal - databaseBytes))
    }

    /// Bytes of the files under a folder; what goes away meanwhile counts nothing.
    static func bytes(under folder: String) -> Int64 {
        guard let walk = FileManager.default.enumerator(atPath: folder) else { return 0 }
        var sum: Int64 = 0
        while walk.nextObject() != nil {
            if walk.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
                sum += (walk.fileAttributes?[.size] as? NSNumber)?.int64Value ?? 0
            }
        }
        return sum
    }
}
