/// The 30-day partitions of time that Level-1 tables are kept in, numbered from MJD 0 (TAI).
public struct TimePartition: Sendable, Hashable, Comparable {
    /// Days in a partition; frozen at `init`.
    public static let lengthDays = 30.0

    public var number: Int

    public init(number: Int) { self.number = number }

    /// The partition that holds a time.
    public init(mjdTai: Double) { number = Int((mjdTai / Self.lengthDays).rounded(.down)) }

    public var lowerMjdTai: Double { Double(number) * Self.lengthDays }
    public var upperMjdTai: Double { Double(number + 1) * Self.lengthDays }

    /// The name of a table's partition, for example DiaSource_1945.
    public func name(of table: String) -> String { "\(table)_\(number)" }

    public static func < (a: Self, b: Self) -> Bool { a.number < b.number }
}
