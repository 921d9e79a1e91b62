import Columns

/// The columns being made: a row an object, NaN where a statistic does not exist, only the columns that were asked for.
struct SummaryColumns {
    static let positionNames = ["ra", "dec", "raErr", "decErr", "ra_dec_Cov", "summaryStartMjdTai"]

    let objectCount: Int
    private let wanted: [Bool]
    private var positions: [[Double]]
    private let slots: [Int]
    /// Columns end to end: row i of the column in slot k is `k * objectCount + i`.
    private var floats: [Float]
    private var counts: [Int32]

    init(objectCount: Int, names: Set<String>) {
        self.objectCount = objectCount
        wanted = Self.positionNames.map(names.contains)
        positions = wanted.map { $0 ? [Double](repeating: .nan, count: objectCount) : [] }
        var slots: [Int] = []
        var (floatCount, countCount) = (0, 0)
        for band in BandStatistic.bands.indices {
            for statistic in BandStatistic.allCases {
                guard names.contains(statistic.columnName(band: band)) else {
                    slots.append(-1)
                    continue
                }
                slots.append(statistic == .psfFluxNdata ? countCount : floatCount)
                if statistic == .psfFluxNdata { countCount += 1 } else { floatCount += 1 }
            }
        }
        self.slots = slots
        floats = [Float](repeating: .nan, count: objectCount * floatCount)
        counts = [Int32](repeating: 0, count: objectCount * countCount)
    }

    /// Whether a column of the position is asked for, the start of the window aside.
    var wantsPosition: Bool { wanted.prefix(5).contains(true) }

    func wants(_ statistic: BandStatistic, band: Int) -> Bool { slots[Self.index(statistic, band)] >= 0 }

    mutating func set(_ position: MeanPosition.Result, object: Int) {
        let values = [position.ra, position.dec, position.raErr, position.decErr, position.raDecCov]
        for (column, value) in values.enumerated() where wanted[column] { positions[column][object] = value }
    }

    mutating func set(start: Double, object: Int) {
        if wanted[5] { positions[5][object] = start }
    }

    mutating func set(_ statistic: BandStatistic, band: Int, object: Int, _ value: Double) {
        let slot = slots[Self.index(statistic, band)]
        if slot >= 0 { floats[slot * objectCount + object] = Float(value) }
    }

    mutating func set(count: Int, band: Int, object: Int) {
        let slot = slots[Self.index(.psfFluxNdata, band)]
        if slot >= 0 { counts[slot * objectCount + object] = Int32(count) }
    }

    /// The table, in the order of `Summaries.columnNames`.
    func table() -> Table {
        var columns: [Column] = []
        for (i, name) in Self.positionNames.enumerated() where wanted[i] {
            if name.hasSuffix("Err") || name.hasSuffix("Cov") {
                columns.append(Self.column(name, positions[i].map { Float($0) }, unit: name == "ra_dec_Cov" ? "deg**2" : "deg"))
            } else {
                let (values, validity) = Self.withNulls(positions[i])
                columns.append(Column(name, .double(values), validity: validity, unit: name == "summaryStartMjdTai" ? "d" : "deg"))
            }
        }
        for band in BandStatistic.bands.indices {
            for statistic in BandStatistic.allCases where wants(statistic, band: band) {
                let (name, slot) = (statistic.columnName(band: band), slots[Self.index(statistic, band)])
                let rows = slot * objectCount..<(slot + 1) * objectCount
                columns.append(
                    statistic == .psfFluxNdata
                        ? Column(name, .int32(Array(counts[rows]))) : Self.column(name, Array(floats[rows]), unit: statistic.unit))
            }
        }
        return Table(columns)
    }

    private static func index(_ statistic: BandStatistic, _ band: Int) -> Int { band * BandStatistic.count + statistic.rawValue }

    private static func column(_ name: String, _ values: [Float], unit: String?) -> Column {
        let (values, validity) = withNulls(values)
        return Column(name, .float(values), validity: validity, unit: unit)
    }

    /// Null where a value is no finite number: it does not exist, or a float cannot hold it.
    private static func withNulls<Value: BinaryFloatingPoint>(_ values: [Value]) -> ([Value], Validity?) {
        var values = values
        var bits = [UInt8](repeating: 0, count: (values.count + 7) / 8)
        var nulls = 0
        for row in values.indices {
            if values[row].isFinite {
                bits[row >> 3] |= 1 << UInt8(row & 7)
            } else {
                values[row] = 0
                nulls += 1
            }
        }
        return (values, nulls == 0 ? nil : Validity(bits: bits, count: values.count))
    }
}
