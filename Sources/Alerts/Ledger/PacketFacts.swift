import Schema

/// What a decoded packet says of its detection, by the names that LSST and ZTF have for it.
public struct PacketFacts: Sendable {
    private let packet: AvroValue

    public init(_ packet: AvroValue) { self.packet = packet }

    /// Middle of the exposure, MJD TAI: LSST's `diaSource.midpointMjdTai` (`midPointTai` before schema 6), ZTF's `candidate.jd`, which is UTC.
    public var midpointMjdTai: Double? {
        let source = packet["diaSource"]
        if let time = source?["midpointMjdTai"]?.real ?? source?["midPointTai"]?.real { return time }
        return packet["candidate"]?["jd"]?.real.map { ModifiedJulianDate.tai(utc: $0 - ModifiedJulianDate.julianDateOffset) }
    }

    public var band: String? {
        if let band = packet["diaSource"]?["band"]?.text { return band }
        let filters = [1: "g", 2: "r", 3: "i"] as [Int64: String]
        return packet["candidate"]?["fid"]?.integer.flatMap { filters[$0] }
    }

    /// Brightness with its unit and band, for eyes.
    public var brightness: String? {
        let suffix = band.map { " in \($0)" } ?? ""
        if let flux = packet["diaSource"]?["psfFlux"]?.real { return "\(flux) nJy" + suffix }
        return packet["candidate"]?["magpsf"]?.real.map { "\($0) mag" + suffix }
    }

    /// The packet's lists and how many rows each has; nil for those that are absent.
    public var histories: [(name: String, count: Int?)] {
        guard case .record(let fields) = packet.unwrapped else { return [] }
        return zip(fields.names, fields.values).compactMap { name, value in
            if let items = value.items { return (name, items.count) }
            return name.hasPrefix("prv") && value.isNull ? (name, nil) : nil
        }
    }
}
