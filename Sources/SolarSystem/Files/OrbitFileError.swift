/// What is wrong in a file of orbits, and where.
public struct OrbitFileError: Error, Equatable, CustomStringConvertible {
    public var path: String
    /// Line of a text file, record of a JSON file or row of a table, from 1; nil where the file as a whole is meant.
    public var line: Int?
    /// "line", "record" or "row".
    public var unit: String
    public var reason: String

    public var description: String { line.map { "\(path), \(unit) \($0): \(reason)" } ?? "\(path): \(reason)" }
}

/// Why one row cannot be taken; readers add the place.
struct OrbitRowError: Error {
    var reason: String

    init(_ reason: String) { self.reason = reason }
}
