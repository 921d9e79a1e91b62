/// What the crosswalk says of the sources of two generations: how many have no partner, and how far partners are from each other.
public struct SourceComparison: Sendable, Equatable, Codable {
    /// Sources of one band, and the offsets of its pairs: new less old.
    public struct Band: Sendable, Equatable, Codable {
        public var band: String
        public var old: Int64 = 0
        public var oldUnmatched: Int64 = 0
        public var new: Int64 = 0
        public var newUnmatched: Int64 = 0
        public var pairs: Int64 = 0
        public var medianArcsec: Double?
        /// Offsets along right ascension are angles on the sky.
        public var medianRaArcsec: Double?
        public var medianDecArcsec: Double?
        public var scatterRaArcsec: Double?
        public var scatterDecArcsec: Double?
        /// Pairs whose fluxes have one sign and a ratio from 0.001 to 1000.
        public var fluxPairs: Int64 = 0
        public var medianFluxRatio: Double?
        public var scatterFluxRatio: Double?
        /// Pairs by separation, a bin of `separationBinArcsec` each, from 0 on.
        public var separations: [Int64] = []

        public var oldUnmatchedFraction: Double { old == 0 ? 0 : Double(oldUnmatched) / Double(old) }
        public var newUnmatchedFraction: Double { new == 0 ? 0 : Double(newUnmatched) / Double(new) }
    }

    /// A cell of the sky, or half a magnitude in a band.
    public struct Bin: Sendable, Equatable, Codable {
        public var band: String?
        /// Middle of the bin; degrees.
        public var ra: Double?
        public var dec: Double?
        /// AB, of the absolute flux in nanojansky.
        public var magnitude: Double?
        public var old: Int64 = 0
        public var oldUnmatched: Int64 = 0
        public var new: Int64 = 0
        public var newUnmatched: Int64 = 0
    }

    /// Of offsets, arcseconds.
    static let arcsecStep = 0.0005
    /// Of the natural logarithm of the ratio of fluxes.
    static let ratioStep = 0.0002
    static let separationBinArcsec = 0.01

    public var crosswalk: Int
    /// 30-day partitions compared: those that both generations have.
    public var months: [Int64]
    /// Side of a cell of the sky.
    public var cellDegrees: Double
    public var bands: [Band] = []
    public var cells: [Bin] = []
    public var magnitudes: [Bin] = []

    /// The side of cells that cut so many square degrees into about a thousand, rounded to 1, 2 or 5 times a power of ten, degrees.
    static func cellDegrees(squares: Int64) -> Double {
        let exact = (Double(max(squares, 1)) / 1000).squareRoot()
        let steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
        return steps.first { $0 >= exact } ?? 10
    }
}
