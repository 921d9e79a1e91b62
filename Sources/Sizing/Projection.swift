/// What an instance will take: by component, at one or several times, each number with what it comes from.
public struct Projection: Codable, Sendable, Equatable {
    /// Bytes that cannot be known better than within bounds.
    public struct Range: Codable, Sendable, Equatable {
        public var low: Double
        public var expected: Double
        public var high: Double

        public init(low: Double, expected: Double, high: Double) {
            self.low = min(low, expected)
            self.expected = expected
            self.high = max(high, expected)
        }

        public init(_ value: Double) { self.init(low: value, expected: value, high: value) }

        static func + (a: Range, b: Range) -> Range { Range(low: a.low + b.low, expected: a.expected + b.expected, high: a.high + b.high) }
        static func * (a: Range, b: Range) -> Range { Range(low: a.low * b.low, expected: a.expected * b.expected, high: a.high * b.high) }
        static func * (a: Range, b: Double) -> Range { Range(low: a.low * b, expected: a.expected * b, high: a.high * b) }
    }

    public enum Origin: String, Codable, Sendable {
        /// Measured in this instance.
        case measured
        /// From this instance's bytes a row.
        case projectedFromMeasured
        /// From bytes a row that ship with the program.
        case projectedFromTypical
        /// From what the model says alone.
        case projectedFromModel
    }

    /// Where a component lies.
    public enum Place: String, Codable, Sendable { case apdb, ledger, ppdb, files }

    /// One part of what is stored: a table, its indexes, the packets of alerts, images.
    public struct Component: Codable, Sendable, Equatable {
        public var component: String
        public var place: Place
        /// Rows or files; expected.
        public var rows: Double
        public var bytes: Range
        /// The part of the expected bytes that indexes take.
        public var indexBytes: Double
        public var origin: Origin
        /// What it is computed from, in words.
        public var basis: String

        public init(
            _ component: String, _ place: Place, rows: Double, bytes: Range, indexBytes: Double = 0, origin: Origin, basis: String
        ) {
            self.component = component
            self.place = place
            self.rows = rows
            self.bytes = bytes
            self.indexBytes = indexBytes
            self.origin = origin
            self.basis = basis
        }
    }

    public struct Moment: Codable, Sendable, Equatable {
        /// "year 3", "visit 900".
        public var time: String
        public var visits: Double
        public var components: [Component]

        public init(time: String, visits: Double, components: [Component]) {
            self.time = time
            self.visits = visits
            self.components = components
        }

        /// Of all components, wherever they lie.
        public var bytes: Range { components.reduce(Range(0)) { $0 + $1.bytes } }
        public subscript(component: String) -> Component? { components.first { $0.component == component } }
    }

    /// The model's name, or "measured".
    public var model: String
    /// What bounds and policies hold, in words: what the range is made of, how long what is kept.
    public var policy: String
    public var rangeIsMadeOf: String
    public var moments: [Moment]

    public init(model: String, policy: String, rangeIsMadeOf: String, moments: [Moment]) {
        self.model = model
        self.policy = policy
        self.rangeIsMadeOf = rangeIsMadeOf
        self.moments = moments
    }
}
