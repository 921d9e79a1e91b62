/// How the columns of one kind of file become the columns of a table. Read from YAML (`TranslationMap(yaml:file:)`); see maps/README.md.
public struct TranslationMap: Sendable, Equatable {
    /// The file that the map was read from, for messages.
    public var file: String
    /// The table that the map is for; nil for any.
    public var table: String?
    /// The rule of each target column that has one.
    public var columns: [String: Rule]
    /// Booleans from the bits of one word; nil where there are none.
    public var flagMap: FlagMap?
    /// Whether target columns without a rule are taken by name (the default).
    public var matchesByName: Bool

    public init(file: String, table: String? = nil, columns: [String: Rule], flagMap: FlagMap? = nil, matchesByName: Bool = true) {
        self.file = file
        self.table = table
        self.columns = columns
        self.flagMap = flagMap
        self.matchesByName = matchesByName
    }

    /// Names of boolean columns and their bits (0 is the least significant) in an integer column.
    public struct FlagMap: Sendable, Equatable {
        public var word: String
        public var bits: [String: Int]

        public init(word: String, bits: [String: Int]) {
            self.word = word
            self.bits = bits
        }
    }

    /// How one target column is made. The steps apply in the order of the properties.
    public struct Rule: Sendable, Equatable {
        /// Nil: the column of the target's own name, or of an older name of it.
        public var source: Source?
        /// Values that stand for null.
        public var nullValues: [DefaultValue] = []
        /// Values as text, and what they become.
        public var values: [String: String]?
        /// Integer division and then remainder, both rounding towards minus infinity.
        public var quotient: Int64?
        public var remainder: Int64?
        /// The times that the values are; they become MJD TAI.
        public var time: TimeForm?
        /// The factor of a unit conversion, of a zero point and of `scale`, multiplied.
        public var factor: Double = 1
        public var offset: Double = 0
        /// The value of rows that are null, and of every row where the file lacks the column.
        public var defaultValue: DefaultValue?
        /// Whether the file must have the column.
        public var isRequired = false

        public init(_ source: Source? = nil) { self.source = source }
    }

    public enum Source: Sendable, Equatable {
        case column(String)
        case constant(DefaultValue)
        case bit(word: String, bit: Int)
        /// AB magnitudes to nJy. `sign` names a column and the values of it (as text) for which the flux is negative.
        case flux(magnitude: String, sign: Sign?)
        /// The error of such a flux: flux * ln(10) / 2.5 * magnitude error.
        case fluxError(magnitude: String, error: String)
    }

    public struct Sign: Sendable, Equatable {
        public var column: String
        public var negative: [String]
    }

    /// The forms of time that become MJD TAI.
    public enum TimeForm: String, Sendable, CaseIterable {
        /// Julian Dates, UTC or TAI.
        case jdUtc = "jd_utc"
        case jdTai = "jd_tai"
        case mjdUtc = "mjd_utc"
        case mjdTai = "mjd_tai"
        /// Seconds since 1970-01-01T00:00:00 UTC.
        case unix
        /// Timestamps, whose clock reads UTC or TAI.
        case timestampUtc = "timestamp_utc"
        case timestampTai = "timestamp_tai"
    }
}
