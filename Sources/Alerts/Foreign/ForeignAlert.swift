/// What a packet from anywhere says of its alert, by the names that LSST and ZTF have for it.
///
/// Number: `alertId`, `candid` or `diaSourceId`. Position, degrees: `candidate.ra/dec`, `diaSource.ra/dec`, or `ra/dec` themselves.
/// LSST's 0 for an identifier that is not set is none.
public struct ForeignAlert: Sendable, Equatable {
    public var alertId: Int64
    public var diaSourceId: Int64?
    public var diaObjectId: Int64?
    public var ssObjectId: Int64?
    public var ra: Double
    public var dec: Double

    struct Fault: Error { let reason: String }

    /// - Throws: `ForeignAlert.Fault` with what is missing.
    init(_ value: AvroValue) throws {
        func number(_ names: String...) -> Int64? {
            names.lazy.compactMap { name in Self.find(name, value)?.integer }.first { $0 != 0 }
        }
        diaSourceId = number("diaSourceId", "diaSource.diaSourceId")
        diaObjectId = number("diaSource.diaObjectId", "diaObject.diaObjectId", "diaObjectId")
        ssObjectId = number("diaSource.ssObjectId", "ssSource.ssObjectId", "ssObjectId")
        guard let alertId = number("alertId", "candid", "diaSourceId", "diaSource.diaSourceId") else {
            throw Fault(reason: "it has no number in a field alertId, candid or diaSourceId")
        }
        self.alertId = alertId
        let places = ["candidate.", "diaSource.", ""]
        let positions = places.lazy.compactMap { place -> (Double, Double)? in
            guard let ra = Self.find(place + "ra", value)?.real, let dec = Self.find(place + "dec", value)?.real else { return nil }
            return (ra, dec)
        }
        guard let position = positions.first else { throw Fault(reason: "it has no position in candidate.ra/dec or diaSource.ra/dec") }
        (ra, dec) = position
        guard ra >= 0, ra < 360, dec >= -90, dec <= 90 else { throw Fault(reason: "its position (\(ra), \(dec)) is none on the sky") }
    }

    private static func find(_ path: String, _ value: AvroValue) -> AvroValue? {
        path.split(separator: ".").reduce(value as AvroValue?) { $0?[String($1)] }
    }
}
