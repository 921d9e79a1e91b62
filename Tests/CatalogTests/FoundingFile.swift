import Catalog
import Columns
import Foundation

/// A DiaSource of a test's own making; what is nil is null in the file.
struct MadeSource {
    var id: Int64
    /// Degrees.
    var ra: Double
    var dec = -30.0
    var visit: Int64 = 1
    var midpointMjdTai = 61000.0
    var reliability: Float? = 0.9
    var snr: Float? = 10
    /// Arcseconds.
    var trailLength: Float? = 0
    var flag: String?

    /// Writes sources as a Parquet file of one detector.
    /// - Returns: its path.
    static func write(_ sources: [MadeSource], flags: [String] = []) throws -> String {
        func optional(_ name: String, _ values: [Float?]) -> Column {
            Column(name, .float(values.map { $0 ?? 0 }), validity: Validity(values.lazy.map { $0 != nil }))
        }
        let n = sources.count
        let table = Table(
            [
                Column("diaSourceId", .int64(sources.map(\.id))), Column("visit", .int64(sources.map(\.visit))),
                Column("detector", .int16(.init(repeating: 1, count: n))),
                Column("band", .string(.init([String](repeating: "r", count: n)))),
                Column("midpointMjdTai", .double(sources.map(\.midpointMjdTai))), Column("ra", .double(sources.map(\.ra))),
                Column("dec", .double(sources.map(\.dec))), Column("x", .float(.init(repeating: 1, count: n))),
                Column("y", .float(.init(repeating: 1, count: n))), Column("exposureTime", .float(.init(repeating: 30, count: n))),
                optional("reliability", sources.map(\.reliability)), optional("snr", sources.map(\.snr)),
                optional("trailLength", sources.map(\.trailLength)),
            ] + flags.map { name in Column(name, .bool(sources.map { $0.flag == name })) })
        let path = "/tmp/skyledger-made-\(UInt32.random(in: 0 ... .max)).parquet"
        try ParquetWriter.write(table, to: path)
        return path
    }
}

extension TestInstance {
    /// Puts a configuration into force.
    func configure(_ change: (inout Configuration) -> Void) throws {
        var configuration = Configuration()
        change(&configuration)
        _ = try ConfigurationRecord.put(configuration, cause: "test", on: connection(.owner))
    }

    /// For each stored source its disposition and its object.
    func dispositions() throws -> [Int64: (disposition: String, object: Int64?)] {
        let rows = try connection().query("SELECT \"diaSourceId\", \"disposition\", \"diaObjectId\" FROM \"DiaSource\"")
        guard let id = rows["diaSourceId"]?.int64s, let object = rows["diaObjectId"], let text = rows["disposition"]?.strings else {
            return [:]
        }
        return Dictionary(
            uniqueKeysWithValues: id.indices.map { (id[$0], (text[$0], object.isNull($0) ? nil : object.int64s?[$0])) })
    }
}
