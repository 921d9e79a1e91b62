import Foundation

/// skyledger-bench htm | stamps | parquet FILE | avro CONTAINER | copy INSTANCE DIR | cycle INSTANCE DIR DEPTHS PER_DEPTH
///     | associate [SOURCES OBJECTS] | solarsystem INSTANCE MJD_UTC | publish INSTANCE [ALERTS SIZE_BYTES]
///     | alerts INSTANCE SCHEMAS | ledger INSTANCE ALERTS SIZE_BYTES | ppdb INSTANCE ROWS | crosswalk [SOURCES]
///     | crosswalk-stored NEW_DIRECTORY SCHEMA [SOURCES] | swap NEW_DIRECTORY SCHEMA [VISIT_DETECTORS]
///     | piece INSTANCE
let arguments = Array(CommandLine.arguments.dropFirst())
do {
    switch arguments.first {
    case "htm": try PixelMeasurement.run()
    case "stamps": try StampMeasurement.run()
    case "alerts" where arguments.count == 3: try AlertMeasurement.run(instance: arguments[1], schemas: arguments[2])
    case "ledger" where arguments.count == 4:
        try LedgerMeasurement.run(instance: arguments[1], alerts: Int(arguments[2]) ?? 40_000, sizeBytes: Int(arguments[3]) ?? 82_000)
    case "parquet" where arguments.count == 2: try ParquetMeasurement.run(path: arguments[1])
    case "avro" where arguments.count == 2: try AvroMeasurement.run(path: arguments[1])
    case "copy" where arguments.count == 3: try CopyMeasurement.run(instance: arguments[1], workload: arguments[2])
    case "cycle" where arguments.count == 5:
        try CycleMeasurement.run(
            instance: arguments[1], workload: arguments[2], depths: arguments[3].split(separator: ",").compactMap { Int($0) },
            perDepth: Int(arguments[4]) ?? 3)
    case "solarsystem" where arguments.count == 3:
        try SolarSystemMeasurement.run(instance: arguments[1], mjdUtc: Double(arguments[2]) ?? .nan)
    case "associate" where arguments.count == 1: AssociationMeasurement.run()
    case "associate" where arguments.count == 3: try AssociationMeasurement.run(sources: arguments[1], objects: arguments[2])
    case "publish" where arguments.count == 2: try PublicationMeasurement.run(instance: arguments[1])
    case "publish" where arguments.count == 4:
        try PublicationMeasurement.run(instance: arguments[1], alerts: Int(arguments[2]) ?? 10_000, sizeBytes: Int(arguments[3]) ?? 20_000)
    case "ppdb" where arguments.count == 3: try PpdbMeasurement.run(instance: arguments[1], rows: Int(arguments[2]) ?? 500_000)
    case "piece" where arguments.count == 2: try PieceMeasurement.run(directory: arguments[1])
    case "swap" where (3...4).contains(arguments.count):
        try SwapMeasurement.run(
            directory: arguments[1], schema: arguments[2], visitDetectors: arguments.count == 4 ? Int(arguments[3]) ?? 1_000_000 : 1_000_000
        )
    case "crosswalk" where arguments.count <= 2:
        try CrosswalkMeasurement.run(sources: arguments.count == 2 ? Int(arguments[1]) ?? 10_000_000 : 10_000_000)
    case "crosswalk-stored" where arguments.count == 3:
        try StoredCrosswalkMeasurement.run(directory: arguments[1], schema: arguments[2], sources: 10_000_000)
    case "crosswalk-stored" where arguments.count == 4:
        try StoredCrosswalkMeasurement.run(directory: arguments[1], schema: arguments[2], sources: Int(arguments[3]) ?? 10_000_000)
    default:
        FileHandle.standardError.write(
            Data(
                """
                usage: skyledger-bench htm | stamps | parquet FILE | avro CONTAINER | copy INSTANCE DIR | cycle INSTANCE DIR DEPTHS PER_DEPTH
                    | associate [SOURCES OBJECTS] | solarsystem INSTANCE MJD_UTC
                    | publish INSTANCE [ALERTS SIZE_BYTES] | alerts INSTANCE SCHEMAS | ledger INSTANCE ALERTS SIZE_BYTES
                    | ppdb INSTANCE ROWS | crosswalk [SOURCES]
                    | crosswalk-stored NEW_DIRECTORY SCHEMA [SOURCES]
                    | swap NEW_DIRECTORY SCHEMA [VISIT_DETECTORS] | piece INSTANCE

                """.utf8))
        exit(2)
    }
} catch {
    FileHandle.standardError.write(Data("skyledger-bench: \(error)\n".utf8))
    exit(1)
}
