/// A DiaSource that was matched to an object of the solar system, with what was predicted for it: what a row of SSSource is made of.
public struct MatchedSource: Sendable, Equatable {
    public var diaSourceId: Int64
    public var ssObjectId: Int64
    /// The object's primary designation, unpacked; nil where it has none.
    public var designation: String?
    /// Where the source was seen, ICRS degrees.
    public var ra: Double
    public var dec: Double
    /// Where the object was predicted at the source's time.
    public var prediction: Prediction
    /// The orbit's absolute magnitude and slope; nil where unknown. Without a slope 0.15 is taken, without a magnitude none is predicted.
    public var h: Double?
    public var g: Double?
    /// The place of the source among all sources by their distance from the prediction: 1 is the nearest; nil where nobody counted.
    public var distanceRank: Int?

    public init(
        diaSourceId: Int64, ssObjectId: Int64, designation: String?, ra: Double, dec: Double, prediction: Prediction, h: Double? = nil,
        g: Double? = nil, distanceRank: Int? = nil
    ) {
        self.diaSourceId = diaSourceId
        self.ssObjectId = ssObjectId
        self.designation = designation
        self.ra = ra
        self.dec = dec
        self.prediction = prediction
        self.h = h
        self.g = g
        self.distanceRank = distanceRank
    }
}
